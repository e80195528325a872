"""Taking in the files of batches, one transaction each: killed anywhere, it goes on where it was.

`manage.py tend` does this for a few seconds at a time. Nothing is kept outside the database but the time.
"""

import logging
import time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from articles.batch_files import FileState, IntakeFile
from articles.batches import IntakeBatch
from articles.intake import NotAnArticle
from articles.laying import Desk, DeskTaken, Status, page_of
from articles.models import Version
from articles.twins import compare
from ledger.models import Event

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # at a file in the middle of which the process ended
SLICE = 5.0  # seconds for one batch, before the next has its turn


def go_on(*, seconds: float = 10.0) -> int:
    """Take in what waits, for about so long; how many files were dealt with. One query when nothing waits."""
    until, done = time.monotonic() + seconds, 0
    for batch in IntakeBatch.objects.unfinished().select_related("author", "begun_by").prefetch_related("labels"):
        if time.monotonic() >= until:
            break
        done += work_on(batch, until=min(until, time.monotonic() + SLICE))
    return done


def work_on(batch: IntakeBatch, *, until: float) -> int:
    """Take in files of one batch until that moment of `time.monotonic`. None while another import has the desk."""
    if reason := batch.in_the_way():
        return batch.files.filter(state=FileState.WAITING).update(
            state=FileState.REFUSED, reason=reason, done_at=timezone.now()
        )
    desk = Desk(
        batch.author, specialty=batch.specialty, submit=batch.to_submit, origin=batch.origin, ai_tool=batch.ai_tool
    )
    try:
        with desk.open():
            return _work(batch, desk, until)
    except DeskTaken:
        return 0


def _work(batch: IntakeBatch, desk: Desk, until: float) -> int:
    done = 0
    while time.monotonic() < until and (pk := _claim(batch)):
        if laid := take_in(pk, batch, desk):
            compare(laid.pk)
        done += 1
    return done


def _claim(batch: IntakeBatch) -> int | None:
    """The next file, with one attempt more on its account, so that none can end the process for ever."""
    pk = batch.files.filter(state=FileState.WAITING).order_by("pk").values_list("pk", flat=True).first()
    if pk is not None:
        IntakeFile.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    return pk


def take_in(pk: int, batch: IntakeBatch, desk: Desk) -> Version | None:
    """Make an article of one file, or say why it is none; in one transaction. The version that was made."""
    with transaction.atomic():
        file = IntakeFile.objects.select_for_update().get(pk=pk)
        if file.state != FileState.WAITING or file.data is None:  # stopped in this moment
            return None
        try:
            with transaction.atomic():
                return _lay(file, batch, desk)
        except NotAnArticle as refused:
            _settle(file, FileState.REFUSED, line=refused.line, reason=refused.reason)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("File %s of intake %s could not be taken in", file.pk, batch.pk)
            desk.known = desk.on_it_already()
            _settle(IntakeFile.objects.get(pk=pk), FileState.REFUSED, reason=_in_words(error))
    return None


def _lay(file: IntakeFile, batch: IntakeBatch, desk: Desk) -> Version | None:
    if file.attempts > MOST_ATTEMPTS:
        raise NotAnArticle("reading this file ended the import again and again; look at it before you try once more")
    page = page_of(file.name, bytes(file.data or b""))
    again = batch.is_doubling or file.is_doubling
    outcome = desk.lay(file.name, page, again=again, handed_in_by=file.sent_by)
    file.title = page.taken.content.title[:500]
    if outcome.version is None:
        _settle(file, FileState.KNOWN, article_id=outcome.known_as)
        return None
    file.data, file.doubts, file.missing = None, outcome.doubts, list(outcome.missing)
    _mark(outcome.version, file, batch)
    _settle(file, _STATES[outcome.status], article_id=outcome.version.article_id)
    return outcome.version


_STATES = {
    Status.IMPORTED: FileState.IMPORTED,
    Status.SUBMITTED: FileState.SUBMITTED,
    Status.INCOMPLETE: FileState.INCOMPLETE,
}


def _mark(version: Version, file: IntakeFile, batch: IntakeBatch) -> None:
    """What the editor chose for all of the batch, and which editor sent the file."""
    Event.objects.append("taken_in", by=file.sent_by, **version.reference, file=file.name, batch=batch.pk)
    if batch.author_id != batch.begun_by_id and batch.priority != version.article.priority:
        version.article.prioritise(batch.priority, by=batch.begun_by)
    if labels := batch.labels.all():
        version.article.label(*labels, by=batch.begun_by)


def _settle(file: IntakeFile, state: FileState, **fields: object) -> None:
    file.state, file.done_at = state, timezone.now()
    for name, value in fields.items():
        setattr(file, name, value)
    file.save()


def _in_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, PermissionDenied) and str(error):
        return str(error)
    return "the portal failed on this file, which is written in its log; try it again, or send it another way"
