"""Where a page of a list begins: what was written is read back, everything else is the beginning."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from itertools import batched
from typing import Any

import pytest

from publications.api.cursors import MAX_CURSOR, write
from publications.cursors import LONGEST, Place, cut, written

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 123_457, UTC)


@pytest.mark.parametrize(
    "values", [("Night sweats", 7), ("", -1), (0.25, 2**63 - 1), (MOMENT, 1), ("#", "É", "e"), ("\U0001f600" * 500, 1)]
)
def test_place_is_read_as_it_was_written(values: tuple[Any, ...]) -> None:
    kinds = tuple(map(type, values))
    place = written(values)
    assert Place.read(*kinds, after=place) == (1, values)
    assert Place.read(*kinds, before=place) == (-1, values)
    assert Place.read(*kinds, int, after=place) == Place.read(bytes, *kinds[1:], after=place) == (0, ())
    assert max(len(place) / LONGEST, len(write(place, {})) / MAX_CURSOR) < 1


@pytest.mark.parametrize(
    "told",
    [
        *("", "null", "7", "{}", "[]", '["a"]', '["a", 1, 2]', '["a", "1"]', '["a", true]', '["a", 1.5]', '["a", [1]]'),
        *(f'["a", {2**63}]', f'["a", {"9" * 5_000}]', '["a", NaN]', "[" * 4_000, '["a", 1', "[1, 1]", '[["a"], 1]'),
    ],
)
def test_what_is_no_place_is_the_beginning(told: str) -> None:
    assert Place.read(str, int, after=urlsafe_b64encode(told.encode()).decode()) == (0, ())


def test_what_is_no_number_or_moment_is_the_beginning() -> None:
    for value in ("NaN", "Infinity", "1e400", "1e12", "9" * 400, '"1"', "true", "null"):
        assert Place.read(float, after=urlsafe_b64encode(f"[{value}]".encode()).decode()) == (0, ()), value
    for moment in (
        "",
        "now",
        "2026-02-28T23:59:59",
        "2026-02-30T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ):
        assert Place.read(datetime, after=written([moment])) == (0, ()), moment
    for sent in ("é", "%", "x", "\x00", "=" * 9, "a" * 10_000):
        assert Place.read(str, after=sent) == (0, ()), sent
    assert Place.read(str, after=urlsafe_b64encode(rb'["a\u0000b\ud800"]').decode()) == (1, ("ab",))


@pytest.mark.parametrize("number", [0, 1, 3, 4, 6, 7])
def test_pages_go_on_and_back_through_all(number: int) -> None:
    def page(way: int, *values: int) -> tuple[list[int], bool, bool]:
        behind = [n for n in range(number) if not way or (n > values[0] if way > 0 else n < values[0])]
        found = cut((behind[::-1] if way < 0 else behind)[:4], way, 3, lambda row: (row,))
        return list(found.rows), bool(found.previous), bool(found.next)

    pages = [list(each) for each in batched(range(number), 3)]
    last = len(pages) - 1
    for at, rows in enumerate(pages):
        told = (rows, at > 0, at < last)
        assert (page(1, pages[at - 1][-1]) if at else page(0)) == told
        assert at == last or page(-1, pages[at + 1][0]) == told
    assert number or page(0) == ([], False, False)
