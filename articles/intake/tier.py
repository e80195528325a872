"""A tier: what begins a diagnosis there, and which rows belong to the one before."""

import re
from enum import Enum, auto

from articles.intake.heads import Found, Head, read_head
from articles.intake.labels import Part, label_of
from articles.intake.marks import REASON_LABEL, Kind, Mark
from articles.intake.page import LISTS, Item, Page, Row, one_line
from articles.intake.sections import Dropped, Section
from content.schema import Tier

_NO_DIAGNOSIS = re.compile(
    r"(?:none|nothing|no (?:diagnos[ei]s|such|danger|serious|life|red flag|can)|there (?:is|are) no)\b", re.IGNORECASE
)
# Sections that articles elsewhere have; a page of bare paragraphs would give a diagnosis of that name.
_ELSEWHERE = re.compile(
    r"(?:diagnostic )?(?:work-?up|evaluation|approach|tests?|testing|investigations?)"
    r"|(?:initial )?(?:treatment|management)|next steps|when to (?:seek|see|call|worry)\b.{0,40}|prevention|prognosis"
    r"|key points|takeaways?|conclusions?|summary"
    r"|history and (?:physical )?examination|physical exam(?:ination)?|faqs?|frequently asked questions",
    re.IGNORECASE,
)
_REASON_LABEL = re.compile(r"None\s*(?::|[–—-]\s)\s*(?=\S)", re.IGNORECASE)


class Style(Enum):
    """What begins a diagnosis in this tier."""

    BULLETS = auto()
    HEADINGS = auto()
    PARAGRAPHS = auto()


class TierSection:
    """Reads the diagnoses of one tier. `dashes`: whether this page sets dashes behind names."""

    def __init__(self, page: Page, mark: Mark, tier: Tier, *, dashes: bool) -> None:
        self.page = page
        self.tier = tier
        self.level = mark.level
        self.dashes = dashes
        self.style: Style | None = None
        self.base = 0
        self.item: Item | None = None
        self.alone = False  # the first name of a tier in paragraphs stood alone on its line
        self.flat = False  # the last label stood at the margin, and so may the bullets of its list

    def take(self, row: Row) -> Section:
        if self.item and self._is_label(row, self.item):
            return self
        if row.mark and row.mark.kind is Kind.HEADING:
            return self._heading(row, row.mark)
        if self._is_reason(row):
            self.page.reasons.append(one_line(_after_label(row.text[row.bullet :])))
        elif row.bullet and self._is_outer(row):
            self._begin(row, Style.BULLETS, row.text[row.bullet :])
        elif self.item and self._goes_on(row, self.item):
            self.item.add(row)
        else:
            return self._text(row)
        return self

    def holds(self, row: Row) -> bool:
        """Whether a row that looks like furniture stands inside a diagnosis, and so is its text."""
        return self.item is not None and self.style is Style.BULLETS and row.indent > self.base + 1

    def labels(self, row: Row) -> bool:
        """Whether a row that looks like a heading of the page is a label of the diagnosis above it."""
        label = label_of(row.text) if self.item else None
        if label is None or label.part is Part.REFERENCES:
            return label is not None and bool(label.rest)
        return label.level < 0 or label.level > max(self.level, 2) or (label.level == 7 and row.indent > self.base)

    def _is_label(self, row: Row, item: Item) -> bool:
        if row.mark and row.mark.kind is Kind.HEADING and not self.labels(row):
            return False
        if label := label_of(row.text):
            item.open(label)
            self.flat = row.indent <= self.base + 1
        return label is not None

    def _is_outer(self, row: Row) -> bool:
        if self.style in {Style.HEADINGS, Style.PARAGRAPHS}:
            return False
        if self.flat and self.item and self.item.part in LISTS and not row.after_blank:
            return read_head(row.text[row.bullet :], dashes=self.dashes).found is Found.SURE
        return self.style is None or row.indent <= self.base + 1

    def _is_reason(self, row: Row) -> bool:
        if self.tier is not Tier.DO_NOT_MISS or self.item is not None:
            return False
        text = row.text[row.bullet :]
        return text.startswith(REASON_LABEL) or (len(text) <= 500 and _NO_DIAGNOSIS.match(text) is not None)

    def _goes_on(self, row: Row, item: Item) -> bool:
        """Whether the row belongs to the diagnosis that is open."""
        if self.style is Style.HEADINGS:
            return True
        if self.style is Style.BULLETS:
            return row.indent > self.base + 1 or not row.after_blank or item.is_bare
        return bool(row.bullet) or row.indent > self.base + 1 or not self._is_next_name(row, item)

    def _is_next_name(self, row: Row, item: Item) -> bool:
        """In a tier of paragraphs: whether the row begins the next diagnosis."""
        head = read_head(row.text, dashes=self.dashes)
        words = len(row.text.split())
        if head.found is Found.WHOLE:
            return words <= 5 if item.is_bare and not row.after_blank else words <= 8 and row.after_blank
        return head.found is Found.SURE and not item.is_bare and not self.alone

    def _heading(self, row: Row, mark: Mark) -> Section:
        """A heading that the page's format does not know: the name of a diagnosis, or a strange section."""
        if self.item and row.indent > self.base + 1 and self.style is Style.BULLETS:
            self.item.add(row)
        elif self.style is Style.BULLETS and row.bullet == 0 and (mark.level < 7 or row.after_blank):
            return self._strange(row, mark.text)
        elif mark.level == 7 and self.style is Style.HEADINGS and self.item:
            self.item.add(row)
        elif mark.level > max(self.level % 7, 1) and not _ELSEWHERE.fullmatch(mark.text):
            self._begin(row, Style.HEADINGS if mark.level < 7 else Style.PARAGRAPHS, mark.text)
        else:
            return self._strange(row, mark.text)
        return self

    def _text(self, row: Row) -> Section:
        """A line at the margin, after an empty one, that no bullet begins."""
        head = read_head(row.text, dashes=self.dashes)
        if self.item and self.style is Style.BULLETS:
            if head.found is Found.WHOLE and len(row.text.split()) <= 8:
                return self._strange(row, row.text)
            self.page.worry(row.number, "", "This paragraph was taken as part of the diagnosis above it.", self.item)
            self.item.add(row)
        elif _ELSEWHERE.fullmatch(row.text.strip(": ")):
            return self._strange(row, row.text)
        elif head.found in {Found.SURE, Found.WHOLE}:
            self._begin(row, Style.PARAGRAPHS, row.text)
        elif self.tier is Tier.DO_NOT_MISS:
            self.page.reasons.append(one_line(row.text))
            self.page.worry(row.number, "no_do_not_miss_reason", "Read as the reason why no diagnosis is named here.")
        else:
            self.page.leave_out(row)
            self.page.worry(row.number, "diagnoses", "This text names no diagnosis; it was left out.")
        return self

    def _strange(self, row: Row, text: str) -> Section:
        reason = f"The section “{text[:80]}” is no part of an article; it was left out."
        return Dropped(self.page, row, reason)

    def _begin(self, row: Row, style: Style, text: str) -> None:
        if self.style is None or row.indent < self.base:
            self.base = row.indent
        bullet = row.bullet if style is Style.BULLETS else 0
        head = read_head(text, dashes=self.dashes)
        if self.style is None:
            self.style = style
            self.alone = not head.rest
        self.item = self.page.add_item(Item(self.tier, row.number, row.indent + bullet, head))
        self._worry_about(head, row)

    def _worry_about(self, head: Head, row: Row) -> None:
        if head.found is Found.NOT:
            message = "No name was found in front of a colon or dash; give this diagnosis its name."
        elif head.found is Found.GUESSED:
            message = f"“{head.name}” was taken as the name: no colon or dash stands behind it."
        else:
            return
        self.page.worry(row.number, "", message, self.item)


def _after_label(text: str) -> str:
    label = _REASON_LABEL.match(text)
    return text[label.end() :] if label else text


def inline(row: Row, mark: Mark) -> Row:
    """The row that a tier's heading carries on its own line: “Most Likely Diagnosis: Shingles”."""
    return row._replace(text=mark.text, mark=None, after_blank=True)
