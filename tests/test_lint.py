"""The code is clean by every linter."""

import pytest

from tests import lint


@pytest.mark.parametrize("name", lint.COMMANDS)
def test_linter_is_content(name: str) -> None:
    done = lint.run(name)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
