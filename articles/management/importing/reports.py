"""What is said of an import: a line a file, or one JSON document; a bar while it runs; a summary."""

import json
import time
from collections import Counter
from collections.abc import Callable
from textwrap import shorten
from typing import Any, Protocol

from articles.laying import Outcome, Status
from content import completeness
from content.counting import counted
from content.schema import Content, Tier

WIDTH = 30  # characters of the bar
REDRAW = 0.1  # seconds
type Say = Callable[[str], object]


class Report(Protocol):
    """Says what became of each file, on standard output."""

    def begin(self) -> None: ...

    def add(self, outcome: Outcome) -> None: ...

    def end(self) -> None: ...


class JsonReport:
    """A list with an object a file, written as it goes."""

    def __init__(self, say: Say) -> None:
        self.say, self.comma = say, ""

    def begin(self) -> None:
        self.say("[")

    def add(self, outcome: Outcome) -> None:
        self.say(f"{self.comma}\n{json.dumps(as_data(outcome), ensure_ascii=False, indent=1)}")
        self.comma = ","

    def end(self) -> None:
        self.say("\n]\n")


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Everything that is known of a file; of a stored article its content is left to the portal."""
    data: dict[str, Any] = {"path": outcome.path, "status": outcome.status.value}
    if outcome.page is None:
        return data | {"line": outcome.line, "reason": outcome.reason}
    content = outcome.page.taken.content
    if outcome.version is not None:
        data |= {"article": outcome.version.article_id, "slug": outcome.version.article.slug, "title": content.title}
    elif outcome.status is Status.UNDERSTOOD:
        data |= {"terms": [], "questions": []} | content.model_dump(mode="json")
        data["missing"] = [gap.message for gap in completeness.gaps(content) if gap.blocks]
    if outcome.missing:
        data["missing"] = list(outcome.missing)
    doubts = [doubt._asdict() for doubt in outcome.page.doubts]
    return data | {"doubts": doubts, "left_out": [line._asdict() for line in outcome.page.taken.left_out]}


class TextReport:
    """A line a file; of a dry run, the outline of each article."""

    def __init__(self, say: Say) -> None:
        self.say = say

    def begin(self) -> None: ...

    def add(self, outcome: Outcome) -> None:
        if outcome.status is not Status.REFUSED:
            self.say("\n".join([f"{outcome.path}: {in_words(outcome)}", *details(outcome)]) + "\n")

    def end(self) -> None: ...


def in_words(outcome: Outcome) -> str:
    """What became of a file that was not refused."""
    doubts = f" ({counted(outcome.doubts, 'doubt')})" if outcome.doubts else ""
    match outcome.status, outcome.page, outcome.version:
        case Status.UNDERSTOOD, page, _ if page:
            return f"{page.taken.content.title or 'Untitled'}{doubts}"
        case Status.KNOWN, _, _:
            return "already imported, skipped"
        case Status.INCOMPLETE, _, version if version:
            return f"left as the draft {version.article.slug}{doubts}, because"
        case _, _, version if version:
            return f"{outcome.status} as {version.article.slug}{doubts}"
    return outcome.reason


def details(outcome: Outcome) -> list[str]:
    """The lines below: what is missing, or the outline of a dry run."""
    if outcome.status is not Status.UNDERSTOOD or outcome.page is None:
        return [f"    {problem}" for problem in outcome.missing]
    taken = outcome.page.taken
    lines = [*outline(taken.content)]
    lines += [f"    doubt, line {doubt.line}: {doubt.message}" for doubt in outcome.page.doubts]
    lines += [f"    left out, line {line.line}: {shorten(line.text, 90, placeholder=' …')}" for line in taken.left_out]
    lines += [f"    missing: {gap.message}" for gap in completeness.gaps(taken.content) if gap.blocks]
    return lines


def outline(content: Content) -> list[str]:
    """An article in a few lines."""
    lines = []
    for tier in Tier:
        names = [" ".join([d.name, *(f"[{code}]" for code in d.codes)]) for d in content.in_tier(tier)]
        lines.append(f"    {tier.label}: {'; '.join(names) or 'none'}")
    parts = ((content.questions, "reader’s question", "readers’ questions"), (content.terms, "term", ""))
    lines += [f"    {counted(len(found), *words)}" for found, *words in parts if found]
    return [*lines, f"    {counted(len(content.references), 'reference')}"]


class Tally:
    """How many files came to what."""

    def __init__(self) -> None:
        self.statuses: Counter[Status] = Counter()
        self.with_doubts = 0
        self.started = time.monotonic()

    def add(self, outcome: Outcome) -> None:
        self.statuses[outcome.status] += 1
        self.with_doubts += outcome.doubts > 0 and outcome.status is not Status.KNOWN

    @property
    def total(self) -> int:
        """How many files there were."""
        return self.statuses.total()

    @property
    def unfinished(self) -> int:
        """How many files were refused, or could not be submitted."""
        return self.statuses[Status.REFUSED] + self.statuses[Status.INCOMPLETE]

    @property
    def stored(self) -> int:
        """How many articles were made."""
        return sum(self.statuses[status] for status in (Status.IMPORTED, Status.SUBMITTED, Status.INCOMPLETE))

    def summary(self, *, skipped: int) -> str:
        """One line for all."""
        done = self.statuses[Status.UNDERSTOOD]
        parts = [f"understood {done:,}" if done else f"imported {self.stored:,}"]
        parts += [f"submitted {n:,}" for n in [self.statuses[Status.SUBMITTED]] if n]
        parts += [f"left as incomplete drafts {n:,}" for n in [self.statuses[Status.INCOMPLETE]] if n]
        parts += [f"already imported {n:,}" for n in [self.statuses[Status.KNOWN]] if n]
        parts += [f"with doubts {self.with_doubts:,}", f"refused {self.statuses[Status.REFUSED]:,}"]
        parts += [f"other files skipped {skipped:,}"] if skipped else []
        return f"{', '.join(parts).capitalize()}. {time.monotonic() - self.started:.1f} s."


class Progress:
    """A bar on a terminal, for more files than one; nothing anywhere else."""

    def __init__(self, say: Say, *, total: int, on_terminal: bool) -> None:
        self.say, self.total = say, total
        self.is_shown = on_terminal and total > 1
        self.done, self.drawn_at = 0, 0.0

    def step(self) -> None:
        """One file more."""
        self.done += 1
        now = time.monotonic()
        if self.is_shown and (now - self.drawn_at > REDRAW or self.done == self.total):
            filled = "█" * (WIDTH * self.done // self.total)
            self.say(f"\r{filled:░<{WIDTH}} {self.done:,} of {self.total:,}")
            self.drawn_at = now

    def clear(self) -> None:
        """Take the bar away, before anything else is written."""
        if self.is_shown and self.drawn_at:
            self.say("\r\x1b[K")
            self.drawn_at = 0.0
