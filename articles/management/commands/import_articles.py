"""`manage.py import_articles`: take in articles as files, one or thousands."""

import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from articles.intake import NotAnArticle
from articles.laying import Desk, DeskTaken, Outcome, Status
from articles.management.importing.files import Found, find, read, shown
from articles.management.importing.reports import JsonReport, Progress, Report, Tally, TextReport
from articles.states import Origin
from articles.twins import compare
from content.counting import counted
from people import permissions
from people.models import User
from people.specialties import MedicalSpecialty

INTERRUPTED = 130  # as a shell has it


class Command(BaseCommand):
    """Exit 0 when every file was taken in or had been before, 1 when any was refused or could not be submitted."""

    help = (
        "Takes in articles in the published format: files, and folders with all below them (.txt, .md, .docx). "
        "Each file is one transaction; what is no article is refused with its line, and the others go on. "
        "A text that its author has here already is skipped, so that an import can be run again."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
        parser.add_argument("--author", metavar="EMAIL", help="who writes and answers for them; a dry run needs nobody")
        parser.add_argument("--specialty", type=specialty, help="file all under this: Neurologic, …")
        parser.add_argument("--submit", action="store_true", help="submit what is complete, in the author's name")
        parser.add_argument(
            "--origin", choices=Origin.values, help="with --submit: how the texts were made (by default human)"
        )
        parser.add_argument("--ai-tool", default="", metavar="NAME", help="with --origin ai_…: which AI tool was used")
        parser.add_argument("--dry-run", action="store_true", help="say what would be understood; needs no database")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="json: one list, for programs")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        """Check what is asked for, then take one file after the other."""
        check(options)
        self.tally, found = Tally(), None
        try:
            if options["dry_run"]:
                found = find(paths)
                self.take(found, options, lambda path, page: Outcome(path, Status.UNDERSTOOD, page))
            else:
                desk = desk_for(options)
                with desk.open():
                    found = find(paths)
                    self.take(found, options, desk.lay)
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted. {counted(self.tally.stored, 'article')} imported; run it again to go on.")
            sys.exit(INTERRUPTED)
        except DeskTaken as error:
            raise CommandError(str(error)) from error
        except Error as error:
            done = counted(self.tally.stored, "article")
            raise CommandError(f"The database failed: {error}\n{done} imported; run it again to go on.") from error
        self.conclude(found, options)

    def take(self, found: Found, options: dict[str, Any], lay: Callable[..., Outcome]) -> None:
        """Read every file, lay it down and say what became of it."""
        report: Report = JsonReport(self.out) if options["format"] == "json" else TextReport(self.out)
        quiet = options["format"] == "text" and options["verbosity"] == 0
        self.progress = Progress(self.err, total=len(found.files), on_terminal=self.stderr.isatty())
        report.begin()
        try:
            for path, reason in found.problems:
                self.tell(Outcome(shown(path), Status.REFUSED, reason=reason), report)
            for path in found.files:
                outcome = taken(path, lay)
                if outcome.version:
                    compare(outcome.version.pk)
                self.tell(outcome, None if quiet else report)
                self.progress.step()
        finally:
            self.progress.clear()
            report.end()

    def tell(self, outcome: Outcome, report: Report | None) -> None:
        """Count it, and say it."""
        self.tally.add(outcome)
        self.progress.clear()
        if outcome.status is Status.REFUSED:
            self.stderr.write(f"{outcome.path}:{outcome.line}: {outcome.reason}")
        if report:
            report.add(outcome)

    def conclude(self, found: Found, options: dict[str, Any]) -> None:
        """The summary; an error when somebody has to look."""
        stream = self.stdout if options["format"] == "text" else self.stderr
        stream.write(self.tally.summary(skipped=found.skipped), style_func=str)
        if self.tally.unfinished:
            raise CommandError(f"Not everything was taken in: {self.tally.unfinished:,} of {self.tally.total:,}.")

    def out(self, text: str) -> None:
        self.stdout.write(text, ending="")

    def err(self, text: str) -> None:
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()


def taken(path: Path, lay: Callable[..., Outcome]) -> Outcome:
    """What became of one file."""
    try:
        return lay(shown(path), read(path))
    except NotAnArticle as refused:
        return Outcome(shown(path), Status.REFUSED, line=refused.line, reason=refused.reason)


def check(options: dict[str, Any]) -> None:
    """Refuse options that do not go together, before anything is done."""
    by_ai = options["origin"] not in (None, Origin.HUMAN)
    if not options["author"] and not options["dry_run"]:
        raise CommandError("Name the author with --author EMAIL. Only a --dry-run needs nobody.")
    if (options["origin"] or options["ai_tool"]) and not options["submit"]:
        raise CommandError("--origin and --ai-tool are said when an article is submitted: they go with --submit.")
    if by_ai and not options["ai_tool"].strip():
        raise CommandError("Name the AI tool that was used with --ai-tool NAME.")
    if options["ai_tool"] and not by_ai:
        raise CommandError("An AI tool goes with --origin ai_assisted or --origin ai_drafted.")


def desk_for(options: dict[str, Any]) -> Desk:
    """The desk that these options ask for."""
    return Desk(
        author_called(options["author"], to_submit=options["submit"]),
        specialty=options["specialty"] or "",
        submit=options["submit"],
        origin=options["origin"] or Origin.HUMAN,
        ai_tool=options["ai_tool"],
    )


def author_called(email: str, *, to_submit: bool) -> User:
    """The person whose articles these become.

    Raises:
        CommandError: there is nobody of that name who may write, or submit.
    """
    author = User.objects.with_email(email)
    if author is None:
        raise CommandError(f"Nobody has the e-mail {email} here: invite the author first.")
    if not permissions.may_create_article(author):
        raise CommandError(f"{author.display_name} ({author.email}) is neither an author nor an editor.")
    if to_submit and author.current_disclosure() is None:
        raise CommandError(
            f"{author.display_name}’s disclosure of interests is missing or older than 12 months. "
            "Have it renewed, or import without --submit."
        )
    return author


def specialty(word: str) -> str:
    """The specialty of that name, written as readers see it or as it is stored."""
    for value, label in MedicalSpecialty.choices:
        if word.casefold() in (value.casefold(), str(label).casefold()):
            return value
    raise ArgumentTypeError(f"{word!r} is none of {', '.join(MedicalSpecialty.values)}")
