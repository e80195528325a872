"""What the editors of the demonstration keep of the public site: equal words, and policies in more than one version."""

from django.db import transaction
from django.db.models import Q

from articles.models import Version
from people.models import User
from publications.finding import synonyms
from publications.finding.synonyms import Group
from publications.policies import Policy

EQUAL = (
    ("Amyotrophic lateral sclerosis", "ALS", "motor neurone disease"),
    ("Shingles", "herpes zoster", "zoster"),
    ("Belly", "abdomen", "tummy"),
    ("Deep vein thrombosis", "DVT"),
)
PLACE = "## Expressions of concern"
ADDED = "Whoever reported the mistake and left an address is told when it has been put right.\n\n"
GUESTS = "Authors who are not on our staff write under the same rules as everybody else. The editorial policy has them."


@transaction.atomic
def keep_site(editor: User) -> None:
    """Make all of it, once there is something to find; where somebody has kept anything here, it stays as it is."""
    is_kept = bool(synonyms.groups()) or Policy.objects.filter(Q(number__gt=1) | Q(name="guest-authors")).exists()
    if is_kept or not Version.objects.public().exists():
        return
    for words in EQUAL:
        synonyms.keep(words, instead_of=Group(0, ()), by_id=editor.pk)
    rules = Policy.objects.versions("corrections")[0]
    publish(editor, rules, body=rules.body.replace(PLACE, ADDED + PLACE), why="Says that reporters are told.")
    guests = Policy(name="guest-authors", title="Guest authors", number=0)
    publish(editor, guests, body=GUESTS, why="")
    guests.number = 1
    publish(editor, guests, body="", why="The editorial policy says the same, for every author.")


def publish(editor: User, policy: Policy, *, body: str, why: str) -> None:
    """The next version of a policy; an empty body takes it back."""
    said = {"title": policy.title, "body": body, "change_note": why}
    Policy.objects.publish(policy.name, **said, based_on=policy.number, by_id=editor.pk)
