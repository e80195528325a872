"""`make bench`: a broken limit is seen, in the text, in the tables and by the exit code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import machine
from bench.measured import Measured, Part


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def parts(sizes: tuple[int, ...]) -> Iterator[Part]:
        assert sizes == (7,)
        found = [
            Measured("quick", 0.5, "s", 2.0),
            Measured("slow", 1_234.0, "ms", 25.0, "the desk"),
            Measured("n", 3, ""),
        ]
        yield Part("Queues", "each view", iter(found))

    monkeypatch.setattr(bench, "parts", parts)


@pytest.mark.usefixtures("measured")
def test_text_says_what_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.measure_all((7,), markdown=False) == 1
    title, quick, slow, other = capsys.readouterr().out.strip().splitlines()
    assert title == "Queues: each view"
    assert quick.split() == ["quick", "0.5", "s", "at", "most", "2", "s", "ok"]
    assert slow.split() == ["slow", "1,234", "ms", "at", "most", "25", "ms", "BROKEN", "the", "desk"]
    assert other.split() == ["n", "3"]


@pytest.mark.usefixtures("measured")
def test_markdown_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.measure_all((7,), markdown=True) == 1
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[:3] == ["### Queues", "", "Each view."]
    assert lines[4:] == [
        "| measured | limit | seen |  |",
        "| --- | --- | --- | --- |",
        "| quick | 2 s | 0.5 s |  |",
        "| slow | 25 ms | **1,234 ms** | the desk |",
        "| n |  | 3 |  |",
    ]


def test_a_broken_limit_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, measured: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DDX_BENCH_DIR", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["bench", "7"])
    assert bench.main() == 1
    assert "1 limit broken" in capsys.readouterr().out


def test_machine_is_told() -> None:
    assert "PostgreSQL 1" in machine.told()
