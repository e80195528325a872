"""PostgreSQL out of the wheel: deep folders, secrets, the last one out."""

import stat
from pathlib import Path

import psycopg
import pytest

from ddx_portal import database
from ddx_portal.embedded import Cluster, EmbeddedError
from ddx_portal.installation import NOWHERE, Installation, into_environment, login_for


@pytest.fixture
def home(cluster_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A folder whose path is too long for a Unix socket and has spaces and a quote."""
    folder = cluster_folder / str(request.node.name) / ("it's deeper " * 8).strip()
    folder.mkdir(parents=True)
    return folder


def test_installation_in_a_deep_folder_gives_four_logins(home: Path) -> None:
    installation = Installation(home)
    installation.prepare()
    installation.prepare()
    for login in database.LOGINS:
        with psycopg.connect(installation.url(login)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (login,)
    installation.cluster.release()


def test_wrong_password_is_refused(home: Path) -> None:
    installation = Installation(home)
    installation.prepare()
    url = database.login_url(installation.cluster.url(), database.STAFF, "guess", database.DATABASE)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)
    installation.cluster.release()


def test_cluster_runs_until_its_last_user_leaves(home: Path) -> None:
    first, second = Cluster(home, "secret"), Cluster(home, "secret")
    first.use()
    second.use()
    first.release()
    psycopg.connect(second.url()).close()
    second.release()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second.url())


def test_secrets_are_ours_alone_and_stay(tmp_path: Path) -> None:
    kept = Installation(tmp_path).secrets()
    assert Installation(tmp_path).secrets() == kept
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700
    assert len(set(kept.values())) == len(kept)


def test_command_without_a_database_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DDX_DATA_DIR", str(tmp_path))
    with pytest.raises(EmbeddedError, match="make demo"):
        into_environment(["migrate"], {})


def test_dry_run_needs_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DDX_DATA_DIR", str(tmp_path))
    environ: dict[str, str] = {}
    into_environment(["import_articles", "page.txt", "--dry-run"], environ)
    assert environ["DATABASE_URL"] == NOWHERE


@pytest.mark.parametrize(
    ("command", "login"), [("migrate", "ddx_owner"), ("worker", "ddx_worker"), ("import_articles", "ddx_staff")]
)
def test_command_runs_as_its_login(command: str, login: str) -> None:
    assert login_for(command) == login
