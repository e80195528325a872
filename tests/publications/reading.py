"""Reading public pages in tests: as parsed HTML, and counting what they ask of the databases."""

import random
import string
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import Connection


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


def never_written() -> str:
    """A word that stands in no log of an earlier run."""
    return "zqx" + "".join(random.choices(string.ascii_lowercase, k=20))


def server_log(superuser: Connection) -> str:
    """All that the database's server has logged."""
    (folder,) = superuser.execute("SHOW data_directory").fetchone() or ("",)
    return Path(folder, "server.log").read_text("utf-8", "replace")


def multiply(owner: Connection, copies: Iterable[int]) -> None:
    """Put copies of each original publication into the public schema, as articles of their own."""
    columns = "is_page, state, specialty, content, content_sha256, body_html, body_sha256, has_patient_text, origin, "
    columns += "ai_tool, change_note, author, signers, submitted_at, review_started_at, approved_at, last_reviewed_at, "
    columns += "next_review_on, history, notices, noticed_at, names, prose, number"
    owner.execute(
        f"""INSERT INTO pub.publication (id, article_id, slug, title, {columns})
            SELECT id + 1000 * n, article_id + 1000 * n, slug || '-copy-' || n, title || ' ' || n, {columns}
            FROM pub.publication, unnest(%s::int[]) n WHERE slug !~ '-copy-'""",
        [list(copies)],
    )
