"""One file after the other onto the desk of an author: a draft, or a submitted version."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, F, Func

from articles import intake
from articles.forms.intake import Page
from articles.intake.files import text_of
from articles.models import Article, Version
from articles.states import Origin
from people.models import User

#: Twin of `hashlib.sha256`; Django's own function of that name needs an extension.
SHA256_OF_SOURCE = Func(
    F("source"), template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')", output_field=CharField()
)


class DeskTaken(Exception):
    """Another import for this author is running."""


class Status(StrEnum):
    """What became of a file."""

    UNDERSTOOD = "understood"
    IMPORTED = "imported"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    KNOWN = "already_imported"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the page that it was understood as, the version made of it, what is in the way."""

    path: str
    status: Status
    page: Page | None = None
    version: Version | None = None
    line: int = 1
    reason: str = ""
    missing: tuple[str, ...] = ()
    known_as: int | None = None

    @property
    def doubts(self) -> int:
        return len(self.page.doubts) if self.page else 0


@dataclass
class Desk:
    """Where the articles of one author are laid."""

    author: User
    specialty: str = ""
    submit: bool = False
    origin: str = Origin.HUMAN
    ai_tool: str = ""
    known: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Have the desk to oneself, so that two imports at once cannot lay down the same article twice.

        `known` says of each text that is on it (its SHA-256) which article that is.

        Raises:
            DeskTaken: somebody else has it.
        """
        key = [self.author.pk]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('import_articles'), %s::int)", key)
            if not cursor.fetchone()[0]:
                raise DeskTaken(f"Another import for {self.author.email} is running: wait until it has ended.")
            try:
                self.known = self.on_it_already()
                yield
            finally:
                with suppress(DatabaseError):
                    cursor.execute("SELECT pg_advisory_unlock(hashtext('import_articles'), %s::int)", key)

    def on_it_already(self) -> dict[str, int]:
        """The articles that were handed in by or for this author, by the SHA-256 of what was handed in."""
        handed_in = Version.objects.filter(article__owner=self.author, number=1).exclude(source="")
        return dict(handed_in.order_by("-pk").values_list(SHA256_OF_SOURCE, "article_id"))

    def lay(self, path: str, page: Page, *, again: bool = False, handed_in_by: User | None = None) -> Outcome:
        """Make an article of a page, in one transaction; nothing when its text is here already, unless `again`."""
        sha256 = hashlib.sha256(page.source.encode()).hexdigest()
        if sha256 in self.known and not again:
            return Outcome(path, Status.KNOWN, page, known_as=self.known[sha256])
        with transaction.atomic():
            version = Article.objects.create_with_draft(
                page.taken.content,
                by=self.author,
                specialty=self.specialty,
                source=page.source,
                doubts=page.notes,
                handed_in_by=handed_in_by,
            )
            outcome = self._handed_in(path, page, version)
        self.known.setdefault(sha256, version.article_id)
        return outcome

    def _handed_in(self, path: str, page: Page, version: Version) -> Outcome:
        """Submit it, if that is asked for; what is incomplete stays a draft."""
        if not self.submit:
            return Outcome(path, Status.IMPORTED, page, version)
        details = {"change_note": "", "origin": self.origin, "ai_tool": self.ai_tool}
        try:
            with transaction.atomic():
                version = version.move("submit", by=self.author, **details)
        except ValidationError as error:
            return Outcome(path, Status.INCOMPLETE, page, version, missing=tuple(error.messages))
        return Outcome(path, Status.SUBMITTED, page, version)


def page_of(name: str, data: bytes) -> Page:
    """Read one file, chosen by the ending of its name.

    Raises:
        NotAnArticle: it is no article.
    """
    text, doubts = text_of(name, data)
    taken = intake.read(text)
    return Page(taken, text, (*doubts, *taken.doubts))
