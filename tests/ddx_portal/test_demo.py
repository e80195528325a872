"""`make demo` as a whole, in processes of its own and a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError

from articles.management.commands.load_codes import packaged_release
from ddx_portal import database
from ddx_portal.installation import Installation
from ddx_portal.management.commands.demo import told_in_a_sentence
from ddx_portal.processes import Children

LIMIT = 180.0  # seconds, on a slow machine with the first run's content to make


class Demo:
    """One running demo."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.log = folder / f"demo-{port}.log"
        command = [sys.executable, "manage.py", "demo"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment(folder, port), stdout=log, stderr=subprocess.STDOUT
            )

    def wait_for(self, word: str) -> str:
        deadline = time.monotonic() + LIMIT
        while word not in (said := self.log.read_text()):
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        return said

    def get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def family(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


def environment(folder: Path, port: int) -> dict[str, str]:
    ours = ("DDX_", "DATABASE_URL", "PUBLIC_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**outside, "DDX_DATA_DIR": str(folder), "PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def second(folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "demo"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment(folder, port), capture_output=True, text=True, check=False
    )


@pytest.fixture
def demo(cluster_folder: Path) -> Iterator[Demo]:
    running = Demo(cluster_folder, free_port())
    running.wait_for("Ctrl-C ends it")
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(30)


def test_demo_serves_alone_until_it_is_stopped(demo: Demo, cluster_folder: Path, tmp_path: Path) -> None:
    said = demo.log.read_text()
    assert re.search(r"reviewer-6@demo\.example", said)
    assert demo.get("/readyz") == 200
    refuses_another(demo, cluster_folder, tmp_path)
    has_the_installed_release_of_codes(cluster_folder)
    family = demo.family()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) == 0
    assert [process for process in family if process.is_running()] == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(Installation(cluster_folder).cluster.url())


def refuses_another(demo: Demo, folder: Path, elsewhere: Path) -> None:
    same_folder = second(folder, free_port())
    assert same_folder.returncode == 1
    assert "already; end it first" in same_folder.stderr
    same_port = second(elsewhere, demo.port)
    assert same_port.returncode == 1
    assert f"Port {demo.port} cannot be used (Address already in use)" in same_port.stderr
    assert demo.get("/livez") == 200


def has_the_installed_release_of_codes(folder: Path) -> None:
    installation = Installation(folder)
    with psycopg.connect(installation.url(database.OWNER)) as owner:
        rows = owner.execute("SELECT code, title, is_billable, release FROM articles_icd10code").fetchall()
    installation.cluster.release()
    codes = {code: (title, is_billable) for code, title, is_billable, _ in rows}
    assert {release for *_, release in rows} == {packaged_release()}
    assert len(codes) > 90_000
    assert codes["R25"] == ("Abnormal involuntary movements", False)
    assert codes["R25.3"] == ("Fasciculation", True)
    assert codes["S52.521A"][0].startswith("Torus fracture of lower end of right radius, initial encounter")
    assert codes["C7A"] == ("Malignant neuroendocrine tumors", False)
    assert codes["B99"] == ("Other and unspecified infectious diseases", False)  # which is the name of a block as well
    assert "A00-A09" not in codes


def test_child_that_dies_is_named_and_the_others_end() -> None:
    children = Children()
    for name in ("web", "worker"):
        children.start(name, ["sleep", "300"], os.environ)
    children.check()
    children.running["worker"].kill()
    with pytest.raises(CommandError, match="the worker process ended with exit code -9"), told_in_a_sentence():
        children.watch()
    children.end()
    assert children.running["web"].poll() == -signal.SIGTERM


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    children, told = Children(), tmp_path / "grandchild"
    children.start("web", ["sh", "-c", f"sleep 300 & echo $! > {told}.new; mv {told}.new {told}; wait"], os.environ)
    deadline = time.monotonic() + LIMIT
    while not told.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    grandchild = psutil.Process(int(told.read_text()))
    children.end()
    psutil.wait_procs([grandchild], timeout=10)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
