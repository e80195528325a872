import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from people import orcid

# From ORCID's own documentation of the format, and with an X.
KNOWN = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]


@pytest.mark.parametrize("text", KNOWN)
def test_validate_known_orcid(text: str) -> None:
    orcid.validate(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000-0002-1825-0098",
        "0000-0002-1694-233x",
        "0000000218250097",
        "0000-0002-1825-009",
        "0000-0002-1825-00977",
        "0000-0002-1825-0097\n",
        "٠٠٠٠-0002-1825-0097",
        "X000-0002-1825-0097",
        "' OR 1=1 --",
        pytest.param("9" * 100_000, id="long"),
    ],
)
def test_validate_refuses(text: str) -> None:
    with pytest.raises(ValidationError):
        orcid.validate(text)


@pytest.mark.parametrize(
    "typed",
    [
        "https://orcid.org/0000-0002-1694-233X",
        "0000 0002 1694 233x",
        "000000021694233x",
        " orcid.org/0000-0002-1694-233X ",
    ],
)
def test_normalise_typed_forms(typed: str) -> None:
    assert orcid.normalise(typed) == "0000-0002-1694-233X"


@given(st.from_regex(re.compile(r"[0-9]{15}"), fullmatch=True), st.integers(0, 14), st.integers(1, 9))
def test_check_digit_finds_every_changed_digit(digits: str, place: int, step: int) -> None:
    changed = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert orcid.check_digit(changed) != orcid.check_digit(digits)
