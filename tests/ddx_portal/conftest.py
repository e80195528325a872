"""Folders for clusters of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def cluster_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user can enter when the tests run as root.

    Not below pytest's own folder: the next pytest to start shuts that to others again, in the middle of this test.
    """
    folder = Path(tempfile.mkdtemp(prefix="ddx-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
