"""Reading public pages in tests: as parsed HTML, and counting what they ask of the databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup, Tag
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext


@contextmanager
def queries(*, public: int, default: int = 0) -> Iterator[None]:
    """Hold the block to exactly so many queries on each login."""
    with (
        CaptureQueriesContext(connections["public"]) as read,
        CaptureQueriesContext(connections["default"]) as other,
    ):
        yield
    assert (len(read), len(other)) == (public, default), [*read.captured_queries, *other.captured_queries]


def soup(client: Client, path: str) -> BeautifulSoup:
    """The page at that address, which must be there."""
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return BeautifulSoup(response.content, "lxml")


def one(part: Tag, selector: str) -> Tag:
    """The first element that the selector finds; there must be one."""
    found = part.select_one(selector)
    assert found is not None, selector
    return found


def words(part: Tag) -> str:
    """The text of an element, every run of white space as one space."""
    return " ".join(part.get_text(" ").split())
