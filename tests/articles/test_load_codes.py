"""ICD-10-CM from the package into the table. That the installed release gets there is asked of the demo."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.codes import Icd10Code
from articles.management.commands import load_codes
from articles.management.commands.load_codes import Row, packaged_release

TWITCH = ("R25.3", "Fasciculation", True)


def load() -> str:
    said = StringIO()
    call_command("load_codes", stdout=said)
    return said.getvalue().strip()


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[str, str, bool]]]:
    """A package with the one release that the test puts into this dictionary."""
    releases: dict[str, list[tuple[str, str, bool]]] = {}

    def codes(release: str) -> Iterator[Row]:
        for code in releases[release]:
            yield Row(*code, release)

    monkeypatch.setattr(load_codes, "packaged_release", lambda: next(iter(releases)))
    monkeypatch.setattr(load_codes, "packaged_codes", codes)
    return releases


def stored() -> list[tuple[str, str, bool, str]]:
    return list(Icd10Code.objects.values_list("code", "title", "is_billable", "release"))


@pytest.mark.django_db
def test_load_codes_a_second_time_changes_nothing(package: dict[str, list[tuple[str, str, bool]]]) -> None:
    package["2026-04"] = [("R25", "Abnormal involuntary movements", False), TWITCH]
    assert load() == "Stored 2 codes of ICD-10-CM 2026-04."
    package["2026-04"] = []
    assert load() == "ICD-10-CM 2026-04 is stored already: nothing was changed."
    assert stored() == [
        ("R25", "Abnormal involuntary movements", False, "2026-04"),
        ("R25.3", "Fasciculation", True, "2026-04"),
    ]


@pytest.mark.django_db
def test_load_codes_of_a_newer_release_takes_the_place_of_the_older(
    package: dict[str, list[tuple[str, str, bool]]],
) -> None:
    package["2026-04"] = [("R25.9", "Gone later", True), TWITCH]
    load()
    package.clear()
    package["2026-10"] = [("R25.3", "Fasciculation, reworded", True)]
    assert load() == "Stored 1 codes of ICD-10-CM 2026-10."
    assert stored() == [("R25.3", "Fasciculation, reworded", True, "2026-10")]
    package.clear()
    package["2026-04"] = [TWITCH]
    assert load() == "ICD-10-CM 2026-10 is stored, the package has only 2026-04: nothing was changed."


@pytest.mark.django_db
def test_load_codes_that_fails_half_way_leaves_what_was_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    Icd10Code.objects.create(code="R25.3", title="Fasciculation", is_billable=True, release="2025-10")

    def breaks(release: str) -> Iterator[Row]:
        yield Row(*TWITCH, release)
        raise KeyboardInterrupt

    monkeypatch.setattr(load_codes, "packaged_codes", breaks)
    with pytest.raises(KeyboardInterrupt):
        load()
    assert stored() == [("R25.3", "Fasciculation", True, "2025-10")]


def test_packaged_release_that_is_not_named_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_codes, "files", lambda _: [])
    with pytest.raises(CommandError, match="does not say which release"):
        packaged_release()
