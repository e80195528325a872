"""What every public page has in common: what surrounds its data, and who takes it compressed."""

from pathlib import Path
from typing import Any

import pytest

from publications.pages import frame, takes_gzip


@pytest.mark.parametrize("name", ["publications/questions/numbers.toml", "requirements.txt", "templates/404.html"])
def test_frame_is_another_with_each_thing_that_pages_are_made_with(tmp_path: Path, settings: Any, name: str) -> None:
    for each in (name, "requirements.txt", "people/specialties.py", "ddx_portal/storage.py"):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).touch()
    settings.BASE_DIR, settings.DEBUG = tmp_path, True
    before = frame()
    (tmp_path / name).write_text("x")
    assert frame() != before


def test_list_of_encodings_that_no_browser_sends_is_not_remembered() -> None:
    assert takes_gzip("gzip, deflate, br, zstd")
    assert not takes_gzip(f"gzip, {'x' * 300}")
