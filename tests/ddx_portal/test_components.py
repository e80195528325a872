"""The shared tags, filters and pieces of the pages."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import timezone

import ddx_portal.urls  # noqa: F401 - every form of the rooms is known once the addresses are
from articles.states import VersionState
from ddx_portal.gallery import gallery_context
from ddx_portal.templatetags import portal
from ddx_portal.templatetags.queue import rail
from publications.finding.forms import Search
from reviews.states import AssignmentState, Response, Severity, Verdict

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "ddx_portal/static"
PLAIN_STORAGE = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def _plain_static() -> Any:
    with override_settings(STORAGES=PLAIN_STORAGE):
        yield


def shown(source: str, **context: Any) -> str:
    return Template("{% load portal %}" + source).render(Context(context)).strip()


def every(kind: Any) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from every(each)


def test_text_that_just_fits_is_taken_with_the_line_ends_of_a_browser() -> None:
    """What a browser counts as one sign is sent as two."""
    forms_of_all = (form for form in every(forms.BaseForm) if hasattr(form, "base_fields"))
    fields = {(form, name): field for form in forms_of_all for name, field in form.base_fields.items()}
    counted = {place: field for place, field in fields.items() if getattr(field, "max_length", None)}
    long = {place: field for place, field in counted.items() if isinstance(field.widget, forms.Textarea)}
    assert len(long) > 20
    for place, field in long.items():
        words = ("a\n" * field.max_length)[: field.max_length - 1].rstrip() + "b"
        words += "b" * (field.max_length - len(words))
        assert field.clean(words.replace("\n", "\r\n")).split() == words.split(), place
        with pytest.raises(forms.ValidationError):
            field.clean(f"{words}b")


class Sample(forms.Form):
    name = forms.CharField(help_text="As it stands on the page.")
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField()


def test_icon_without_a_label_is_decoration() -> None:
    assert 'aria-hidden="true"' in portal.icon("check")


def test_icon_label_is_escaped() -> None:
    assert 'role="img" aria-label="&lt;b&gt;"' in portal.icon("check", label="<b>")


@pytest.mark.parametrize("name", ["no-such-icon", "../css/base", ""])
def test_icon_unknown_name_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="no icon"):
        portal.icon(name)


def test_icon_names_in_templates_all_exist() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))
    }
    assert named
    assert [name for name in named if not (STATIC / f"icons/{name}.svg").is_file()] == []


def test_field_ties_help_and_error_to_the_control() -> None:
    html = shown("{% field form.name %}", form=Sample({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_says_what_is_optional() -> None:
    assert "(optional)" in shown("{% field form.note %}", form=Sample())
    assert "(optional)" not in shown("{% field form.name %}", form=Sample())


def test_field_group_is_a_fieldset_with_a_legend() -> None:
    html = shown("{% field form.kind %}", form=Sample())
    assert html.startswith('<fieldset class="field"')
    assert '<legend class="field-label">Kind</legend>' in html


def test_field_checkbox_has_its_label_after_it() -> None:
    html = shown("{% field form.agree %}", form=Sample())
    assert html.index("<input") < html.index("<label")


def test_field_escapes_errors() -> None:
    form = Sample({"name": "x"})
    form.add_error("name", "<script>")
    assert "<script>" not in shown("{% field form.name %}", form=form)


@pytest.mark.parametrize("state", [*VersionState, *AssignmentState, *Verdict, *Severity, *Response], ids=str)
def test_pill_knows_every_state_with_icon_and_word(state: str) -> None:
    html = shown("{% pill state %}", state=state)
    assert str(state) in portal.PILLS
    assert '<svg class="icon"' in html


def test_pill_unknown_state_is_grey_in_words() -> None:
    html = shown('{% pill "brand_new" %}')
    assert "pill-grey" in html
    assert "Brand new" in html


@pytest.mark.parametrize(
    ("state", "current", "done"),
    [
        ("draft", [], 0),
        ("submitted", ["Submitted"], 0),
        ("under_review", ["Under Review"], 1),
        ("changes_requested", ["Under Review"], 1),
        ("approved", ["Approved"], 3),
        ("superseded", ["Approved"], 3),
        ("withdrawn", [], 0),
    ],
)
def test_stepper_marks_the_step_of_a_state(state: str, current: list[str], done: int) -> None:
    html = shown("{% stepper state %}", state=state)
    marked = re.findall(r'aria-current="step">.*?step-label">([^<]+)<', html)
    assert (marked, html.count("step-done")) == (current, done)


def test_in_words() -> None:
    assert portal.in_words(date(2026, 8, 8)) == "8 Aug 2026"
    assert portal.in_words(datetime(2026, 8, 8, 23, 59, tzinfo=UTC)) == "8 Aug 2026"
    assert portal.in_words(None) == ""
    assert portal.month_in_words(date(2027, 8, 8)) == "Aug 2027"
    assert portal.moment_in_words(datetime(2026, 8, 8, 10, 42, tzinfo=UTC)) == "8 Aug 2026, 10:42 UTC"


@pytest.mark.parametrize(
    ("days", "words", "over"),
    [
        (0, "due today", False),
        (1, "due in 1 day", False),
        (3, "due in 3 days", False),
        (-1, "1 day over", True),
        (-2, "2 days over", True),
    ],
)
def test_due_in_words(days: int, words: str, over: bool) -> None:
    due = timezone.localdate() + timedelta(days=days)
    assert (portal.due_in_words(due), portal.is_over(due)) == (words, over)


def test_due_in_words_without_a_date() -> None:
    assert (portal.due_in_words(None), portal.is_over(None)) == ("no due date", False)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Dr Ada Example, MD, PhD", "AE"),
        ("Ana María de la Cruz", "AC"),
        ("Plato", "P"),
        ("李 明", "李明"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert portal.initials(name) == letters


@pytest.mark.parametrize("name", ["404", "403", "400", "500", "403_csrf"])
def test_error_pages_need_no_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "csrfmiddlewaretoken" not in html


def test_not_found_page_does_not_repeat_what_was_asked_for() -> None:
    asked = {"request_path": "/articles/canary/", "exception": "canary"}
    assert render_to_string("404.html", asked) == render_to_string("404.html")


def test_public_pages_have_no_form_token() -> None:
    for name in ("home", "search", "board"):
        html = render_to_string(f"publications/{name}.html", {"asked": Search.read({"q": "x"})})
        assert "csrf" not in html
        assert "<form" in html


@pytest.mark.parametrize("kind", ["public", "preview"])
def test_claim_of_review_and_caution_exclude_each_other(kind: str) -> None:
    html = render_to_string(
        "publications/_article_frame.html",
        {"publication": SimpleNamespace(title="T", state="current", signers=[]), "is_preview": kind == "preview"},
    )
    assert ("Reviewed by the Medical Advisory Board" in html) is (kind == "public")
    assert ("Not yet reviewed: do not rely on this" in html) is (kind == "preview")


def test_gallery_shows_everything() -> None:
    user = SimpleNamespace(display_name="Eve Editor", is_authenticated=True, is_editor=True)
    html = render_to_string("gallery.html", gallery_context() | {"user": user})
    assert "<h1>Gallery</h1>" in html


def test_templates_have_no_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(src=|application/(ld\+)?json))")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    assert [path.name for path in pages if inline.search(path.read_text("utf-8"))] == []


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for path in (STATIC / "css").glob("*.css"):
        assert not re.search(r"@import|url\(|https?:", path.read_text("utf-8")), path.name


def test_every_style_sheet_belongs_to_a_layer() -> None:
    for path in (STATIC / "css").glob("*.css"):
        bare = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert all(
            line.startswith(("@layer", "}")) for line in bare.splitlines() if line and not line.startswith(" ")
        ), path.name


def test_fixed_is_rendered_once_and_without_anybodys_data() -> None:
    template = Template("{% load portal %}{% fixed %}<p>{{ name }}</p>{% icon 'check' %}{% endfixed %}{{ name }}")
    first, second = (template.render(Context({"name": name})) for name in ("Ada", "Ben"))
    assert first.startswith("<p></p><svg")
    assert first.removesuffix("Ada") == second.removesuffix("Ben")


def test_rail_escapes_what_people_typed() -> None:
    views = [{"label": "<b>", "url": "/?q=<b>", "count": "0", "is_current": True, "icon": "save", "is_empty": True}]
    html = rail("<b>", views)
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 4
    assert 'aria-current="page"' in html
    assert '<span class="count count-none">0</span>' in html
    assert "count" not in rail("Views", [{"label": "All", "url": "/", "count": None}])
