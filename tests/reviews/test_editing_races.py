"""Two editors in the same instant, and what readers see of what one of them did."""

from ledger.models import Event
from people.rules import today
from publications.models import Publication
from reviews.models import Assignment
from tests.factories import board_member, editor, make_version
from tests.racing import at_once
from tests.reviews.desks import at, at_desk, due

REASON = "The second paragraph contradicts its source."


def test_notice_is_what_was_shown(committed_db: None) -> None:
    version, eve = make_version("approved"), editor(name="Eve Editor")
    at_desk(eve).post(at(version, "retract"), {"reason": REASON, "confirmed": "on"})
    (notice,) = Publication.objects.page(version.article.slug).get().notices
    assert (notice.kind, notice.reason, notice.by, notice.on) == ("retraction", REASON, "Eve Editor", today())


def test_two_editors_at_once_take_one_step(committed_db: None) -> None:
    version = make_version("under_review")
    clients = [at_desk(editor()) for _ in range(2)]
    outcomes = at_once(
        lambda: clients[0].post(at(version, "decline"), {"reason": "a"}).status_code,
        lambda: clients[1].post(at(version, "send-back"), {"reason": "b"}).status_code,
    )
    assert sorted(outcomes) == [302, 409]
    assert Event.objects.filter(kind__in=("declined", "changes_requested")).count() == 1


def test_two_editors_at_once_ask_a_reviewer_once(committed_db: None) -> None:
    version, reviewer = make_version("submitted"), board_member()
    clients = [at_desk(editor()) for _ in range(2)]
    sent = {"reviewers": [reviewer.pk], **due()}
    outcomes = at_once(*(lambda c=client: c.post(at(version, "assign"), sent).status_code for client in clients))
    assert sorted(outcomes) == [302, 422]
    assert Assignment.objects.count() == 1
    assert Event.objects.filter(kind="reviewer_invited").count() == 1
