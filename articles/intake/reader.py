"""From cleaned text to a page: rows, the title, and the turns from section to section."""

import re
from collections.abc import Callable, Iterable, Iterator

from articles.intake.entries import Questions, Terms
from articles.intake.heads import separators
from articles.intake.marks import Kind, Mark, mark_of
from articles.intake.page import Page, Row, one_line
from articles.intake.result import NotAnArticle
from articles.intake.sections import Dropped, Presentation, References, Rest, Section
from articles.intake.tier import TierSection, inline
from content.schema import Audience, Tier

_UNDERLINE = re.compile(r"={2,}|-{3,}")
_PRESENTATIONS = {Kind.PRESENTATION: Audience.CLINICIAN, Kind.PLAIN: Audience.PATIENT}
_LISTS: dict[Kind, Callable[[Page], Section]] = {
    Kind.QUESTIONS: Questions,
    Kind.TERMS: Terms,
    Kind.REFERENCES: References,
}
_NO_TIER = (
    "no heading such as “Single Most Likely Diagnosis” or “Do Not Miss Diagnoses” was found, so this is no article in "
    "the published format; give it the headings of the four tiers, each on a line of its own, with the diagnoses below"
)
_NO_DIAGNOSIS = (
    "no diagnosis stands under this heading; list each diagnosis under its tier as “• Name: why it is considered”"
)


def read_page(text: str) -> Page:
    """Find everything on a page.

    Raises:
        NotAnArticle: it has no tier, or no diagnosis in any tier.

    """
    rows = list(_rows(text))
    first_tier = next((i for i, row in enumerate(rows) if row.mark and row.mark.kind is Kind.TIER), None)
    if first_tier is None:
        raise NotAnArticle(_NO_TIER, rows[0].number if rows else 1)
    page = Page()
    start = _title(page, rows[:first_tier])
    section: Section = Presentation(page, Audience.CLINICIAN)
    dashes = _sets_dashes(rows[first_tier:])
    for row in rows[start:]:
        section = _turn(page, row, section, dashes=dashes)
    if not page.items:
        raise NotAnArticle(_NO_DIAGNOSIS, rows[first_tier].number)
    return page


def _rows(text: str) -> Iterator[Row]:
    """The lines with something in them; an underlined line becomes a heading, a lone bullet joins the next line."""
    waiting: Row | None = None
    after_blank, bullet = False, ""
    for number, line in enumerate(text.split("\n"), 1):
        body = line.strip()
        mark = mark_of(body)
        if mark and mark.kind is Kind.RULE:
            if waiting and _UNDERLINE.fullmatch(body) and _can_be_underlined(waiting):
                waiting = waiting._replace(mark=mark_of(f"{'#' if body[0] == '=' else '##'} {waiting.text}"))
            bullet = f"{body} " if len(body) == 1 else bullet
        elif waiting:
            yield waiting
            waiting = None
        if body and not (mark and mark.kind is Kind.RULE):
            mark = mark_of(bullet + body) if bullet else mark
            waiting = Row(number, len(line) - len(line.lstrip()), bullet + body, after_blank, mark)
            bullet = ""
        after_blank = waiting is None or waiting.number != number
    if waiting:
        yield waiting


def _can_be_underlined(row: Row) -> bool:
    return len(row.text) <= 200 and not row.bullet and (row.mark is None or row.mark.level == 0)


def _title(page: Page, rows: list[Row]) -> int:
    """Set the title from the rows before the first tier; the index of the first row behind it."""
    index = _find_title(rows)
    if index is None:
        page.worry(rows[0].number if rows else 1, "title", "No title was found; give the article one.")
        return 0
    row = rows[index]
    mark = row.mark
    page.title = one_line(mark.text if mark else row.text.rstrip(":"))
    if not page.title:
        page.worry(row.number, "title", "The title names no symptom.")
    elif mark is None or (mark.kind is not Kind.TITLE and mark.level != 1):
        page.worry(row.number, "title", f"“{page.title}” was taken as the title; check it.")
    _leave_out_before(page, rows[:index])
    return index + 1


def _find_title(rows: list[Row]) -> int | None:
    """The best candidate: what says “Differential Diagnosis for …”, then a heading, then a short line."""
    marks = [(i, row.mark) for i, row in enumerate(rows) if row.mark]
    titles = [i for i, mark in marks if mark.kind is Kind.TITLE and mark.text]
    titles += [i for i, mark in marks if mark.kind is Kind.TITLE]
    headings = sorted((mark.level, i) for i, mark in marks if mark.kind is Kind.HEADING)
    titles += [i for _, i in headings]
    titles += [
        i for i, row in enumerate(rows)
        if row.mark is None and not row.bullet and row.text[-1] not in ".!?;," and len(row.text.split()) <= 12
    ]  # fmt: skip
    return titles[0] if titles else None


def _leave_out_before(page: Page, rows: Iterable[Row]) -> None:
    unknown = []
    for row in rows:
        page.leave_out(row)
        if row.mark is None and len(row.text.split()) > 4:
            unknown.append(row)
    if unknown:
        place = f"presentation_{Audience.CLINICIAN.value}"
        page.worry(unknown[0].number, place, "The text above the title was left out; add it here if it belongs.")


def _sets_dashes(rows: list[Row]) -> bool:
    """Whether this page sets dashes, not colons, behind the names of diagnoses."""
    balance = 0
    for row in rows[:300]:
        colon, dash = separators(row.text[row.bullet :]) if row.bullet else (-1, -1)
        balance += (dash >= 0 > colon) - (colon >= 0 > dash)
    return balance > 0


def _turn(page: Page, row: Row, section: Section, *, dashes: bool) -> Section:
    """Give the row to the open section, or open the section that it begins."""
    mark = row.mark
    if mark is None or mark.kind in {Kind.HEADING, Kind.REASON} or isinstance(section, Rest):
        return section.take(row)
    if isinstance(section, TierSection) and (section.labels(row) or (_is_junk(mark) and section.holds(row))):
        return section.take(row._replace(mark=None))
    if mark.kind is Kind.TIER and mark.tier:
        return _open_tier(page, row, mark, mark.tier, dashes=dashes)
    if mark.kind in _LISTS:
        return _LISTS[mark.kind](page)
    if mark.kind in _PRESENTATIONS and not page.tiers:
        return Presentation(page, _PRESENTATIONS[mark.kind])
    if mark.kind is Kind.BUTTON or (mark.kind is Kind.TITLE and not page.tiers):
        page.leave_out(row)
        return section
    if mark.kind is Kind.FURNITURE:
        return Dropped(page, row)
    if mark.kind is Kind.TITLE:
        return Rest(page, row, f"A second article seems to begin here: “{row.text[:80]}”. Import it by itself.")
    return Dropped(page, row, f"The section “{row.text[:80]}” stands behind the diagnoses; it was left out.")


def _is_junk(mark: Mark) -> bool:
    return mark.kind in {Kind.BUTTON, Kind.FURNITURE}


def _open_tier(page: Page, row: Row, mark: Mark, tier: Tier, *, dashes: bool) -> Section:
    if tier in page.tiers:
        page.worry(row.number, "diagnoses", f"The heading “{tier.label}” stands a second time; both were put together.")
    page.tiers.setdefault(tier, row.number)
    section = TierSection(page, mark, tier, dashes=dashes)
    return section.take(inline(row, mark)) if mark.text else section
