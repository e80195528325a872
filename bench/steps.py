"""What the steps of one article cost, and the public pages: `python -m bench.steps`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from uuid import uuid4

from bench.measured import Measured, milliseconds, percentile
from bench.queues import throw_away_database

ARTICLES, READS, FILES = 40, 400, 60
MOST_A_FILE = 250.0
MOST = {"submit": 250.0, "ask two reviewers": 250.0, "sign": 250.0, "sign and publish": 500.0}
DISK = "without waiting for the disk"


def measure() -> Iterator[Measured]:
    """Submit, sign, publish, read, verify, import, on a database of its own with real commits."""
    with throw_away_database():
        yield from _steps()
        yield from _reads()
        yield _verify()
        yield _imports()
        yield _taken_in()


def _steps() -> Iterator[Measured]:
    from tests import factories

    taken: dict[str, list[float]] = {step: [] for step in MOST}

    def timed(step: str, work: Any) -> None:
        taken[step].append(milliseconds(work))

    reviewers = [factories.board_member() for _ in range(6)]
    for number in range(ARTICLES):
        draft = factories.make_version("draft")
        timed("submit", lambda draft=draft: factories.submit(draft))
        version = factories.reread(draft)
        two = [reviewers[(number + n) % 6] for n in range(2)]
        timed("ask two reviewers", lambda version=version, two=two: factories.assign(version, two))
        first, second = version.assignments.select_related("version", "reviewer")
        timed("sign", lambda first=first: factories.sign(first))
        timed("sign and publish", lambda second=second: factories.sign(second))
    for step, times in taken.items():
        yield Measured(f"{step}, middle of {ARTICLES}", percentile(times, 0.5), "ms", MOST[step], DISK)


def _reads() -> Iterator[Measured]:
    from django.test import Client

    from publications.models import Publication

    client, slugs = Client(), list(Publication.objects.filter(is_page=True).values_list("slug", flat=True))
    pages = {"a public article": [f"/articles/{slug}/" for slug in slugs], "the front page": ["/"]}
    pages["a search"] = ["/search/?q=hiccups"]
    for what, addresses in pages.items():
        for address in addresses[:3]:
            client.get(address)
        times = [milliseconds(partial(client.get, addresses[n % len(addresses)])) for n in range(READS)]
        yield Measured(f"{what}, half of {READS} within", percentile(times, 0.5), "ms", 50.0)
        yield Measured(f"{what}, 99% within", percentile(times, 0.99), "ms", 200.0)


def _verify() -> Measured:
    from ledger.models import Event
    from ledger.verifier import verify

    problems: list[Any] = []
    took = milliseconds(lambda: problems.extend(verify()[0]))
    if problems:
        raise RuntimeError(f"the ledger does not hold: {problems}")
    events = Event.objects.count()
    return Measured(f"verify_ledger, a thousand events of {events:,}", took * 1_000 / events, "ms", 5_000.0)


def _imports() -> Measured:
    """Drafts from files, as `import_articles` makes them."""
    from django.core.management import call_command

    from tests import factories

    author = factories.author()
    with TemporaryDirectory(prefix="ddx_bench_import_") as folder:
        for name, data in _files("imported"):
            (Path(folder) / name).write_bytes(data)
        took = milliseconds(lambda: call_command("import_articles", folder, author=author.email, stdout=StringIO()))
    if (stored := author.articles.count()) != FILES:
        raise RuntimeError(f"{stored} of {FILES} files were imported")
    return Measured(f"import of {FILES} files, each", took / FILES, "ms", MOST_A_FILE, DISK)


def _taken_in() -> Measured:
    """Drafts from files that an editor sent, as the worker takes them in and compares them."""
    from articles import taking_in
    from articles.batches import IntakeBatch
    from articles.intake.packed import Packed
    from tests import factories

    house, packed = factories.author(), [Packed(name, data) for name, data in _files("sent")]
    IntakeBatch.objects.begin(packed, by=factories.editor(), key=uuid4(), author=house, specialty="Neurologic")
    began = process_time()
    took = milliseconds(lambda: deque(iter(taking_in.go_on, 0), maxlen=0))  # a few seconds’ worth at a time
    own = 1_000 * (process_time() - began) / FILES
    if (stored := house.articles.count()) != FILES:
        raise RuntimeError(f"{stored} of {FILES} files were taken in")
    what = f"{FILES} files of a batch taken in and compared, each"
    return Measured(what, took / FILES, "ms", MOST_A_FILE, f"{own:.0f} ms of it Python’s; {DISK}")


def _files(titled: str) -> Iterator[tuple[str, bytes]]:
    """The demo's articles over and over, each under another title: the same text would be skipped."""
    from ddx_portal.demo import build

    texts = [build.FOLDER / version["file"] for article in build.load() for version in article["version"]]
    for number in range(FILES):
        text = texts[number % len(texts)].read_text(encoding="utf-8")
        yield f"{number:03}.md", text.replace("\n", f" {titled} {number}\n", 1).encode()


def main() -> None:
    for each in measure():
        print(each.line(48))


if __name__ == "__main__":
    main()
