"""Others at work in the middle of a proof."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger import verifier
from tests.factories import make_content, make_version
from tests.racing import at_once


def while_others_work(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Have an article approved and published, by others, just before this step of the proof; once."""
    before: Callable[..., Any] = getattr(verifier, step)

    def late(*args: Any) -> Any:
        monkeypatch.setattr(verifier, step, before)
        at_once(lambda: make_version("approved", content=make_content("Meanwhile")))
        return before(*args)

    monkeypatch.setattr(verifier, step, late)
