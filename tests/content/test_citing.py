"""Identifiers of sources in the spellings that people paste."""

import time

import pytest

from content.citing import Identifier, Kind, Unrecognised, identifiers, recognise
from content.schema import Reference

SPELLINGS = [
    ("10.1000/182", Kind.DOI, "10.1000/182"),
    ("doi:10.1000/182", Kind.DOI, "10.1000/182"),
    ("DOI: 10.1000/ABC(1)2", Kind.DOI, "10.1000/ABC(1)2"),
    ("https://doi.org/10.1016/s0140-6736%2801%2905627-6", Kind.DOI, "10.1016/s0140-6736(01)05627-6"),
    ("http://dx.doi.org/10.1000/182?from=feed", Kind.DOI, "10.1000/182"),
    ("doi.org/10.1000/182.", Kind.DOI, "10.1000/182"),
    ("(doi:10.1000/182)", Kind.DOI, "10.1000/182"),
    ("12345678", Kind.PMID, "12345678"),
    ("PMID 123", Kind.PMID, "123"),
    ("pmid:00123.", Kind.PMID, "123"),
    ("https://pubmed.ncbi.nlm.nih.gov/12345678/", Kind.PMID, "12345678"),
    ("https://pubmed.ncbi.nlm.nih.gov/12345678/?format=pubmed", Kind.PMID, "12345678"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/123", Kind.PMID, "123"),
    ("PMC1234567", Kind.PMCID, "PMC1234567"),
    ("PMCID: PMC1234567.2", Kind.PMCID, "PMC1234567"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/", Kind.PMCID, "PMC1234567"),
    ("https://europepmc.org/article/PMC/PMC1234567", Kind.PMCID, "PMC1234567"),
    ("ISBN 978-0-306-40615-7", Kind.ISBN, "9780306406157"),
    ("0-306-40615-2", Kind.ISBN, "9780306406157"),
    ("ISBN-10: 080442957X", Kind.ISBN, "9780804429573"),
    ("ISSN 2049-3630", Kind.ISSN, "2049-3630"),
    ("2434-561x", Kind.ISSN, "2434-561X"),
    ("https://medlineplus.gov/hiccups.html", Kind.URL, "https://medlineplus.gov/hiccups.html"),
    ("<www.example.org/a_(b)>", Kind.URL, "https://www.example.org/a_(b)"),
    ("https://example.org/é", Kind.URL, "https://example.org/%C3%A9"),
    ("  https://www.ncbi.nlm.nih.gov/books/NBK1/ ", Kind.URL, "https://www.ncbi.nlm.nih.gov/books/NBK1/"),
]
REFUSED = [
    ("", "Type a DOI"),
    ("   ", "Type a DOI"),
    ("Hiccups. Example Institute, 2024.", "This is no DOI"),
    ("10.1000", "This is no DOI"),
    ("doi: 10.12/x y", "This is no DOI"),
    ("PMID 0", "A PMID is a number"),
    ("PMID 1234567890", "A PMID is a number"),
    ("ISBN 978-0-306-40615-8", "check digit"),
    ("0-306-40615-3", "check digit"),
    ("ISBN 12", "An ISBN has 13 digits"),
    ("ISSN 2049-3631", "check digit"),
    ("javascript:alert(1)", "This is no DOI"),
    ("ftp://example.org/x", "This is no DOI"),
    ("https://[::1", "not written properly"),
    ("https://exa mple.org", "This is no DOI"),
    ("\x00\u202e", "Type a DOI"),
    ("1" * 3_000, "too long"),
]


@pytest.mark.parametrize(("typed", "kind", "value"), SPELLINGS)
def test_usual_spelling_is_recognised(typed: str, kind: Kind, value: str) -> None:
    found = recognise(typed)
    assert found == Identifier(kind, value)
    reference = Reference(key="r", **found.fields)
    assert found.key in [one.key for one in identifiers(reference)]
    assert recognise(value).key == found.key


@pytest.mark.parametrize(("typed", "reason"), REFUSED)
def test_anything_else_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(Unrecognised, match=reason):
        recognise(typed)


def test_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for text in ("ISBN " + "1 -" * 30_000, "doi:" * 30_000, "(" * 50_000 + ")" * 50_000, "a." * 40_000 + "/"):
        with pytest.raises(Unrecognised):
            recognise(text)
    assert time.process_time() - began < 1


def test_addresses_that_differ_in_nothing_that_matters_are_one() -> None:
    same = ("https://www.Example.org/a/", "http://example.org/a", "https://example.org/a")
    assert len({recognise(each).key for each in same}) == 1
    assert recognise("https://example.org/a?b=1").key != recognise("https://example.org/a").key
