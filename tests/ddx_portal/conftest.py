"""Folders for clusters of their own."""

from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def cluster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that PostgreSQL's own user can enter when the tests run as root."""
    folder = tmp_path_factory.mktemp("cluster")
    for part in (folder, *list(folder.parents)[:3]):
        part.chmod(part.stat().st_mode | 0o011)
    return folder
