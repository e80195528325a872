"""The ladder: whoever owes something is reminded before, at and after the day; then somebody above is told.

Each rung is climbed once for one debt (a version, a queue, a person, a due date). A chore that did not run for some
days climbs the highest rung that was reached, not each one that was missed. Nobody is reminded on the day on which they
came to owe it, nor while they are away. When the mail goes out, what it says must still be so (`reviews.mail`).
"""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Version
from people import permissions
from people.models import Message, User
from reviews.models.reminders import Debt, Reminder
from reviews.states import Queue, Side


class Rung(NamedTuple):
    """A reminder so many days after the due date (before it, when negative); not in these queues."""

    name: str
    days: int
    but_not: frozenset[str] = frozenset()


#: Told to who owes it.
HOLDER_RUNGS = (
    Rung("before", -3),
    Rung("at", 0),
    Rung("after", 3, but_not=frozenset({Queue.DRAFT})),
    Rung("long_after", 7, but_not=frozenset({Queue.DRAFT})),
)
#: Told to the article's editor; of an editor's own turn to the other editors who may take it, or else to the
#: administrators.
ESCALATION = Rung("escalated", 10, but_not=frozenset({Queue.DRAFT}))
PAUSE = timedelta(hours=24)  # between two reminders of the same thing to the same person by hand

_CLIMB = """
WITH today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
rungs AS (
    SELECT * FROM jsonb_to_recordset(%(rungs)s::jsonb) AS r(name text, days int, but_not text[], above boolean)
),
reached AS MATERIALIZED (
    SELECT DISTINCT ON (d.version_id, d.side, d.holder_id, r.above) d.*, r.name AS rung, r.above
    FROM reviews_debt d, rungs r, today
    WHERE d.due_on <= today.day + %(first)s AND d.due_on + r.days <= today.day AND d.began_on < d.due_on + r.days
    AND NOT d.queue = ANY (r.but_not)
    ORDER BY d.version_id, d.side, d.holder_id, r.above, r.days DESC
),
fresh AS MATERIALIZED (
    SELECT * FROM reached d WHERE NOT EXISTS (
        SELECT FROM reviews_reminder x WHERE (x.version_id, x.queue, x.holder_id, x.due_on, x.rung)
            = (d.version_id, d.queue, d.holder_id, d.due_on, d.rung)
    ) AND (d.above OR NOT is_away(d.holder_id))
),
told AS (
    SELECT f.*, f.holder_id AS user_id FROM fresh f WHERE NOT above
    UNION ALL
    SELECT f.*, CASE WHEN is_away(f.editor_id) THEN coalesce(choose_editor(f.version_id), f.editor_id)
        ELSE f.editor_id END
    FROM fresh f WHERE above AND side <> 'editors' AND editor_id IS NOT NULL
    UNION ALL
    SELECT f.*, g.user_id FROM fresh f JOIN people_rolegrant g ON g.ended_at IS NULL AND g.user_id <> f.holder_id
    WHERE above AND side = 'editors' AND CASE
        WHEN g.role = 'editor' THEN may_handle(g.user_id, f.version_id)
        WHEN g.role = 'administrator' THEN NOT EXISTS (
            SELECT FROM people_rolegrant e WHERE e.role = 'editor' AND e.ended_at IS NULL
            AND e.user_id <> f.holder_id AND may_handle(e.user_id, f.version_id)
        )
        ELSE false END
)
INSERT INTO reviews_reminder (version_id, queue, holder_id, due_on, rung, user_id, made_at)
SELECT version_id, queue, holder_id, due_on, rung, user_id, now() FROM told
ON CONFLICT DO NOTHING
RETURNING id
"""


def climb() -> int:
    """Post every reminder that has come due; how many that were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLIMB, {"rungs": _rungs(), "first": -min(rung.days for rung in HOLDER_RUNGS)})
        made = [number for (number,) in cursor.fetchall()]
        reminders = Reminder.objects.filter(pk__in=made).select_related("version", "user").order_by("pk")
        reminders = reminders.defer("version__content", "version__source")
        return len(Message.objects.add(_message("reviews/reminder", reminder) for reminder in reminders))


def _rungs() -> str:
    from json import dumps

    rungs = [(rung, False) for rung in HOLDER_RUNGS] + [(ESCALATION, True)]
    return dumps([{**rung._asdict(), "but_not": sorted(rung.but_not), "above": above} for rung, above in rungs])


def _message(kind: str, reminder: Reminder) -> Message:
    if reminder.rung == ESCALATION.name:
        kind = "reviews/escalation"
    return Message.objects.to(
        reminder.user,
        kind,
        key=f"{kind.partition('/')[2]}.{reminder.pk}",
        about=(reminder.version.article_id, reminder.version_id),
        reminder=reminder.pk,
    )


def remind(article: Article, *, by: User, whom: int | None = None) -> list[User]:
    """An editor reminds, at once, who has to act on an article: its holder, and every reviewer who is late; or only the
    person with the number `whom`, late or not.

    Several reminders to one person go together in one mail. Returns who is reminded.

    Raises:
        PermissionDenied: `by` may not handle the version, or it is a draft that was not submitted yet.
        ValidationError: nobody has to act, it is their own turn, or all were reminded within the last 24 hours.
    """
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        debts = list(Debt.objects.filter(article=article).select_related("version__article", "holder"))
        if not debts:
            raise ValidationError("Nobody has to act on this article now.")
        first = min(debts, key=lambda debt: debt.due_on)
        if first.queue == Queue.DRAFT or not permissions.may_handle(User.objects.get(pk=by.pk), first.version):
            raise PermissionDenied("Only an editor of this article reminds people.")
        owed = [debt for debt in debts if debt is first or (debt.side == Side.REVIEWERS and debt.days_over > 0)]
        if whom and not (owed := [debt for debt in debts if debt.holder_id == whom]):
            raise ValidationError("It is not their turn now.")
        return [debt.holder for debt in _remind(owed, by=by)]


def _remind(debts: list[Debt], *, by: User) -> list[Debt]:
    others = [debt for debt in debts if debt.holder_id != by.pk]
    if not others:
        raise ValidationError("This is your own turn.")
    late = [debt for debt in others if not _was_told_lately(debt.version, debt.holder)]
    if not late:
        raise ValidationError("Reminded within the last 24 hours already.")
    for debt in late:
        reminder = Reminder.objects.create(
            version=debt.version,
            queue=debt.queue,
            holder=debt.holder,
            due_on=debt.due_on,
            rung=f"by_hand_{timezone.now():%y%j%H%M%S}",
            user=debt.holder,
        )
        message = _message("reviews/nudge", reminder)
        message.arguments["by"] = by.pk
        Message.objects.add([message])
    return late


def _was_told_lately(version: Version, user: User) -> bool:
    since = timezone.now() - PAUSE
    return Reminder.objects.filter(version=version, user=user, made_at__gt=since).exists()
