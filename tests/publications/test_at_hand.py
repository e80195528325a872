"""What a process keeps of answers: as much as it was given room for, whatever they are."""

import json
import tracemalloc
from typing import Any

from publications.ready.at_hand import Memory, Ready, Whole, weight


def test_memory_keeps_what_it_has_room_for() -> None:
    memory = Memory[Ready](100_000)
    small, large = (Ready((b"1", 1, "x"), "", {}, is_gzip=False, body=bytes(size)) for size in (40_000, 100_000))
    for name in "abacada":
        memory.keep(name, small) if memory.recall(name) is None else None
        assert memory.size == sum(weight(*each) for each in memory.kept.items()) <= 100_000
    assert list(memory.kept) == ["d", "a"]
    assert memory.keep("e", large) == large
    assert list(memory.kept) == ["d", "a"]


def test_memory_holds_what_it_says_of_answers_that_are_hardly_more_than_headers() -> None:
    capacity, made = 1_000_000, 5_000

    def headers(number: int) -> list[tuple[str, str]]:
        return [(f"X-Header-{place}", f"value {number} of {place}") for place in range(15)]

    def whole(number: int) -> Whole:
        return Whole((b"1", 1, "x"), "200 OK", headers(number), b"")

    def ready(number: int) -> Ready:
        own = json.loads('{"Content-Type": "text/html; charset=utf-8"}')
        return Ready((b"%d" % number, 1, "x"), f'W/"{number:032}"', own, is_gzip=True, body=b"")

    for answer in (whole, ready):
        tracemalloc.start()
        try:
            memory = Memory[Any](capacity)
            for number in range(made):
                memory.keep(("door", f"/suggest/?q={number}"), answer(number))
            taken, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert memory.size <= capacity
        assert 100 < len(memory.kept) <= capacity // 1_024
        assert taken <= capacity * 1.2
