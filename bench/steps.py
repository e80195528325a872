"""What the steps of one article cost, and the public pages: `python -m bench.steps`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measured import Measured, milliseconds, percentile
from bench.queues import throw_away_database

ARTICLES, READS, FILES = 40, 400, 60
MOST = {"submit": 250.0, "ask two reviewers": 250.0, "sign": 250.0, "sign and publish": 500.0}
DISK = "without waiting for the disk"


def measure() -> list[Measured]:
    """Submit, sign, publish, read, verify, import, on a database of its own with real commits."""
    with throw_away_database():
        return [*_steps(), *_reads(), _verify(), _imports()]


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

    from ddx_portal.demo import build
    from tests import factories

    texts = [build.FOLDER / version["file"] for article in build.load() for version in article["version"]]
    author = factories.author()
    with TemporaryDirectory(prefix="ddx_bench_import_") as folder:
        for number in range(FILES):
            text = texts[number % len(texts)].read_text(encoding="utf-8")
            other = text.replace("\n", f" {number}\n", 1)  # another title: the same text would be skipped
            (Path(folder) / f"{number:03}.md").write_text(other, encoding="utf-8")
        took = milliseconds(lambda: call_command("import_articles", folder, author=author.email, stdout=StringIO()))
    if (stored := author.articles.count()) != FILES:
        raise RuntimeError(f"{stored} of {FILES} files were imported")
    return Measured(f"import of {FILES} files, each", took / FILES, "ms", 250.0, DISK)


def main() -> None:
    for each in measure():
        print(each.line(48))


if __name__ == "__main__":
    main()
