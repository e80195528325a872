"""What an administrator finds at the desk: people, mail and the state of the machine, in one query."""

from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

SOON = 60  # days

_FIGURES = """
SELECT
    (SELECT count(*) FROM people_user WHERE is_active),
    (SELECT count(*) FROM people_invitation
        WHERE accepted_at IS NULL AND cancelled_at IS NULL AND expires_at > now()),
    (SELECT count(*) FROM people_boardterm WHERE ended_early_on IS NULL
        AND ends_on BETWEEN (now() AT TIME ZONE 'UTC')::date AND (now() AT TIME ZONE 'UTC')::date + %(soon)s),
    (SELECT count(*) FROM people_user u WHERE u.is_active AND EXISTS (
        SELECT FROM people_rolegrant g
        WHERE g.user_id = u.id AND g.role IN ('author', 'reviewer') AND g.ended_at IS NULL
    ) AND NOT EXISTS (
        SELECT FROM people_disclosure d WHERE d.user_id = u.id AND d.valid_until >= (now() AT TIME ZONE 'UTC')::date)),
    (SELECT count(*) FROM people_message WHERE state = 'failed'),
    (SELECT count(*) FROM people_message WHERE state IN ('waiting', 'held')),
    (SELECT count(*) FROM django_tasks_database_dbtaskresult
        WHERE status = 'READY' AND greatest(run_after, enqueued_at) < now() - interval '10 minutes'),
    (SELECT count(*) FROM reviews_turn WHERE side = 'editors' AND holder_id IS NULL),
    (SELECT count(*) FROM reviews_readerletter
        WHERE state IN ('new', 'taken') AND due_on < (now() AT TIME ZONE 'UTC')::date)
"""


class Figure(NamedTuple):
    """A number with its words and where it leads; `is_trouble` when somebody should look."""

    number: int
    words: str
    url: str
    icon: str
    is_trouble: bool = False


def figures() -> list[Figure]:
    """How the office stands: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"soon": SOON})
        found: tuple[Any, ...] = cursor.fetchone() or ()
    users, invited, ending, undeclared, failed, waiting, stalled, nobody, letters = found
    people, outbox = reverse("people:list"), reverse("outbox:list")
    return [
        Figure(users, "people with an open account", people, "users"),
        Figure(invited, "invitations not yet accepted", people, "mail"),
        Figure(ending, f"board terms that end within {SOON} days", people, "clock", ending > 0),
        Figure(undeclared, "authors and reviewers without a current disclosure", people, "file-text", undeclared > 0),
        Figure(failed, "mails that could not be sent", outbox, "triangle-alert", failed > 0),
        Figure(waiting, "mails waiting or held", outbox, "send"),
        Figure(stalled, "tasks that nobody has taken up for 10 minutes", outbox, "circle-alert", stalled > 0),
        Figure(nobody, "articles that wait for an editor, and none can take them", people, "inbox", nobody > 0),
        Figure(letters, "letters from readers over their date: editors answer them", people, "mail", letters > 0),
    ]
