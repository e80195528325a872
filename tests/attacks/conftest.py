"""The demonstration, committed once for all attacks on it: something stands on every desk."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from articles.codes import Icd10Code
from articles.models import Version
from people.models import Role, User
from tests.conftest import Blocker
from tests.factories import make_person
from tests.harness import WorkerDatabase


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
        make_person(email="stranger@example.org", roles=[Role.AUTHOR, Role.REVIEWER])
        last_draft = Version.objects.filter(state="draft", article__owner__email="author@demo.example").latest("pk")
        last_draft.discard(by=User.objects.get(email="editor@demo.example"))
        yield worker_database
        worker_database.renew()
