"""What a reader on a phone waits for: the page and all that it loads at first view."""

from bench import weight


def test_page_weighs_little_and_loads_few_files() -> None:
    (measured,) = weight.measure()
    assert measured.is_within, measured.note
    parts = weight.weight(weight.LONGEST)
    assert {name.rpartition(".")[2] for name in parts} == {"html", "css", "js", "svg"}
    assert len(parts) <= 8, sorted(parts)
