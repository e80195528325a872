"""The people and articles of `make demo`, made by the portal's own steps."""

from importlib.metadata import files
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles import intake
from articles.batch_files import IntakeFile
from articles.codes import Icd10Code
from articles.models import Version
from articles.states import VersionState
from content import completeness
from ddx_portal.demo import build
from ddx_portal.demo.people import load as load_people
from ddx_portal.demo.walk import Described
from ddx_portal.management.commands.demo import SIGN_INS
from ledger.verifier import verify
from people.models import Message, User
from people.rules import today
from publications.board.members import Member
from publications.finding.synonyms import groups
from publications.models import Publication
from publications.policies import Policy
from publications.record import NoticeKind
from reviews.eligibility import candidates
from reviews.forms.queue import saved_wanted
from reviews.models import Alternate, Decision, Finding, Plan, ReaderLetter, Rereview, SavedView, Turn
from reviews.states import LetterState, Queue, RereviewOutcome
from tests import factories
from tests.ddx_portal.following import broken_links

type Connection = psycopg.Connection[Any]
INTAKE = build.FOLDER.with_name("intake")
TEXTS = [version for article in build.load() for version in article["version"]]


def make(monkeypatch: pytest.MonkeyPatch, password: str = "a quiet word") -> str:
    said = StringIO()
    monkeypatch.setenv("DDX_DEMO_PASSWORD", password)
    call_command("demo_content", stdout=said)
    return said.getvalue().strip()


def codes() -> set[str]:
    contents = [build.read(text)[0].content for text in TEXTS]
    contents += [intake.read(file.read_text(encoding="utf-8")).content for file in INTAKE.glob("*.md")]
    return {code for content in contents for diagnosis in content.diagnoses for code in diagnosis.codes}


def store_codes() -> None:
    Icd10Code.objects.bulk_create(
        Icd10Code(code=code, title=code, is_billable=True, release="2026-04") for code in codes()
    )


def every_row(superuser: Connection) -> dict[str, list[str]]:
    """The whole database, row by row."""
    tables = "SELECT format('%s.%s', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'pub')"
    names = [name for (name,) in superuser.execute(tables)]
    return {name: sorted(row for (row,) in superuser.execute(f"SELECT t::text FROM {name} t")) for name in names}


def test_demo_has_every_state_and_is_made_once(
    committed_db: None, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_codes()
    assert make(monkeypatch) == "Made 18 articles."
    assert set(Version.objects.values_list("state", flat=True)) == set(VersionState.values)
    assert verify()[0] == []
    assert set(Publication.objects.filter(is_page=True).values_list("slug", "number")) == {
        (article["slug"], version["number"])
        for article in build.load()
        for version in article["version"]
        if version["state"] in ("approved", "retracted")
    }
    check_findings()
    check_candidates()
    check_desks()
    check_site()
    assert broken_links(Client()) == []
    before = every_row(as_superuser)
    assert make(monkeypatch) == "Everything is there already: nothing was changed."
    assert every_row(as_superuser) == before


def test_demo_whose_texts_were_mended_since_stays_as_it_is(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    store_codes()
    first, read = build.load()[5:6], build.read
    monkeypatch.setattr(build, "load", lambda: first)
    assert make(monkeypatch) == "Made 1 article."
    monkeypatch.setattr(build, "read", lambda text: (read(text)[0], f"{read(text)[1]}mended"))
    assert make(monkeypatch) == "Everything is there already: nothing was changed."


def test_demo_that_was_interrupted_is_completed(
    committed_db: None, as_superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_codes()
    make_article = build.make_article
    made: list[Any] = []
    first = build.load()[3:7]
    monkeypatch.setattr(build, "load", lambda: first)

    def interrupt(*described: Any) -> bool:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(described)
        return make_article(*described)

    with monkeypatch.context() as patch:
        patch.setattr(build, "make_article", interrupt)
        with pytest.raises(KeyboardInterrupt):
            make(patch)
    assert make(monkeypatch) == "Made 2 articles."
    assert Version.objects.exclude(article__intake_files__state="imported").count() == 4
    assert verify()[0] == []


def check_findings() -> None:
    expected = [finding for text in TEXTS for finding in text.get("findings", [])]
    assert {(f.body, f.response, f.response_note) for f in Finding.objects.all()} == {
        (f["body"], f.get("response", ""), f.get("response_note", "")) for f in expected
    }


def check_candidates() -> None:
    """The editor's chooser has somebody to ask, and reasons to show."""
    submitted = Version.objects.get(state=VersionState.SUBMITTED, article__slug="ringing-in-one-ear")
    assert {person.email: person.why_not for person in candidates(submitted)} == {
        "reviewer-1@demo.example": None,
        "reviewer-2@demo.example": None,
        "reviewer-3@demo.example": None,
        "reviewer-4@demo.example": None,
        "reviewer-5@demo.example": "no_term",
        "reviewer-6@demo.example": "conflict_with_person",
    }


def check_desks() -> None:
    """Every desk of an editor, a reviewer and an author has something on it."""
    assert set(ReaderLetter.objects.values_list("state", flat=True)) == set(LetterState.values)
    turns = Turn.objects.all()
    assert set(turns.values_list("queue", flat=True)) == set(Queue.values)
    assert set(turns.filter(due_on__lt=today()).values_list("side", flat=True)) == {"author", "editors", "reviewers"}
    assert set(Finding.objects.values_list("response", "draft_response")) >= {("", ""), ("fixed", ""), ("", "rebutted")}
    assert Finding.objects.exclude(replacement=None).filter(version__state="under_review").count() >= 2
    assert Decision.objects.filter(checklist__contains=[{"answer": "no"}]).exists()
    assert Rereview.objects.filter(outcome=RereviewOutcome.CONFIRMED).exists()
    assert set(Alternate.objects.values_list("state", flat=True)) == {"waiting", "asked"}
    [plan] = Plan.objects.all()
    assert plan.is_open
    assert list(plan.unmet.values()) != []
    assert dict(IntakeFile.objects.values_list("name", "state")) == {
        "cold-white-fingers.md": "imported",
        "pins-and-needles-in-both-hands.md": "imported",
        "metallic-taste.md": "already_imported",
        "minutes-of-a-meeting.txt": "refused",
    }
    files: Any = IntakeFile.objects.with_twins()
    assert "tingling-in-both-hands" in {file.twin_slug for file in files}
    assert Message.objects.filter(state="held").count() == 2
    assert all(saved_wanted(view.query, view.user).lasting_query == view.query for view in SavedView.objects.all())


def check_site() -> None:
    """What readers come upon is there to be looked at: notices that stand and that ended, an overdue review, equal
    words, somebody who signed and left the board, a policy in two versions and one that was taken back.
    """
    rows = list(Publication.objects.filter(is_page=True))
    assert {notice.kind for row in rows for notice in row.notices} == set(NoticeKind)
    assert any(notice.ended_by for row in rows for notice in row.notices)
    past = [member.slug for member in Member.objects.listed() if member.is_past and member.has_signed]
    assert past == ["vera-former"]
    assert [row.slug for row in rows if row.is_overdue] == ["sudden-painless-loss-of-vision-in-one-eye"]
    assert ("Shingles", "herpes zoster", "zoster") in [group.words for group in groups()]
    assert [policy.is_withdrawn for policy in Policy.objects.versions("guest-authors")] == [True, False]
    [later, first] = Policy.objects.versions("corrections")
    assert len(later.body) > len(first.body)


def test_demo_people_sign_in_with_the_password_that_is_printed(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "load", list)
    make(monkeypatch, "first word")
    make(monkeypatch, "second word")
    people = User.objects.all()
    assert {person.email for person in people} == {f"{name}@demo.example" for name in SIGN_INS}
    assert all(person.check_password("second word") for person in people)
    assert {role for person in people for role in person.roles} == {"author", "editor", "reviewer", "administrator"}


@pytest.mark.django_db
def test_demo_keeps_out_of_a_database_that_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.author()
    with pytest.raises(CommandError, match="has people of its own"):
        make(monkeypatch)
    assert User.objects.count() == 1
    with pytest.raises(CommandError, match="Set DDX_DEMO_PASSWORD"):
        make(monkeypatch, "")


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text["file"])
def test_demo_article_is_read_without_a_doubt(text: Described) -> None:
    taken, _ = build.read(text)
    assert (taken.doubts, taken.left_out) == ((), ())
    assert [gap for gap in completeness.gaps(taken.content) if gap.blocks] == []


def test_demo_codes_are_in_the_installed_release() -> None:
    [listed] = [file for file in files("simple-icd-10-cm") or () if file.name.startswith("code-list-")]
    known = set(listed.read_text(encoding="utf-8").split())
    assert {code for code in codes() if code.replace(".", "") not in known} == set()


def test_demo_people_are_plainly_made_up() -> None:
    for person in load_people():
        assert person["email"].endswith("@demo.example")
        assert "(fictitious)" in person["institution"]
