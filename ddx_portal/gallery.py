"""The gallery: every shared piece of the pages in every state, for those who build and those who check."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from content.schema import Content, Tier
from ddx_portal.templatetags.portal import PILLS
from people.permissions import is_signed_in
from people.policy import SignedInRequest, policy
from publications.render import shown_diagnoses
from reviews.desk_rows import Asked, Flag, Row

DEMONSTRATION: dict[str, Any] = {
    "title": "Hiccups that will not stop",
    "diagnoses": [
        {
            "key": "gastric-distension",
            "tier": "rare",
            "also_do_not_miss": True,
            "name": "Gastric distension (demonstration)",
            "plain_name": "a stretched stomach",
            "codes": ["R06.6"],
            "references": ["example"],
            "clinician": {
                "rationale": "An *invented* text that shows how a diagnosis is set.",
                "red_flags": ["Vomiting blood"],
                "distinguishing_signs": ["Onset after a large meal", "Relief on belching"],
            },
        }
    ],
    "references": [{"key": "example", "citation": "An invented reference."}],
}


class SampleForm(forms.Form):
    """One field of each kind; bound to nothing, it shows every error."""

    title = forms.CharField(help_text="The symptom in a reader’s words.")
    note = forms.CharField(widget=forms.Textarea, required=False, label="What changed")
    specialty = forms.ChoiceField(choices=[("", "Choose one"), ("n", "Neurology"), ("g", "Gastroenterology")])
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Review by")
    file = forms.FileField(required=False, help_text="Text, Markdown or .docx, at most 2 MB.", label="Or a file")
    made_how = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("human", "Written by a person"), ("ai", "Drafted with AI, then edited by a person")],
    )
    notify = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("e", "The editors"), ("b", "The board")], required=False
    )
    agree = forms.BooleanField(label="I have no conflict of interest with this article or its author")


@policy(is_signed_in)
def gallery(request: SignedInRequest) -> HttpResponse:
    """Show all components; nothing here reads or writes data."""
    return render(request, "gallery.html", gallery_context())


def gallery_context() -> dict[str, Any]:
    """Everything the gallery shows, made up on the spot."""
    today = timezone.localdate()
    return {
        "section": "gallery",
        "states": list(PILLS),
        "tiers": [tier.value for tier in Tier],
        "form": SampleForm(),
        "bad_form": SampleForm({"title": ""}, prefix="bad"),
        "diagnosis": shown_diagnoses(Content.model_validate(DEMONSTRATION))[0],
        "views": _views(),
        "rows": _rows(today),
        "findings": _findings(),
        "events": _events(),
        "steps_on": timezone.now(),
    }


def _views() -> list[dict[str, Any]]:
    return [
        {"label": "My turn", "url": "#", "count": 3, "is_current": True, "icon": "inbox"},
        {"label": "Under review", "url": "#", "count": 12, "icon": "eye"},
        {"label": "Approved", "url": "#", "count": 140, "icon": "circle-check"},
    ]


def _rows(today: date) -> list[Row]:
    reviewers = [Asked("Dr Ada Example", answered=True), Asked("Dr Ben Sample", answered=False)]
    flags = [
        Flag("red", "chevron-up", "Urgent"),
        Flag("red", "octagon-alert", "2 must-fix open"),
        Flag("label", "hash", "stomach"),
    ]
    waiting = ["Waiting for 1 of 2 reviewers", "version 2"]
    late, soon = today - timedelta(days=2), today + timedelta(days=3)
    return [
        Row("#", "Hiccups that will not stop", "under_review", late, waiting, reviewers, flags, 1, "#"),
        Row("#", "Dizziness on standing up", "submitted", soon, ["The editors’ turn", "version 1"], [], [], 2, "#"),
        Row("#", "Untitled article", "draft", None, ["Your turn", "version 1"], [], [], 0, "#"),
    ]


def _findings() -> list[dict[str, Any]]:
    common = {"by": "Dr Ada Example", "at": timezone.now()}
    return [
        common
        | {"number": 1, "severity": "must_fix", "place": "Gastric distension"}
        | {"body": "This needs a source, or a softer word.", "response": "fixed", "answer": "Reference 1 added."},
        common | {"number": 2, "severity": "should", "place": "The whole article", "body": "Shorten the first text."},
        common | {"number": 3, "severity": "optional", "body": "Consider “belching”.", "is_closed": True},
    ]


def _events() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"sentence": "Dr Ada Example approved version 2", "at": now, "icon": "circle-check", "tone": "good"},
        {"sentence": "Dr Ben Sample asked for changes: 2 must-fix", "at": now - timedelta(days=1)}
        | {"icon": "message-square", "tone": "bad", "note": "The source of the second figure is missing."},
        {
            "sentence": "Chris Placeholder submitted version 2",
            "at": now - timedelta(days=3),
            "icon": "send",
            "url": "#",
        },
    ]
