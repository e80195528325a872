"""How well follow-up questions are read and answered: `python -m bench.questions`, the figures of docs/questions.md."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from bench import machine, passages
from bench.queues import throw_away_database

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
        print(f"\n{passages.table(superuser)}")


def _figures(which: str) -> Iterator[tuple[str, str]]:
    from publications.questions.reading import read
    from publications.questions.refusals import Reason
    from tests.publications.questions import corpus
    from tests.publications.questions.test_rules import typo

    emergencies, answerable = list(corpus.emergencies(which)), list(corpus.answerable(which))
    later = [*corpus.emergencies("_later"), *corpus.emergencies("_rounds")]
    unseen = list(corpus.emergencies("_unseen"))
    chance = random.Random(7)  # noqa: S311
    mistyped = [each for asked in emergencies for _ in range(3) if (each := typo(asked, chance))]
    refusals = list(corpus.refusals(which))
    others = [asked for asked, _ in refusals] + [each.words for each in answerable]
    others += [] if which else corpus.ordinary()

    def alarms(asked: str) -> bool:
        return read(asked).card is not None

    yield "emergencies caught", _share(emergencies, alarms)
    yield "written after the rules, used to mend them", "" if which else _share(later, alarms)
    yield "in words that no rule was made for", _share(unseen, alarms) if which else ""
    yield "emergencies with one typing error", _share(mistyped, alarms)
    yield "other questions that raise the card (false alarms)", _share(others, alarms)
    yield "ordinary questions written later that raise it", "" if which else _share(corpus.ordinary("_later"), alarms)
    for reason in Reason:
        refused = [read(words).refused for words, why in refusals if why == reason]
        yield f"refused: {reason.replace('_', ' ')}", _share(refused, partial(_has, reason))
    yield "answerable questions refused", _share([read(each.words).refused for each in answerable], bool)


def _has(reason: str, refused: Iterable[str]) -> bool:
    return reason in refused


def _share[T](asked: Iterable[T], holds: Callable[[T], bool]) -> str:
    found = [holds(each) for each in asked]
    return f"{sum(found)} of {len(found)}"


if __name__ == "__main__":
    main()
