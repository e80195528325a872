"""`manage.py import_articles`, on files as people have them."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from docx import Document

from articles.codes import Icd10Code
from articles.intake.files import LARGEST_FILE
from articles.management.importing.reports import Progress
from articles.models import Article, Version
from ddx_portal.installation import is_offline
from ledger.models import Event
from people.models import User
from tests import factories

PUBLISHED = settings.BASE_DIR.parent / "shared" / "content" / "twitching-around-the-belly-button.txt"
PAGE = """# Differential Diagnosis for {title}

## Single Most Likely Diagnosis

- **A full stomach** [R06.6]: It explains the timing.

## Do Not Miss Diagnoses

- **A stroke**: It must not be missed.
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Run:
    """One run of the command: what it said, and whether it ended well."""

    def __init__(self, *arguments: object, errors: io.StringIO | None = None) -> None:
        out, err = io.StringIO(), errors or io.StringIO()
        self.failure = ""
        try:
            call_command("import_articles", *map(str, arguments), stdout=out, stderr=err)
        except CommandError as error:
            self.failure = str(error)
        finally:
            self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, text: str = "") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or PAGE.format(title=path.stem), encoding="utf-8")
        return path

    return write


@pytest.fixture
def author(db: None) -> User:
    Icd10Code.objects.create(code="R06.6", title="Hiccough", is_billable=True, release="2026-04")
    return factories.author(email="author@example.org", name="Ada Example")


def titles() -> list[str]:
    return list(Version.objects.order_by("pk").values_list("title", flat=True))


def test_dry_run_needs_no_database(page: Callable[..., Path], tmp_path: Path) -> None:
    ours = ("DDX_", "DATABASE_URL", "PUBLIC_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "manage.py", "import_articles", page("Hiccups.md"), "--dry-run", "--format", "json"]
    done = subprocess.run(
        [str(word) for word in command],
        cwd=settings.BASE_DIR,
        env={**outside, "DDX_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=True,
    )
    [file] = json.loads(done.stdout)
    assert (file["title"], file["status"]) == ("Hiccups", "understood")
    assert [(d["tier"], d["name"], d["codes"]) for d in file["diagnoses"]] == [
        ("most_likely", "A full stomach", ["R06.6"]),
        ("do_not_miss", "A stroke", []),
    ]
    assert file["diagnoses"][0]["clinician"]["rationale"] == "It explains the timing."
    assert (file["missing"], file["doubts"], file["left_out"], file["references"]) == ([], [], [], [])
    assert done.stderr.startswith("Understood 1, with doubts 0, refused 0.")


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published page is not beside this checkout")
def test_published_page_is_understood_without_a_manual_touch() -> None:
    run = Run(PUBLISHED, "--dry-run", "--format", "json")
    [file] = run.files
    assert (file["title"], file["doubts"], file["missing"]) == ("Twitching around the Belly Button", [], [])
    tiers = [diagnosis["tier"] for diagnosis in file["diagnoses"]]
    assert tiers == ["most_likely"] + ["other_likely"] * 3 + ["do_not_miss"] * 3 + ["rare"] * 3
    assert all(diagnosis["clinician"]["rationale"] for diagnosis in file["diagnoses"])
    assert "Disclaimer" not in json.dumps(file["diagnoses"])


def test_dry_run_in_words(page: Callable[..., Path]) -> None:
    path = page("Hiccups.md", PAGE.format(title="Hiccups") + "\nHave a follow-up question?\n")
    run = Run(path, "--dry-run")
    assert run.out.startswith(f"{path}: Hiccups")
    assert "    Most likely: A full stomach [R06.6]\n    Other likely: none\n    Do not miss: A stroke\n" in run.out


def test_folder_is_imported_in_order_and_other_files_are_counted(page: Callable[..., Path], author: User) -> None:
    folder = page("in/b.md").parent
    page("in/a.txt")
    page("in/deep/c.markdown")
    document = Document()
    for line in PAGE.format(title="d").splitlines():
        document.add_paragraph(line)
    document.save(str(folder / "deep" / "d.docx"))
    for name in ("in/picture.png", "in/.hidden.md", "in/~$b.docx", "in/.git/x.md"):
        page(name)
    (folder / "deep" / "round").symlink_to(folder)
    run = Run(folder, "--author", "Author@example.org", "--specialty", "neurologic")
    assert (run.failure, run.err) == ("", "")
    assert titles() == ["a", "b", "c", "d"]
    assert set(Article.objects.values_list("owner", "specialty")) == {(author.pk, "Neurologic")}
    assert run.out.splitlines()[0] == f"{folder}/a.txt: imported as a"
    assert run.out.splitlines()[-1].startswith("Imported 4, with doubts 0, refused 0, other files skipped 4.")


def test_file_that_is_no_article_is_refused_and_the_others_go_on(page: Callable[..., Path], author: User) -> None:
    bad = page("a.md", "Dear all,\nlunch is at noon.\n")
    run = Run(bad, page("b.md"), "--author", author.email)
    assert run.err.startswith(f"{bad}:1: no heading such as “Single Most Likely Diagnosis”")
    assert run.failure == "Not everything was taken in: 1 of 2."
    assert titles() == ["b"]
    assert Event.objects.filter(kind="draft_started").count() == 1


def test_doubts_are_stored_and_counted(page: Callable[..., Path], author: User) -> None:
    path = page("a.md")
    path.write_bytes(PAGE.format(title="Café").encode("cp1252"))
    run = Run(path, "--author", author.email)
    assert run.out.splitlines()[0] == f"{path}: imported as cafe (1 doubt)"
    assert "with doubts 1" in run.out
    version = Version.objects.get()
    assert version.source == PAGE.format(title="Café")
    assert [doubt["kind"] for doubt in version.doubts] == ["doubt"]


def test_same_text_again_is_skipped(page: Callable[..., Path], author: User) -> None:
    first, twin = page("a.md"), page("copy.md", PAGE.format(title="a"))
    Run(first, "--author", author.email)
    before = Event.objects.count()
    run = Run(first, first, twin, "--author", author.email, "--format", "json")
    assert [file["status"] for file in run.files] == ["already_imported", "already_imported"]
    assert (run.failure, Version.objects.count(), Event.objects.count()) == ("", 1, before)
    other = factories.author(email="other@example.org")
    Run(first, "--author", other.email)
    assert Version.objects.count() == 2


def test_discarded_draft_can_be_imported_again(page: Callable[..., Path], author: User) -> None:
    path = page("a.md")
    Run(path, "--author", author.email)
    Version.objects.get().discard(by=author)
    run = Run(path, "--author", author.email, "--format", "json")
    assert [file["status"] for file in run.files] == ["imported"]


def test_submit_hands_in_what_is_complete(page: Callable[..., Path], author: User) -> None:
    unfinished = PAGE.format(title="b").replace("R06.6", "Z99.9Z").replace(": It must not be missed.", "")
    options = ("--submit", "--origin", "ai_drafted", "--ai-tool", "Example Model 1", "--format", "json")
    run = Run(page("a.md"), page("b.md", unfinished), "--author", author.email, *options)
    assert [(file["status"], file["slug"]) for file in run.files] == [("submitted", "a"), ("incomplete", "b")]
    assert run.files[1]["missing"] == [
        "Say to clinicians why A stroke is considered.",
        "Z99.9Z is not in the stored release of ICD-10-CM.",
    ]
    assert run.failure == "Not everything was taken in: 1 of 2."
    assert list(Version.objects.order_by("pk").values_list("state", "origin", "ai_tool", "author")) == [
        ("submitted", "ai_drafted", "Example Model 1", author.pk),
        ("draft", "human", "", author.pk),
    ]
    assert run.err.startswith("Imported 2, submitted 1, left as incomplete drafts 1, with doubts 0, refused 0.")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([], "Name the author with --author EMAIL."),
        (["--author", "nobody@example.org"], "Nobody has the e-mail nobody@example.org here"),
        (["--author", "reader@example.org"], "is neither an author nor an editor"),
        (["--author", "late@example.org", "--submit"], "disclosure of interests is missing"),
        (["--author", "author@example.org", "--origin", "human"], "they go with --submit"),
        (["--author", "author@example.org", "--submit", "--origin", "ai_drafted"], "Name the AI tool"),
        (["--author", "author@example.org", "--submit", "--ai-tool", "X"], "goes with --origin ai_"),
        (["--author", "author@example.org", "--specialty", "Haruspicy"], "'Haruspicy' is none of Anesthesia"),
    ],
)
def test_options_that_cannot_hold_end_it_before_anything(
    page: Callable[..., Path], author: User, options: list[str], reason: str
) -> None:
    factories.make_person(email="reader@example.org", name="Rea Der")
    factories.make_person(email="late@example.org", roles=["author"])
    run = Run(page("a.md"), *options)
    assert reason in run.failure
    assert (run.out, Version.objects.count()) == ("", 0)


def test_paths_that_lead_nowhere_are_refused(page: Callable[..., Path], author: User, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "lost.md").symlink_to(tmp_path / "gone.md")
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    pipe = tmp_path / "pipe.md"
    os.mkfifo(pipe)
    named = [tmp_path / "empty", tmp_path / "folder.md", tmp_path / "lost.md", huge, pipe, page("a.pdf"), page("b.md")]
    run = Run(*named, "--author", author.email)
    said = dict(line.split(":1: ") for line in run.err.splitlines())
    assert {Path(path).name: reason.partition(";")[0] for path, reason in said.items()} == {
        "empty": "there is no .txt, .md or .docx file in this folder",
        "folder.md": "there is no .txt, .md or .docx file in this folder",
        "lost.md": "this file cannot be read: No such file or directory",
        "huge.txt": f"the file is larger than {LARGEST_FILE // 1_000_000} MB",
        "pipe.md": "this is no file that can be read",
        "a.pdf": "files ending in “.pdf” cannot be read",
    }
    assert (titles(), run.failure) == (["b"], "Not everything was taken in: 6 of 7.")


def test_name_that_is_no_text_is_shown_safely(page: Callable[..., Path], tmp_path: Path) -> None:
    folder = os.fsencode(page("in/a.md").parent)
    with open(os.path.join(folder, b"\x1b[31m\xff.md"), "w") as file:  # noqa: PTH118, PTH123 - a path of bytes
        file.write(PAGE.format(title="b"))
    run = Run(tmp_path / "in", "--dry-run", "--format", "json")
    assert [Path(file["path"]).name for file in run.files] == [r"\x1b[31m\udcff.md", "a.md"]


def test_interrupted_import_leaves_whole_articles(
    page: Callable[..., Path], author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, folder = type(Event.objects).append, page("in/a.md").parent
    page("in/b.md")
    page("in/c.md")

    def interrupt(self: Any, kind: str, **details: Any) -> Any:
        if Version.objects.count() == 2:
            raise KeyboardInterrupt
        return append(self, kind, **details)

    with monkeypatch.context() as patch:
        patch.setattr(type(Event.objects), "append", interrupt)
        with pytest.raises(SystemExit) as stopped:
            Run(folder, "--author", author.email)
    assert (stopped.value.code, titles()) == (130, ["a"])
    run = Run(folder, "--author", author.email)
    assert titles() == ["a", "b", "c"]
    assert "Imported 2, already imported 1" in run.out


def test_database_that_fails_is_said_and_can_be_gone_on_from(
    page: Callable[..., Path], author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **details: Any) -> None:
        raise DatabaseError("the server is away")

    monkeypatch.setattr(type(Event.objects), "append", fail)
    run = Run(page("a.md"), "--author", author.email)
    assert run.failure == "The database failed: the server is away\n0 articles imported; run it again to go on."
    assert titles() == []


def test_two_imports_for_one_author_do_not_run_at_once(
    committed_db: None, as_staff: Any, page: Callable[..., Path]
) -> None:
    author = factories.author()
    key = [author.pk]
    as_staff.execute("SELECT pg_advisory_lock(hashtext('import_articles'), %s::int)", key)
    assert "Another import for" in Run(page("a.md"), "--author", author.email).failure
    as_staff.execute("SELECT pg_advisory_unlock(hashtext('import_articles'), %s::int)", key)
    assert Run(page("a.md"), "--author", author.email).failure == ""
    locks = "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database()"
    assert as_staff.execute(f"{locks} AND locktype = 'advisory'").rowcount == 0


def test_progress_is_shown_on_a_terminal_alone(page: Callable[..., Path], author: User) -> None:
    page("in/b.md", "no article")
    folder = page("in/a.md").parent
    assert "█" not in Run(folder, "--author", author.email).err
    run = Run(folder, "--author", author.email, errors=Terminal())
    assert "\r██████████████████████████████ 2 of 2\r\x1b[K" in run.err


def test_progress_of_nothing_is_nothing() -> None:
    said: list[str] = []
    bar = Progress(said.append, total=0, on_terminal=True)
    bar.clear()
    assert said == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["import_articles", "a.md", "--dry-run"], True),
        (["import_articles", "--help"], True),
        (["import_articles", "a.md"], False),
        (["makemigrations", "--dry-run"], False),
    ],
)
def test_dry_run_keeps_away_from_a_database_that_is_there(arguments: list[str], *, expected: bool) -> None:
    assert is_offline(arguments[0], arguments) is expected
