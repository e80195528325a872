"""What one answer of the public site takes, asked for in the process that measures: whole, and the database's part."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from time import perf_counter
from typing import Any

from bench.measured import Measured, milliseconds, percentile
from bench.sites import Site

ASKED = 60
MOST_IN_SQL = 15.0  # ms
IN_EVERY_TEXT = "vertigo hearing"
QUESTIONS = (
    "How long does a spell of vertigo last?",
    "What points to vestibular migraine?",
    "Which signs are dangerous?",
    "Why does the room spin when I turn over in bed?",
    "What is the Dix-Hallpike manoeuvre good for?",
    "Does the elbow swell with it at night?",
)
ADDRESSES = {
    "front page": ("/",),
    "suggestions": (
        "/suggest/?q=swe",
        "/suggest/?q=sudden+pain",
        "/suggest/?q=vestib",
        "/suggest/?q=swelling+of+the+kn",
    ),
    "API, a list": ("/api/v1/articles?specialty=Neurologic", "/api/v1/articles?sort=reviewed&limit=20"),
    "API, a search": ("/api/v1/search?q=nausea+elbow", "/api/v1/search?q=cramps+sleep"),
    "a part of the sitemap": ("/sitemap-1.xml",),
}


def in_sql(site: Site) -> Measured:
    """What the database takes to find the first page of two words that stand in every article."""
    from publications.finding.forms import Search
    from publications.finding.search import find

    read_by_django(site)
    with in_database() as taken:
        for _ in range(15):
            find(Search.read({"q": IN_EVERY_TEXT}))
    what = f"two words that stand in each of {site.size:,} articles, in SQL"
    return Measured(what, statistics.median(taken), "ms", MOST_IN_SQL)


def in_one_process(site: Site) -> Iterator[Measured]:
    """Without the front and the web server: what an answer is made for that nobody asked for before."""
    from django.test import Client

    read_by_django(site)
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    articles = cycle(f"/articles/bench-{n}/ask/" for n in range(1, min(site.size, 500), 7))

    def ask(question: str) -> Any:
        return client.post(next(articles), {"question": question, "audience": "patient"})

    yield _taken("follow-up question", site, ask, QUESTIONS)
    with site.database.connect("ddx_public") as public:
        (slug,) = public.execute("SELECT slug FROM pub.diagnosis_name ORDER BY articles DESC, slug LIMIT 1").fetchone()
    of_every = {"page of a diagnosis of every article": (f"/diagnoses/{slug}/",)}
    for what, addresses in (ADDRESSES | of_every).items():
        yield _taken(what, site, client.get, addresses)


def _taken(what: str, site: Site, ask: Callable[[str], Any], asked: tuple[str, ...]) -> Measured:
    """Half and 99 of 100 within so long, once everything is loaded."""
    for each in (*asked, *asked):
        if (status := ask(each).status_code) != 200:
            raise RuntimeError(f"{each}: {status}")
    whole, parts = list[float](), list[float]()
    for each in islice(cycle(asked), ASKED):
        with in_database() as taken:
            whole.append(milliseconds(partial(ask, each)))
        parts.append(sum(taken))
    most, middle = percentile(whole, 0.99), statistics.median(parts)
    note = f"99% within {most:.1f} ms; {middle:.1f} ms of it in SQL, at most {max(parts):.1f} ms"
    return Measured(f"{what}, {site.size:,} articles", statistics.median(whole), "ms", None, note)


@contextmanager
def in_database() -> Iterator[list[float]]:
    """Milliseconds of each query of the public login."""
    from django.db import connections

    taken = list[float]()

    def timed(execute: Callable[..., Any], *given: Any) -> Any:
        began = perf_counter()
        try:
            return execute(*given)
        finally:
            taken.append(1_000 * (perf_counter() - began))

    with connections["public"].execute_wrapper(timed):
        yield taken


def read_by_django(site: Site) -> None:
    """Let this process read this site."""
    from django.db import connections

    connections.close_all()
    site.database._point_django_at(site.database.name, "ddx_staff")
