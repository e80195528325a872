"""The demonstration, committed once for all attacks on it: something stands on every desk."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import QueryDict

from articles.codes import Icd10Code
from articles.models import Typing, Version
from people.models import Conflict, Role, User
from publications.finding import synonyms
from publications.policies import Policy
from tests.attacks.hostile import WORDS
from tests.attacks.sending import POLICY
from tests.conftest import Blocker
from tests.factories import make_person
from tests.harness import WorkerDatabase


def _type(draft: Version, user: User) -> None:
    """Words that could not be saved, as a browser sends them."""
    typed = QueryDict(mutable=True)
    typed.update({"title": "Typed and lost", "presentation_patient": "It comes and goes."})
    typed.update({"diagnosis-new-1_name": "A new one", "reference-r1_citation": "A book, 2024."})
    assert Typing.objects.keep(draft, user, typed, tab="a" * 32, based_on=draft.revision)


def _keep_site(editor: User) -> None:
    """What editors keep of the public site, hostile from the beginning: nobody else can write it there."""
    said = {"title": WORDS[:120], "body": f"## {WORDS}\n\n{WORDS}", "change_note": WORDS}
    assert Policy.objects.publish(POLICY, **said, based_on=0, by_id=editor.pk) == 1
    words = (WORDS[:24], "zqx()</textarea><script>", "{{zqx}}=1")
    assert synonyms.keep(words, instead_of=synonyms.Group(0, ()), by_id=editor.pk)


@pytest.fixture(scope="module")
def demonstration(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[WorkerDatabase]:
    """Its people and articles, and two strangers: one whose roles have ended, one who writes and reviews."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DDX_DEMO_PASSWORD", "a quiet word")
        patch.setattr(Icd10Code.objects, "unknown_in", lambda _: set())  # nobody loaded them
        call_command("demo_content", stdout=StringIO())
        ended = make_person(email="ended@example.org", roles=[Role.AUTHOR, Role.EDITOR, Role.REVIEWER])
        for role in (Role.AUTHOR, Role.EDITOR, Role.REVIEWER):
            ended.end_role(role, by=None)
        stranger = make_person(email="stranger@example.org", roles=[Role.AUTHOR, Role.REVIEWER])
        reviewer = User.objects.get(email="reviewer-1@demo.example")
        Conflict.objects.declare(stranger, "We were partners.", by=reviewer).withdraw("No more.", by=reviewer)
        drafts = Version.objects.filter(state="draft", number=1, article__owner__email="author@demo.example").order_by(
            "-pk"
        )
        for draft in drafts:
            _type(draft, draft.author)
        editor = User.objects.get(email="editor@demo.example")
        drafts[0].discard(by=editor)
        _keep_site(editor)
        yield worker_database
        worker_database.renew()
