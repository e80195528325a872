"""One world that every test of the API reads: an article in two versions, one with a notice, one retracted."""

from collections.abc import Iterator
from typing import Any

import pytest

from content.schema import Content
from people.specialties import MedicalSpecialty
from reviews.notices import post
from tests.conftest import Blocker
from tests.factories import editor, make_content, make_version
from tests.harness import WorkerDatabase

RICH: dict[str, Any] = {
    "terms": [{"key": "singultus", "term": "Singultus", "meaning": "The medical word for hiccups."}],
    "questions": [
        {
            "key": "how-long",
            "question": "How long is <too> long & late?",
            "answer": "More than *two* days.\n\n- one\n- two **of** it\n\n"
            "> said [there](https://example.org/?a=1&b=2)\n\n1. x\n2. `y`",
        }
    ],
    "references": [
        {
            "key": "ninds",
            "citation": "A & B. Hiccups, 2024.",
            "doi": "10.1000/a#b",
            "pmid": "12",
            "url": "https://example.org/",
        }
    ],
}


def make_articles() -> None:
    make_version("superseded", content=rich("Hiccups at night"))
    noticed = make_version("approved", content=make_content("Cold feet"), specialty=MedicalSpecialty.CARDIOVASCULAR)
    post(
        noticed, by=editor(), kind="correction", words="Read 5 mg where it says 50 mg.", reason="A reader wrote to us."
    )
    make_version("retracted", content=make_content("Sudden sneezing"))
    make_version("submitted", content=make_content("Hidden itch", canary="zqsecretqz"))


def rich(title: str) -> Content:
    return make_content(title, **RICH)


@pytest.fixture(scope="package")
def articles(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    """Those articles, as they were made, for every test of this folder."""
    with django_db_blocker.unblock(), worker_database.kept(make_articles):
        yield
