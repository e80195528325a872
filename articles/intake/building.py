"""From what was found on a page to typed content, with the doubts that remain."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from articles.intake.labels import Part
from articles.intake.page import Entry, Item, Page
from articles.intake.references import citations, numbers
from articles.intake.result import Doubt, Intake, NotAnArticle
from content.schema import ICD10CM_CODE, MAX_PROSE, Audience, Content, Tier

LONGEST_KEY = 60
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def build(page: Page) -> Intake:
    """Make the content of a page.

    Raises:
        NotAnArticle: something is larger than the schema allows.

    """
    references = _references(page)
    _name_items(page)
    diagnoses = [_diagnosis(page, item, references) for item in page.items]
    _worry_about_the_whole(page)
    try:
        content = Content.model_validate(
            {
                "title": page.title,
                "presentation": {audience.value: "\n".join(page.presentation[audience]) for audience in Audience},
                "diagnoses": diagnoses,
                "no_do_not_miss_reason": " ".join(page.reasons),
                "questions": [
                    {"key": key, "question": each.name, "answer": "\n".join(each.lines)}
                    for key, each in _entries(page, page.questions, "questions")
                ],
                "terms": [
                    {"key": key, "term": each.name, "meaning": " ".join(each.lines)}
                    for key, each in _entries(page, page.terms, "terms")
                ],
                "references": [
                    {"key": s.key, "citation": s.citation, "doi": s.doi, "pmid": s.pmid, "url": s.url}
                    for s in page.sources
                ],
            }
        )
    except ValidationError as error:
        raise _too_large(page, error) from error
    return Intake(content, _doubts(page), tuple(page.left_out))


def slug(text: str, longest: int = LONGEST_KEY) -> str:
    """A key made of a text's ASCII letters and digits; empty if it has none."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    key = ""
    for word in re.findall(r"[a-z0-9]+", folded.replace("'", "")):
        if len(key) + len(word) >= longest:
            break
        key = f"{key}-{word}" if key else word
    return key


def _unique(wanted: str, fallback: str, taken: set[str]) -> str:
    """A key not taken yet, which it then is."""
    base = wanted or fallback
    key, count = base, 1
    while key in taken:
        count += 1
        key = f"{base}-{count}"
    taken.add(key)
    return key


def _references(page: Page) -> dict[str, str]:
    """Give every reference its key; which key each number or key on the page stands for."""
    for source in page.sources:
        source.read()
    taken: set[str] = set()
    for source in page.sources:
        if source.key in taken:
            page.worry(source.line, "references", f"Two references are called {source.key}; one has a new key.")
            source.key = ""
        taken |= {source.key} - {""}
    known: dict[str, str] = {}
    for position, source in enumerate(page.sources, 1):
        source.key = source.key or _unique(slug(source.citation), f"r-{position}", taken)
        known.setdefault(str(source.number), source.key)
    return {source.key: source.key for source in page.sources} | known


def _name_items(page: Page) -> None:
    """Give every diagnosis its key: the page's own, or one made of its name."""
    taken: set[str] = set()
    for item in page.items:
        if item.head.key in taken or len(item.head.key) > 80:
            page.worry(item.line, "", f"The key {item.head.key[:80]} cannot be used again; a new one was made.", item)
            item.head.key = ""
        taken |= {item.head.key} - {""}
    for position, item in enumerate(page.items, 1):
        item.key = item.head.key or _unique(slug(item.head.name), f"d-{position}", taken)


def _entries(page: Page, entries: list[Entry], place: str) -> Iterator[tuple[str, Entry]]:
    """Each term or question with its key: the page's own, or one made of its words."""
    taken: set[str] = set()
    for each in entries:
        if each.key in taken or len(each.key) > 80:
            page.worry(each.line, place, f"The key {each.key[:80]} cannot be used again; a new one was made.")
            each.key = ""
        taken |= {each.key} - {""}
    for position, each in enumerate(entries, 1):
        yield each.key or _unique(slug(each.name), f"{place[0]}-{position}", taken), each


def _diagnosis(page: Page, item: Item, references: dict[str, str]) -> dict[str, Any]:
    texts = _rationales(item)
    lists = {part: [entry for entry in item.lines.get(part, ()) if entry] for part in Part}
    if item.cites is None:
        cited = list(_cited_in_text(page, item, texts, lists, references))
    else:
        cited = list(_cited_by_label(page, item, references))
    return {
        "key": item.key,
        "tier": item.tier.value,
        "also_do_not_miss": item.head.also_do_not_miss,
        "name": item.head.name,
        "plain_name": item.head.plain_name,
        "codes": _codes(page, item),
        "clinician": {
            "rationale": texts[Part.RATIONALE],
            "red_flags": lists[Part.RED_FLAGS],
            "distinguishing_signs": lists[Part.SIGNS],
        },
        "patient": {
            "rationale": texts[Part.PLAIN_RATIONALE],
            "red_flags": lists[Part.PLAIN_RED_FLAGS],
            "distinguishing_signs": lists[Part.PLAIN_SIGNS],
        },
        "references": cited,
    }


def _rationales(item: Item) -> dict[Part, str]:
    texts = {part: item.text(part) for part in (Part.RATIONALE, Part.PLAIN_RATIONALE)}
    if (longest := max(map(len, texts.values()))) > MAX_PROSE:
        name = item.head.name[:60]
        raise NotAnArticle(
            f"the text on “{name}” has {longest:,} characters, at most {MAX_PROSE:,} are allowed; shorten it", item.line
        )
    return texts


def _codes(page: Page, item: Item) -> list[str]:
    for code in item.head.codes:
        if not ICD10CM_CODE.fullmatch(code):
            page.worry(item.line, "", f"“{code[:20]}” is not written like an ICD-10-CM code; it was left out.", item)
    return [code for code in item.head.codes if ICD10CM_CODE.fullmatch(code)]


def _cited_by_label(page: Page, item: Item, references: dict[str, str]) -> Iterator[str]:
    """The keys that “References: 1, 3” or “References: shingles-nia” names; “none” names none."""
    for word in re.split(r"[,;\s]+", " ".join(item.cites or ()).strip(" .").lower()):
        if word in {"", "none", "and"}:
            continue
        if word in references:
            yield references[word]
        else:
            yield from _known(page, item, [str(number) for number in numbers(word)] or [word], references)


def _known(page: Page, item: Item, cited: Iterable[str], references: dict[str, str]) -> Iterator[str]:
    for number in cited:
        if number in references:
            yield references[number]
        else:
            page.worry(item.line, "", f"Reference {number[:40]} is cited here but is not in the list.", item)


def _cited_in_text(
    page: Page, item: Item, texts: dict[Part, str], lists: dict[Part, list[str]], references: dict[str, str]
) -> Iterator[str]:
    """The keys that [1] or [2,3] in the text cite, each once; those at the end of a text are taken out of it."""
    cited: dict[str, None] = {}
    for part, text in texts.items():
        cited |= dict.fromkeys(str(number) for _, _, found in citations(text) for number in found)
        texts[part] = _without_last_citations(text, references)
    for entries in lists.values():
        cited |= dict.fromkeys(str(number) for entry in entries for _, _, found in citations(entry) for number in found)
        entries[:] = [_without_last_citations(entry, references) or entry for entry in entries]
    yield from dict.fromkeys(_known(page, item, cited, references))


def _without_last_citations(text: str, references: dict[str, str]) -> str:
    """Take known citations off the end of a text; the full stop behind them stays."""
    body = text.rstrip(". ")
    for start, end, found in reversed(citations(body)):
        if end != len(body) or not all(str(number) in references for number in found):
            break
        body = body[:start].rstrip()
    if len(body) == len(text.rstrip(". ")):
        return text
    return body if not body or body[-1] in ".!?" else body + "." * text.endswith(".")


def _worry_about_the_whole(page: Page) -> None:
    single = [item for item in page.items if item.tier is Tier.MOST_LIKELY]
    if len(single) > 1:
        message = f"{len(single)} diagnoses stand as most likely; only one can be. Move the others."
        page.worry(single[1].line, "diagnoses", message)
    if [tier.position for tier in page.tiers] != sorted(tier.position for tier in page.tiers):
        page.worry(next(iter(page.tiers.values())), "diagnoses", "The tiers stood in another order; they were sorted.")
    for tier, line in page.tiers.items():
        reasoned = tier is Tier.DO_NOT_MISS and page.reasons
        if not reasoned and all(item.tier is not tier for item in page.items):
            page.worry(line, "diagnoses", f"No diagnosis was found under “{tier.label}”.")
    names = Counter(item.head.name.casefold() for item in page.items if item.head.name)
    for item in page.items:
        if names[item.head.name.casefold()] > 1:
            page.worry(item.line, "", f"“{item.head.name}” stands on this page more than once.", item)


def _doubts(page: Page) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(line, f"diagnosis-{item.key}" if item else place, message)
        for line, place, message, item in sorted(page.worries, key=lambda worry: worry.line)
    )


def _too_large(page: Page, error: ValidationError) -> NotAnArticle:
    """What the schema refuses, in words and with the line where it stands."""
    first = error.errors()[0]
    path = [str(step) for step in first["loc"]]
    line, where = 1, " ".join(path)
    if path[:1] == ["diagnoses"] and len(path) > 2:
        item = sorted(page.items, key=lambda item: item.tier.position)[int(path[1])]
        line, where = item.line, f"the {' '.join(path[2:])} of “{item.head.name[:60]}”"
    elif path[:1] == ["references"] and len(path) > 2:
        source = page.sources[int(path[1])]
        line, where = source.line, f"the {path[2]} of the reference “{source.citation[:60]}”"
    elif path[:1] in (["questions"], ["terms"]) and len(path) > 2:
        entry = getattr(page, path[0])[int(path[1])]
        line, where = entry.line, f"the {path[2]} of “{entry.name[:60]}”"
    reason = f"{where or 'the whole'}: {first['msg']}; shorten it or import it in parts"
    return NotAnArticle(reason, line)
