"""The desk of readers' letters: who may do what, two editors at once, what goes public and how, what is forgotten."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import IllegalMove, Version
from content import canonical
from ledger.models import Event
from ledger.verifier import verify
from people.models import Message, Role, User
from publications.models import Publication
from reviews import letter_mail, letters
from reviews.letter_versions import put_in_version
from reviews.models import ReaderLetter
from reviews.states import LetterOutcome
from tests import factories
from tests.attacks.hostile import WORDS
from tests.conftest import Blocker, Connection
from tests.harness import WorkerDatabase
from tests.post import kind, only
from tests.racing import at_once, refusals
from tests.reviews.desks import at_desk
from tests.reviews.letters import HERE, again, person, post, send, version

READER = "reader@example.org"
type Run = Callable[[], int]
ACTS = ("take", "hand-over", "answer", "close", "version")


def make_office() -> None:
    for name in ("Edith", "Emil"):
        factories.editor(name=name)
    owner = factories.author(name="Owner")
    owner.grant(Role.EDITOR, by=None)
    factories.make_version("approved", author=owner, editor=person("Edith"))
    Message.objects.all().update(state="dropped", settled_at="2026-01-01T00:00Z")


@pytest.fixture(scope="module")
def kept_office(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), worker_database.kept(make_office):
        yield


pytestmark = pytest.mark.usefixtures("kept_office", "committed_db")


@pytest.mark.parametrize(
    ("roles", "status"),
    [([], 403), ([Role.AUTHOR], 403), ([Role.REVIEWER], 403), ([Role.ADMINISTRATOR], 403), ([Role.EDITOR], 200)],
)
def test_letters_are_for_editors(roles: list[Role], status: int) -> None:
    letter, user = send(), factories.make_person(roles=roles)
    client = at_desk(user)
    assert [client.get(path).status_code for path in (HERE, f"{HERE}{letter.pk}/")] == [status, status]
    assert client.get(f"{HERE}{letter.pk + 1}/").status_code == (404 if status == 200 else 403)
    for act in ACTS:
        assert client.get(f"{HERE}{letter.pk}/{act}/").status_code == 405
        assert client.post(f"{HERE}{letter.pk}/{act}/").status_code == (422 if status == 200 else 403)
        assert Client().post(f"{HERE}{letter.pk}/{act}/").status_code == 302
    assert again(letter).revision == 0


def test_nobody_decides_on_letters_about_an_article_of_their_own() -> None:
    letter, owner = send(), person("Owner")
    page = at_desk(owner).get(f"{HERE}{letter.pk}/").content.decode()
    assert ("another editor deals with it" in page, "Close it…" in page) == (True, False)
    assert post(owner, letter, "take").status_code == 403
    assert post(person("Edith"), letter, "hand-over", to=owner.pk).status_code == 422
    with pytest.raises(PermissionDenied):
        put_in_version(letter, by=owner, seen=0, question="Is it?")
    assert again(letter).state == "new"
    assert Version.objects.count() == 1


def test_second_editor_sees_what_the_first_did_and_keeps_what_they_typed() -> None:
    letter = send(address=READER)
    assert post(person("Edith"), letter, "take").status_code == 302
    late = post(person("Emil"), letter, "answer", answer="Typed for an hour.", closes="on")
    page = late.content.decode()
    assert (late.status_code, "since you opened it" in page, "Typed for an hour." in page) == (409, True, True)
    assert again(letter).answer == ""
    assert post(person("Emil"), again(letter), "answer", answer="Typed for an hour.").status_code == 302
    assert (again(letter).answer, again(letter).holder) == ("Typed for an hour.", person("Edith"))


def test_two_at_once_are_one_and_one_too_late() -> None:
    letter = send()
    people = [person("Edith"), person("Emil")]
    outcomes = at_once(*(partial(again(letter).take, by=user, seen=0) for user in people))
    assert (refusals(outcomes), sum(isinstance(each, IllegalMove) for each in outcomes)) == (1, 1)
    assert again(letter).revision == 1


def test_answer_goes_to_the_reader_alone_and_says_what_it_is(run_tasks: Run) -> None:
    letter = send(f"Secret {WORDS}", address=READER)
    assert post(person("Edith"), letter, "answer", answer=f"It depends. {WORDS}", closes="on").status_code == 302
    run_tasks()
    sent = only("letter_answered")
    html = sent.alternatives[0].content
    assert sent.to == [READER]
    assert ("It depends." in sent.body, "no advice about your own health" in sent.body, "Secret" in sent.body) == (
        True,
        True,
        False,
    )
    assert ("<zqx" in html, "/articles/hiccups-at-night/" in html) == (False, True)
    kept = Message.objects.get(kind=letter_mail.ANSWERED)
    assert (kept.state, kept.address, kept.text) == ("sent", READER, "")
    letter = again(letter)
    assert (letter.state, letter.outcome, letter.closed_by) == ("closed", "answered", person("Edith"))
    told = Event.objects.filter(kind__startswith="letter_").order_by("seq")
    assert [each.kind for each in told] == ["letter_answered", "letter_closed"]
    assert not any(word in each.payload for each in told for word in ("Secret", READER, "depends"))
    assert verify()[0] == []
    assert post(person("Edith"), letter, "answer", answer="Once more.").status_code == 422


CLOSINGS: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "no_change"}, "Say why"),
    ({"outcome": "duplicate"}, "Name another letter"),
    ({"outcome": "duplicate", "number": "self"}, "Name another letter"),
    ({"outcome": "in_version"}, "Name a version"),
    ({"outcome": "in_version", "number": "7"}, "Name a version"),
    ({"outcome": "answered"}, "answered is not one"),
    ({"outcome": "nonsense"}, "nonsense is not one"),
    ({"outcome": ""}, "Choose an outcome"),
    ({"outcome": "spam", "seen": "nonsense"}, "whole number"),
    ({"outcome": "no_change", "reason": "It stands there.\x00"}, ""),
    ({"outcome": "duplicate", "number": "other"}, ""),
    ({"outcome": "in_version", "number": "1"}, ""),
    ({"outcome": "spam"}, ""),
    ({"outcome": "not_for_us"}, ""),
]


def test_letter_is_closed_with_an_outcome_that_has_what_it_needs() -> None:
    other = send("Another one.")
    for number, (given, error) in enumerate(CLOSINGS):
        letter = send(f"Letter {number}.", problem="wrong")
        numbers = {"self": letter.pk, "other": other.pk}
        said = given | {"number": numbers.get(given.get("number", ""), given.get("number", ""))}
        response = post(person("Edith"), letter, "close", **said)
        expected = (422, "new") if error else (302, "closed")
        assert (response.status_code, again(letter).state) == expected, said
        assert error in response.content.decode(), said
    closed = ReaderLetter.objects.filter(state="closed")
    assert set(closed.values_list("outcome", flat=True)) == set(LetterOutcome.values) - {"answered"}
    assert post(person("Edith"), again(closed[0]), "take").status_code == 422


def answered_in_draft(letter: ReaderLetter) -> Version:
    said = {"question": "Is it  the\nnerve?", "answer": "It can be."}
    assert post(person("Edith"), letter, "version", **said).status_code == 302
    return Version.objects.get(number=2)


def approved(draft: Version) -> Version:
    submitted = factories.submit(draft)
    factories.assign(submitted, [d.reviewer for d in version().decisions.all()], by=person("Emil"))
    return factories.approve(submitted)


def test_answer_becomes_public_only_with_an_approved_version(run_tasks: Run) -> None:
    letter = send(address=READER)
    draft = answered_in_draft(letter)
    key = f"letter-{letter.pk}"
    assert [(each.key, each.question, each.answer) for each in draft.document.questions] == [
        (key, "Is it the nerve?", "It can be.")
    ]
    assert (again(letter).state, again(letter).awaits_number) == ("awaiting", 2)
    assert (letters.follow(), Publication.objects.get(is_page=True).document.questions) == (0, ())
    shown = [at_desk(person(name)).get(draft.get_absolute_url()).content.decode() for name in ("Edith", "Owner")]
    assert [f"{HERE}{letter.pk}/" in page for page in shown] == [True, True]
    assert all("It stands under readers’ questions." in page for page in shown)
    second = approved(draft)
    assert letters.follow() == 1
    assert letters.follow() == 0
    letter = again(letter)
    assert (letter.state, letter.outcome, letter.came_with, letter.closed_by) == ("closed", "in_version", second, None)
    run_tasks()
    assert f"/articles/hiccups-at-night/#question_{key}" in only("letter_arrived").body
    assert f'id="question_{key}"' in Client().get("/articles/hiccups-at-night/").content.decode()


def test_reader_is_not_sent_to_an_article_that_was_retracted(run_tasks: Run) -> None:
    letter = send(address=READER)
    approved(answered_in_draft(letter)).move("retract", by=person("Emil"), reason="Its source was withdrawn.")
    assert letters.follow() == 1
    assert again(letter).state == "taken"
    said = {"outcome": "in_version", "number": "2"}
    assert "Name a version" in post(person("Edith"), again(letter), "close", **said).content.decode()
    assert post(person("Edith"), again(letter), "close", **said | {"number": "1"}).status_code == 302
    run_tasks()
    assert Message.objects.get(kind=letter_mail.ARRIVED).why == "The article was retracted before this could go out."


def test_letter_comes_back_when_its_answer_does_not_come() -> None:
    taken_out, discarded = send("Taken out."), send("Discarded.")
    draft = answered_in_draft(taken_out)
    put_in_version(discarded, by=person("Emil"), seen=0, question="And this?")
    draft = Version.objects.get(pk=draft.pk)
    without = draft.document.model_copy(update={"questions": ()})
    draft.discard(by=person("Edith"))
    assert letters.follow() == 2
    assert {each.state for each in ReaderLetter.objects.all()} == {"taken"}
    draft = put_in_version(again(taken_out), by=person("Edith"), seen=again(taken_out).revision, question="Once more?")
    approved(draft.save_draft(without, by=version().article.owner, based_on=draft.revision))
    assert letters.follow() == 1
    assert (again(taken_out).state, again(taken_out).awaits_number) == ("taken", None)


def test_version_that_is_being_reviewed_takes_no_question() -> None:
    letter = send()
    opened = at_desk(person("Edith")).get(f"{HERE}{letter.pk}/").content.decode()
    assert "Put it into a draft" in opened
    factories.submit(factories.revise(version(), factories.make_content(canary="x")))
    opened = at_desk(person("Edith")).get(f"{HERE}{letter.pk}/").content.decode()
    assert ("is submitted: its text stays" in opened, "Put it into" in opened) == (True, False)
    response = post(person("Edith"), letter, "version", question="Is it the nerve?", answer="Kept.")
    page = response.content.decode()
    assert (response.status_code, "is with the reviewers" in page, "Kept." in page) == (422, True, True)
    assert again(letter).state == "new"


def test_draft_without_room_says_so() -> None:
    letter, draft = send(), factories.revise(version())
    longer = "\u0958" * 500  # by half, as it is kept
    assert "at most 500" in post(person("Edith"), letter, "version", question=longer).content.decode()
    with pytest.raises(ValidationError, match="at most 500"):
        put_in_version(letter, by=person("Edith"), seen=0, question=longer)
    many = [{"key": f"q{n}", "question": f"Question {n}?", "answer": "Yes."} for n in range(40)]
    full = canonical.loads(draft.content).model_dump() | {"questions": many}
    draft.save_draft(type(draft.document).model_validate(full), by=person("Owner"), based_on=draft.revision)
    with pytest.raises(ValidationError, match="cannot take it"):
        put_in_version(letter, by=person("Edith"), seen=0, question="One more?")


def test_confirmation_is_one_mail_an_hour_and_holds_nothing_of_the_form(run_tasks: Run) -> None:
    first = send(f"Secret {WORDS}", address=READER)
    for n, address in enumerate((READER, READER.upper(), READER.replace("@", "+more@"))):
        send(f"Letter {n}", address=address)
    send("Nobody to tell.")
    assert (letters.confirm(), letters.confirm()) == (1, 0)
    run_tasks()
    sent = only("letter_received")
    assert (sent.to, f"number {first.pk}." in sent.body, "Secret" in sent.body) == ([READER], True, False)
    for hours in (2, 4, 6):
        Message.objects.filter(kind=letter_mail.RECEIVED).update(created_at=letter_mail.since(hours=hours))
        send(f"After {hours} hours.", address=READER)
        letters.confirm()
    assert Message.objects.filter(kind=letter_mail.RECEIVED).count() == letters.MOST_CONFIRMED


def test_editors_are_told_once_a_day_and_of_danger_at_once(run_tasks: Run) -> None:
    assert letter_mail.tell_editors() == 0
    send()
    assert (letter_mail.tell_editors(), letter_mail.tell_editors()) == (2, 0)
    send("It harms.", problem="dangerous")
    assert (letter_mail.tell_editors(), letter_mail.tell_editors()) == (3, 0)
    run_tasks()
    sent = [(kind(each.message()), each.to[0]) for each in mail.outbox]
    editors = {user.email for user in User.objects.with_role(Role.EDITOR)}
    assert {to for name, to in sent if name == "letters-dangerous"} == editors
    assert {to for name, to in sent if name == "letters-waiting"} == editors - {person("Owner").email}
    told = Message.objects.filter(kind=letter_mail.DANGEROUS)
    send("So does this.", problem="dangerous")  # in the same hour: told when an hour has gone since the last mail
    assert letter_mail.tell_editors() == 0
    told.update(created_at=letter_mail.since(hours=1))
    assert (letter_mail.tell_editors(), letter_mail.tell_editors()) == (3, 0)
    for letter in ReaderLetter.objects.filter(problem="dangerous"):
        letter.take(by=person("Edith"), seen=0)
    told.update(state="waiting", settled_at=None)
    assert letter_mail.write_dangerous(told[0]) == "An editor has taken it."


def aged(superuser: Connection, days: int) -> None:
    """As if all that happened had happened so many days earlier."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        f"UPDATE reviews_readerletter SET closed_at = closed_at - interval '{days} days',"
        f" received_at = received_at - interval '{days} days'"
    )


def test_what_readers_gave_is_forgotten(
    as_superuser: Connection, run_tasks: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, stays = send(address=READER), send("Stays.", address="other@example.org")
    send("Stays, too.", address="third@example.org")
    closed.reply("It can be.", by=person("Edith"), seen=0, closes=True)
    letters.confirm()
    run_tasks()
    monkeypatch.setattr(letters, "BATCH", 1)
    assert letters.forget() == 0
    aged(as_superuser, 29)
    assert letters.forget() == 0
    assert set(ReaderLetter.objects.values_list("sender_key", flat=True)) == {""}
    aged(as_superuser, 2)
    assert letters.forget() == 1
    assert (again(closed).address, again(closed).words, again(stays).address) == (
        "",
        "Is it the nerve?",
        "other@example.org",
    )
    assert not Message.objects.filter(address=READER).exists()
    assert Message.objects.filter(address="other@example.org").exists()
    assert "Deleted on" in at_desk(person("Edith")).get(f"{HERE}{closed.pk}/").content.decode()
    aged(as_superuser, 336)
    assert letters.forget() == 3
    assert not ReaderLetter.objects.exclude(address="").exists()
    assert (again(closed).words, again(closed).answer, again(stays).words, again(stays).address) == (
        "",
        "",
        "Stays.",
        "",
    )


FORBIDDEN = [
    "UPDATE reviews_readerletter SET words = 'Other words.'",
    "UPDATE reviews_readerletter SET words = '' WHERE state <> 'closed'",
    "UPDATE reviews_readerletter SET address = 'other@example.org', consented_at = now()",
    "UPDATE reviews_readerletter SET problem = 'wrong', kind = 'problem'",
    "UPDATE reviews_readerletter SET received_at = now() - interval '1 day'",
    "UPDATE reviews_readerletter SET outcome = 'no_change' WHERE state = 'closed'",
    "UPDATE reviews_readerletter SET state = 'taken', closed_at = NULL, outcome = '' WHERE state = 'closed'",
    "UPDATE reviews_readerletter SET answer = 'Other.' WHERE state = 'closed'",
    "UPDATE reviews_readerletter SET state = 'closed' WHERE state = 'new'",
    "UPDATE reviews_readerletter SET holder_id = NULL WHERE state = 'taken'",
]


def test_database_keeps_letters_as_they_were_sent(as_staff: Connection) -> None:
    send("Closed.").close(LetterOutcome.SPAM, by=person("Edith"), seen=0)
    send("Taken.").take(by=person("Edith"), seen=0)
    send("New.")
    for statement in FORBIDDEN:
        with pytest.raises(psycopg.errors.IntegrityError):
            pytest.fail(f"{as_staff.execute(statement).statusmessage}: {statement}")


def test_letter_of_an_editor_who_left_is_nobodys() -> None:
    letter = send()
    assert post(person("Edith"), letter, "hand-over", to=person("Emil").pk).status_code == 302
    assert again(letter).holder == person("Emil")
    person("Emil").end_role(Role.EDITOR, by=None)
    assert letters.follow() == 1
    assert (again(letter).state, again(letter).holder) == ("new", None)


def listed(user: User, query: str = "") -> list[int]:
    page = at_desk(user).get(f"{HERE}{query}")
    assert page.status_code == 200, query
    return [int(number) for number in re.findall(rf'href="{HERE}(\d+)/"', page.content.decode())]


def test_most_pressing_stand_first_and_every_view_has_its_own(as_superuser: Connection) -> None:
    question, danger, late, done = send(), send("It harms.", problem="dangerous"), send("Late."), send(WORDS)
    ReaderLetter.objects.filter(pk=late.pk).update(due_on="2026-01-01")
    done.close(LetterOutcome.SPAM, by=person("Edith"), seen=0)
    question.take(by=person("Edith"), seen=0)
    edith = person("Edith")
    assert listed(edith) == [danger.pk, late.pk, question.pk]
    assert listed(edith, "?view=mine") == [question.pk]
    assert listed(edith, "?view=nobody") == [danger.pk, late.pk]
    assert listed(edith, "?view=over") == [late.pk]
    assert listed(edith, "?view=closed") == [done.pk]
    assert listed(edith, "?view=awaiting") == []
    assert listed(edith, "?kind=question") == [late.pk, question.pk]
    assert listed(edith, "?kind=dangerous") == [danger.pk]
    assert listed(edith, f"?q={late.pk}") == [late.pk]
    assert listed(edith, "?q=hiccups&kind=question") == [late.pk, question.pk]
    assert listed(edith, f"?article={version().article_id}") == [danger.pk, late.pk, question.pk]
    for nonsense in ("?view=x&kind=y&page=-1&article=z", "?page=99999999999999999999", "?q=" + "9" * 40, "?q=%00"):
        assert listed(edith, nonsense) in ([danger.pk, late.pk, question.pk], []), nonsense
    page = at_desk(edith).get(HERE).content.decode()
    assert (page.count("data-key-row"), page.count("data-key-search")) == (3, 1)
    home = at_desk(edith).get("/desk/").content.decode()
    assert 'Letters <span class="count">3<' in home


def test_hostile_words_are_shown_as_words() -> None:
    letter = send(WORDS)
    for path in (HERE, f"{HERE}{letter.pk}/"):
        page = at_desk(person("Edith")).get(path).content.decode()
        assert ("&lt;zqx" in page, "<zqx" in page, "<script>zqx" in page) == (True, False, False), path
