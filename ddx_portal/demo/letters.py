"""Letters that readers of the demonstration have sent, in every state: taken by the public login, as on any site."""

from datetime import timedelta
from typing import NamedTuple

from articles.models import Version
from people.models import User
from people.rules import today
from publications.letters.inbox import LetterKind, Problem, Sent, send_letter
from reviews.letter_versions import put_in_version
from reviews.models import ReaderLetter
from reviews.states import LetterOutcome

READER = "reader@example.org"


class Written(NamedTuple):
    """What one reader wrote; `place` is that of the diagnosis in the text, `address` whether they want an answer."""

    slug: str
    words: str
    problem: Problem | None = None
    place: int | None = None
    has_address: bool = True


BREATH = """Please say in the first line that breathlessness with a swollen leg means calling an ambulance at once. I \
nearly waited until Monday."""
TWITCHES = """Both are small twitches of muscle fibres. What the board has reviewed of this one stands on its page; \
the eyelid has other causes, and is not in this article."""
LETTERS = (
    Written("swelling-of-one-leg", BREATH, Problem.DANGEROUS, 0),
    Written("night-sweats", "Can a new medicine be the reason, and how soon after starting it?"),
    Written("night-sweats", "What does “drenching” mean? How wet is that?", Problem.UNCLEAR, 1, has_address=False),
    Written(
        "sudden-painless-loss-of-vision-in-one-eye",
        "The link of the second reference leads to a page that is not there any more.",
        Problem.SOURCE,
        has_address=False,
    ),
    Written("fainting-on-standing", "The text for patients that you promised is still missing.", Problem.OTHER),
    Written("fainting-on-standing", "My grandmother says that it is always the heart.", Problem.WRONG, 2),
    Written("twitching-around-the-belly-button", "Cheap pills, write to us now", Problem.OTHER, has_address=False),
    Written("twitching-around-the-belly-button", "Is this the same as a twitching eyelid?"),
)


def write_letters(editor: User) -> int:
    """Send them all, and have the editor deal with some; how many that were. Nothing when there are letters already."""
    slugs = {letter.slug for letter in LETTERS}
    public = Version.objects.public().filter(article__slug__in=slugs).select_related("article")
    versions = {version.article.slug: version for version in public}
    if ReaderLetter.objects.exists() or set(versions) != slugs:
        return 0
    numbers = [_send(letter, versions[letter.slug], f"reader {n}") for n, letter in enumerate(LETTERS)]
    _deal_with([ReaderLetter.objects.get(pk=number) for number in numbers], editor)
    return len(numbers)


def _send(letter: Written, version: Version, sender: str) -> int:
    sent = Sent(
        kind=LetterKind.PROBLEM if letter.problem else LetterKind.QUESTION,
        problem=letter.problem or "",
        version_id=version.pk,
        diagnosis_key="" if letter.place is None else version.document.diagnoses[letter.place].key,
        words=letter.words,
        address=READER if letter.has_address else "",
    )
    return send_letter(sent, sender=sender).number


def _deal_with(letters: list[ReaderLetter], editor: User) -> None:
    """One is over its date, one waits for a version, three are closed; the others nobody has taken."""
    _, _, unclear, source, missing, heart, spam, eyelid = letters
    ReaderLetter.objects.filter(pk=source.pk).update(due_on=today() - timedelta(2))
    source.take(by=editor, seen=0)
    unclear.take(by=editor, seen=0)
    missing.article.start_draft(by=missing.article.owner)
    put_in_version(missing, by=editor, seen=0)
    heart.close(LetterOutcome.NO_CHANGE, by=editor, seen=0, reason="Causes in the heart are named already.")
    spam.close(LetterOutcome.SPAM, by=editor, seen=0)
    eyelid.reply(TWITCHES, by=editor, seen=0, closes=True)
