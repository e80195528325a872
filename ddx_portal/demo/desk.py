"""What else stands on the desks of the demonstration: files taken in, a plan, saved views, messages held back."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from articles import taking_in
from articles.batches import IntakeBatch
from articles.intake.packed import Packed
from articles.labels import Label
from articles.models import Version
from articles.states import Origin, VersionState
from ddx_portal.demo.letters import write_letters
from ddx_portal.demo.site import keep_site
from ddx_portal.demo.walk import ANSWER_DAYS, EDITOR, REVIEW_DAYS
from people.models import Message, User
from people.rules import today
from people.specialties import MedicalSpecialty
from reviews import planning
from reviews.desk_wanted import Wanted
from reviews.load import Window
from reviews.models import SavedView
from reviews.states import Specialists

HERE = Path(__file__).parent
AUTHOR = "author@demo.example"
#: Of the batch of files, which is made last: where it is, everything is.
KEY = uuid.UUID("d3300000-0000-4000-8000-000000000001")
NEW, NO_ARTICLE = HERE / "intake" / "cold-white-fingers.md", HERE / "intake" / "minutes-of-a-meeting.txt"
KNOWN, ALIKE = HERE / "articles" / "metallic-taste.md", HERE / "articles" / "tingling-in-both-hands.md"


def furnish(people: dict[str, User]) -> None:
    """Make all of it, once; what somebody did with it since stays as it is."""
    with transaction.atomic():
        if not IntakeBatch.objects.filter(key=KEY).exists():
            editor = people[EDITOR]
            save_views(editor)
            make_plan(editor)
            hold_messages(editor)
            take_in(people[AUTHOR], by=editor)
    while taking_in.go_on():
        pass
    write_letters(people[EDITOR])
    keep_site(people[EDITOR])


def save_views(editor: User) -> None:
    """Two views of the queue that the editor comes back to."""
    urgent = Wanted(view="all", priority=1)
    SavedView.objects.keep("Urgent", urgent.lasting_query, by=editor)
    if label := Label.objects.filter(name="Autumn list").first():
        read_most = Wanted(view="all", label=label.pk, sort="traffic")
        SavedView.objects.keep("Autumn list by readers", read_most.lasting_query, by=editor)


def make_plan(editor: User) -> None:
    """Reviewers for everything that was submitted, not yet asked."""
    waiting = Version.objects.filter(state=VersionState.SUBMITTED).values_list("pk", flat=True)
    if waiting:
        window = Window(today() + timedelta(ANSWER_DAYS), today() + timedelta(REVIEW_DAYS))
        planning.make(waiting, window, Specialists.ONE, by=editor)


def hold_messages(editor: User) -> None:
    """Two messages that the editor wants to look at before they go out."""
    for message in Message.objects.waiting().filter(kind="reviews/declined")[:2]:
        message.hold(by=editor)


def take_in(author: User, *, by: User) -> None:
    """Four files: a new article, one that looks like another, one that is here already, and one that is no article."""
    alike = ALIKE.read_text(encoding="utf-8").replace("Tingling in Both Hands", "Pins and Needles in Both Hands")
    files = [Packed(path.name, path.read_bytes()) for path in (NEW, KNOWN, NO_ARTICLE)]
    files.insert(1, Packed("pins-and-needles-in-both-hands.md", alike.encode()))
    chosen = {"author": author, "origin": Origin.AI_DRAFTED, "ai_tool": "Example drafting tool 2"}
    specialty = MedicalSpecialty.RHEUMATOLOGIC
    IntakeBatch.objects.begin(files, by=by, key=KEY, labels=["Backlist"], specialty=specialty, **chosen)
