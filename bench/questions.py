"""How well follow-up questions are read and answered: `python -m bench.questions`, the figures of docs/questions.md."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from bench import machine
from bench.measured import percentile
from bench.queues import throw_away_database

if TYPE_CHECKING:
    from tests.publications.questions.corpus import Asked

NAMES = {"": "known", "_held_out": "held out"}


def main() -> None:
    print(f"`python -m bench.questions` on {machine.told()}.\n")
    with throw_away_database() as superuser:
        from tests.publications.questions import corpus

        corpus.publish_all(superuser)
        columns = [dict(_figures(which)) for which in corpus.FILES]
        print(f"| what | {' | '.join(NAMES.values())} |\n| --- |{' ---: |' * len(NAMES)}")
        for what in columns[0]:
            print(f"| {what} | {' | '.join(column[what] for column in columns)} |")
        print(f"\n{_times()}")


def _figures(which: str) -> Iterator[tuple[str, str]]:
    from publications.questions.reading import read
    from publications.questions.refusals import Reason
    from tests.publications.questions import corpus
    from tests.publications.questions.test_rules import typo

    emergencies, answerable = list(corpus.emergencies(which)), list(corpus.answerable(which))
    later = list(corpus.emergencies("_later"))
    chance = random.Random(7)  # noqa: S311
    mistyped = [each for asked in emergencies for _ in range(3) if (each := typo(asked, chance))]
    refusals = list(corpus.refusals(which))
    others = [asked for asked, _ in refusals] + [each.words for each in answerable]
    others += [] if which else corpus.ordinary()

    def alarms(asked: str) -> bool:
        return read(asked).card is not None

    yield "emergencies caught", _share(emergencies, alarms)
    yield "written after the rules, four times, caught now", _share(later, alarms) if not which else ""
    yield "emergencies with one typing error", _share(mistyped, alarms)
    yield "other questions that raise the card (false alarms)", _share(others, alarms)
    for reason in Reason:
        refused = [read(words).refused for words, why in refusals if why == reason]
        yield f"refused: {reason.replace('_', ' ')}", _share(refused, partial(_has, reason))
    yield "answerable questions refused", _share([read(each.words).refused for each in answerable], bool)
    yield from _success(answerable)


def _has(reason: str, refused: Iterable[str]) -> bool:
    return reason in refused


def _share[T](asked: Iterable[T], holds: Callable[[T], bool]) -> str:
    found = [holds(each) for each in asked]
    return f"{sum(found)} of {len(found)}"


def _success(answerable: Iterable[Asked]) -> Iterator[tuple[str, str]]:
    places = [_place(each) for each in answerable]
    wanted = [place for place, is_wanted in places if is_wanted]
    yield "expected passage first", _share(wanted, lambda place: place == 1)
    yield "expected passage among three", _share(wanted, lambda place: place > 0)
    none = [place for place, is_wanted in places if not is_wanted]
    yield "nothing fits, and nothing is shown", _share(none, lambda place: place == 0)


def _place(asked: Asked) -> tuple[int, bool]:
    """Where the expected passage stands, from 1; 0: not shown; -1: another was shown."""
    from publications.models import Publication
    from publications.passages import Answer
    from publications.questions.reading import read

    here = Publication.objects.page(asked.on).get()
    answer = Answer.find(here, read(asked.words), asked.audience)
    got = [(passage.publication.slug, passage.diagnosis) for passage in answer.passages]
    place = next((n for n, each in enumerate(got, start=1) if each in asked.expected), -1 if got else 0)
    return place, bool(asked.expected)


def _times() -> str:
    """How long reading and looking up take, rules loaded."""
    from tests.publications.questions import corpus

    taken = []
    for each in (asked for which in corpus.FILES for asked in corpus.answerable(which)):
        began = perf_counter()
        _place(each)
        taken.append(1000 * (perf_counter() - began))
    middle, most = percentile(taken, 0.5), percentile(taken, 0.99)
    return f"One question, read and looked up: {middle:.0f} ms, 99% within {most:.0f} ms."


if __name__ == "__main__":
    main()
