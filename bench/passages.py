"""How often the passage that answers a question is quoted, and when nothing fits none: by words, and by meaning too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.measured import percentile

if TYPE_CHECKING:
    from tests.publications.questions.corpus import Asked

CORPORA = {
    "": "known",
    "_held_out": "held out",
    "_other_words": "in other words",
    "_other_words_held_out": "in other words, held out",
}
RANKINGS = {"full-text": "by words", "hybrid": "by words and meaning"}
MAY_INDEX = "GRANT EXECUTE ON FUNCTION {} TO ddx_staff".format(  # in a database that is thrown away
    "next_meanings(text, integer), store_meaning(bigint, integer, text, text, real[])"
)


class Asking(NamedTuple):
    """What became of one question. `place`: of the expected passage, from 1; 0 when it is not shown."""

    is_wanted: bool
    place: int
    is_shown: bool
    milliseconds: float


def table(superuser: Any) -> str:
    """Each corpus by each ranking, as Markdown."""
    from django.test.utils import override_settings

    from publications.meaning.model import missing

    left_out = ", ".join(missing())
    rankings = [name for name in RANKINGS if name == "full-text" or not left_out]
    if not left_out:
        _index(superuser)
    rows = []
    for ranking in rankings:
        with override_settings(QUESTION_RANKING=ranking):
            rows += [f"| {RANKINGS[ranking]}: {row}" for row in _rows([list(_asked(which)) for which in CORPORA])]
    rows += [f"\nNot ranked by meaning: {left_out} not installed (requirements-hybrid.txt)."] if left_out else []
    heads = f"| answerable questions | {' | '.join(CORPORA.values())} |\n| --- |{' ---: |' * len(CORPORA)}"
    return "\n".join([heads, *rows])


def _index(superuser: Any) -> None:
    from django.test.utils import override_settings

    from publications.meaning import indexing

    superuser.execute("CREATE EXTENSION vector SCHEMA pub")
    superuser.execute(MAY_INDEX)
    with override_settings(QUESTION_RANKING="hybrid"):
        indexing.go_on(3_600)


def _asked(which: str) -> Iterator[Asking]:
    """Those that the rules let through: neither an emergency nor refused."""
    from publications.questions.reading import read
    from tests.publications.questions import corpus

    for each in corpus.answerable(which):
        if read(each.words).is_answerable:
            yield _answer(each)


def _answer(asked: Asked) -> Asking:
    from publications.models import Publication
    from publications.passages import Answer
    from publications.questions.reading import read

    began = perf_counter()
    here = Publication.objects.page(asked.on).get()
    answer = Answer.find(here, read(asked.words), asked.audience)
    taken = 1_000 * (perf_counter() - began)
    got = [(passage.publication.slug, passage.diagnosis) for passage in answer.passages]
    place = next((n for n, each in enumerate(got, start=1) if each in asked.expected), 0)
    return Asking(bool(asked.expected), place, bool(got), taken)


def _rows(columns: list[list[Asking]]) -> Iterator[str]:
    wanted = [[each for each in column if each.is_wanted] for column in columns]
    nothing = [[each for each in column if not each.is_wanted] for column in columns]
    yield _row("expected passage first", ([each.place == 1 for each in column] for column in wanted))
    yield _row("expected passage among three", ([each.place > 0 for each in column] for column in wanted))
    yield _row("nothing fits, and nothing is shown", ([not each.is_shown for each in column] for column in nothing))
    taken = [[each.milliseconds for each in column] for column in columns]
    cells = (f"{percentile(column, 0.5):.0f} ms, {percentile(column, 0.99):.0f} ms" for column in taken)
    yield f"a question, and 99% within | {' | '.join(cells)} |"


def _row(what: str, columns: Iterable[list[bool]]) -> str:
    return f"{what} | {' | '.join(f'{sum(column)} of {len(column)}' for column in columns)} |"
