"""A letter with which two things happen at once: what came second sees what the first did."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from articles.models import Version
from people.models import Message
from reviews import letter_mail, letters
from reviews.states import LetterOutcome
from tests import factories
from tests.conftest import Connection
from tests.reviews.desks import at_desk
from tests.reviews.letters import send

WAITING = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
pytestmark = pytest.mark.usefixtures("committed_db")


def meanwhile(first: Callable[[], Any], second: Callable[[], Any], watching: Connection) -> Any:
    """Do the first; let the second begin before it is committed; what the second gave, or the error it ended with."""
    gave: list[Any] = []

    def run() -> None:
        try:
            gave.append(second())
        except Exception as error:  # noqa: BLE001 - given to the test
            gave.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        until = time.monotonic() + 20
        while thread.is_alive() and not watching.execute(WAITING).rowcount:
            assert time.monotonic() < until
            time.sleep(0.005)
    thread.join(20)
    return gave[0]


def test_question_goes_into_the_draft_that_its_author_is_saving(as_superuser: Connection) -> None:
    version = factories.make_version("approved")
    editor, draft, letter = factories.editor(), factories.revise(version), send("Why")
    written = draft.document.model_copy(update={"title": "Hiccups by night"})
    said = {"seen": 0, "question": "Is it the nerve?", "answer": "It can be."}
    client = at_desk(editor)
    response = meanwhile(
        lambda: draft.save_draft(written, by=version.article.owner, based_on=draft.revision),
        lambda: client.post(f"/desk/letters/{letter.pk}/version/", said).status_code,
        as_superuser,
    )
    now = Version.objects.get(pk=draft.pk).document
    assert (response, now.title, len(now.questions)) == (302, "Hiccups by night", 1)


def test_letter_that_is_closed_while_it_is_confirmed_holds_up_no_other(as_superuser: Connection) -> None:
    factories.make_version("approved")
    editor, closed, other = (
        factories.editor(),
        *(send(each, address=f"{each}@example.org") for each in ("one", "two")),
    )
    confirmed = meanwhile(
        lambda: closed.close(LetterOutcome.SPAM, by=editor, seen=0),
        letters.confirm,
        as_superuser,
    )
    told = Message.objects.filter(kind=letter_mail.RECEIVED).values_list("address", flat=True)
    assert (confirmed, list(told)) == (1, [other.address])
