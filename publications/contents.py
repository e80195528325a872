"""Where an article's page leads: the table of contents, in its order, and the page of each diagnosis."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from content.schema import Content, Tier
from publications.finding.words import lasting_slug


class Place(NamedTuple):
    """One line: the element's id, its words, and for a tier its value and its number of diagnoses."""

    anchor: str
    label: str
    tier: str = ""
    number: int | None = None


class DiagnosisLink(NamedTuple):
    """A diagnosis by its key in the article, and the page of all articles that name it."""

    key: str
    name: str
    url: str


def diagnosis_links(content: Content) -> list[DiagnosisLink]:
    """Every diagnosis with its own page, in reading order."""
    return [
        DiagnosisLink(each.key, each.name, reverse("publications:diagnosis", args=(lasting_slug(each.name),)))
        for tier in Tier
        for each in content.diagnoses
        if each.tier is tier and each.name
    ]


def contents(content: Content) -> list[Place]:
    """The places of the stored part, between the red flags and the references."""
    return list(_places(content))


def _places(content: Content) -> Iterator[Place]:
    if content.presentation.clinician or content.presentation.patient:
        yield Place("about_symptom", "About this symptom")
    yield Place("at_a_glance", "At a glance")
    for tier in Tier:
        yield Place(f"tier_{tier}", tier.label, tier.value, _count(content, tier))
    if content.questions:
        yield Place("reader_questions", "Readers’ questions")
    if any(each.term and each.meaning for each in content.terms):
        yield Place("terms_list", "Terms explained")
    yield Place("references_list", "References")


def _count(content: Content, tier: Tier) -> int:
    """What must not be missed counts there, too, when it stands in another tier."""
    return sum(
        each.tier is tier or (tier is Tier.DO_NOT_MISS and each.must_not_be_missed) for each in content.diagnoses
    )
