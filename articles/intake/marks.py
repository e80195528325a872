"""What one line is, by itself: heading, label, bullet, furniture or only text.

Nothing here looks at other lines, so printing can ask the same questions and escape what would be mistaken.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from articles.intake.furniture import is_furniture, opens_furniture
from content.schema import Tier

LONGEST_HEADING = 200


class Kind(Enum):
    """What a line that is more than text does to the page."""

    TITLE = auto()
    TIER = auto()
    PRESENTATION = auto()  # what clinicians read first
    PLAIN = auto()  # what patients read first
    QUESTIONS = auto()  # what readers asked
    TERMS = auto()
    REFERENCES = auto()
    HEADING = auto()  # some other heading
    FURNITURE = auto()  # opens a part of furniture
    BUTTON = auto()  # one line of furniture
    RULE = auto()  # a line drawn, or a bullet without text
    REASON = auto()  # why no diagnosis must not be missed


class Mark(NamedTuple):
    """`level` is 1 to 6 for Markdown headings, 7 for a bold line, 0 for a bare one. `text` may hold Markdown."""

    kind: Kind
    text: str = ""
    level: int = 0
    tier: Tier | None = None


BULLET = re.compile(
    r"""(?:
      [•◦‣·●○▪▫■□◆◇►▶➤➢❖⁃∙–—✓✔]\s*
    | [-*+]\s+ | -(?=[^\W\d_]) | o\s+(?=[A-Z])
    | \(?\d{1,3}[.)]\s+ | \d{1,3}[.)](?=[^\W\d_]) | \(?[A-Za-z]\)\s+ | [A-Za-z]\.\s+(?=[A-Z*_]) | \(?[ivx]{1,4}[.)]\s+
    )(?=\S)""",
    re.VERBOSE,
)
REASON_LABEL = "None: "
_RULE = re.compile(r"-{3,}|={2,}|\*{3,}|_{3,}|~{3,}|[•◦‣·●○▪▫■□◆◇►▶➤➢❖⁃∙]")
_NO_LETTERS = re.compile(r"[^\w'&]+|[\d_]+")
_TITLE = re.compile(
    r"(?:differential(?:\s+diagnos[ei]s)?|ddx)(?:\s+(?:for|of)\b|\s*[:：–—-])\s*(.*)|differential\s+diagnos[ei]s",
    re.IGNORECASE,
)
_TITLE_LAST = re.compile(r"(.{1,300}?)(?:\s*[:–—-]\s*|\s+)differential\s+diagnos[ei]s", re.IGNORECASE)
# What makes a heading a tier's, tried in this order; every other word in it must be one of the fillers.
_TIER_WORDS = (
    (
        Tier.MOST_LIKELY,
        re.compile(r"\bmost (?:likely|probable|common)\b|\b(?:leading|working|top|primary) diagnosis\b"),
    ),
    (Tier.RARE, re.compile(r"^(?:the |very )?(?:rare|rarer|uncommon|less common)\b|^zebras?\b")),
    (
        Tier.DO_NOT_MISS,
        re.compile(
            r"\b(?:do not|don't|dont|can't|cannot|cant|can not|must not|never|not)(?: to)?(?: be)? miss(?:ed)?\b"
            r"|\b(?:dangerous|life threatening|critical|serious|red flag|emergent) (?=diagnos[ei]s)"
        ),
    ),
    (
        Tier.OTHER_LIKELY,
        re.compile(
            r"\b(?:other|also|additional|further|alternative|next|second) (?:likely|probable|possible|common)\b"
            r"|^(?:likely|probable|possible|other|alternative|additional) "
            r"(?=diagnos[ei]s|causes|possibilities|considerations)"
        ),
    ),
)
# fmt: off
_FILLERS = frozenset((
    "the", "a", "an", "single", "one", "these", "this", "that", "you", "and", "or", "but", "to", "be", "of", "for",
    "in", "&", "diagnosis", "diagnoses", "diagnostic", "cause", "causes", "condition", "conditions", "possibility",
    "possibilities", "explanation", "explanations", "candidate", "candidates", "differential", "differentials",
    "consideration", "considerations", "entity", "entities", "category", "tier", "group", "list", "very", "rare",
    "uncommon", "rarer", "dangerous", "life", "threatening", "critical", "serious", "emergency", "emergencies",
    "emergent", "urgent", "important", "potentially", "worth", "considering", "consider", "should", "must", "also",
    "other", "likely", "yet", "possible", "significant", "treatable", "deadly", "fatal", "severe", "notable",
    "relevant", "do", "not", "don't", "can't", "cannot", "miss", "missed",
))
# fmt: on
_INLINE_TIER = re.compile(r"([^:：]{4,60}?diagnos[ei]s)(?:\s*[:：]\s*|\s+[–—-]\s+)(\S.*)", re.IGNORECASE)
_SECTIONS = (
    (
        Kind.REFERENCES,
        re.compile(
            r"(?:key |selected )?(?:references?|sources?|bibliography|citations?|works cited|literature)(?: cited)?"
        ),
    ),
    (
        Kind.QUESTIONS,
        re.compile(r"reader(?:s|'s|s')? questions(?: answered)?|questions from readers"),
    ),
    (Kind.TERMS, re.compile(r"(?:medical )?terms explained|glossary(?: of terms)?|terms")),
    (
        Kind.PLAIN,
        re.compile(
            r"(?:in )?(?:plain|simple|everyday) (?:words|language|english|terms)"
            r"|for patients?(?: (?:and|or) caregivers?)?"
            r"|(?:patient|plain language) (?:summary|introduction|version|information)"
        ),
    ),
    (
        Kind.PRESENTATION,
        re.compile(
            r"(?:clinical |symptom )?(?:presentation|overview|introduction|background|summary|description)"
            r"|for (?:clinicians|healthcare professionals|professionals)|about this symptom"
        ),
    ),
)


def words_of(text: str) -> str:
    """The letters of a short text in lower case: no marks, numbers or symbols; for comparing headings."""
    return " ".join(_NO_LETTERS.sub(" ", text.lower().replace("’", "'").replace("‘", "'")).split())


def heading_of(text: str) -> tuple[str, int] | None:
    """The text and level of a line that is written as a heading: `## like this`, or all of it bold."""
    if text[0] == "#":
        body = text.lstrip("#")
        level = len(text) - len(body)
        body = body.strip()
        closed = body.rstrip("#")
        return (closed.rstrip() if closed.endswith(" ") else body, level) if level <= 6 and closed.strip() else None
    if text[:2] in {"**", "__"} and len(text) <= LONGEST_HEADING:
        inner = text.rstrip(":： ")
        if len(inner) > 4 and inner.endswith(text[:2]) and text[:2] not in inner[2:-2]:
            words = inner[2:-2].strip("*_ ")
            return (words, 7) if words else None
    return None


def mark_of(text: str) -> Mark | None:
    """What a line (without the space around it) is, unless it is only text."""
    if not text or text[0] == "\\":
        return None
    if heading := heading_of(text):
        return _known(*heading) or Mark(Kind.HEADING, *heading)
    if len(text) <= LONGEST_HEADING and _RULE.fullmatch(text):
        return Mark(Kind.RULE)
    if text.startswith(REASON_LABEL):
        return Mark(Kind.REASON, text.removeprefix(REASON_LABEL))
    if bullet := BULLET.match(text):
        return _bulleted_tier(text[bullet.end() :])
    if len(text) <= LONGEST_HEADING and text[-1] not in ".;," and (known := _known(text, 0)):
        return known
    return Mark(Kind.BUTTON, text) if is_furniture(text.lower().replace("’", "'").strip("*_#: ")) else None


def _known(text: str, level: int) -> Mark | None:
    """The mark of a heading's text, if the format or a copied page has such a heading."""
    stripped = text.strip("*_ ") if text[0] in "*_" else text
    if title := _TITLE.fullmatch(stripped):
        return Mark(Kind.TITLE, title[1] or "", level)
    if len(text) > LONGEST_HEADING or (level == 0 and text[0].islower()):
        return None
    words = words_of(text)
    if mark := _tier(text, words, level):
        return mark
    for kind, pattern in _SECTIONS:
        if pattern.fullmatch(words) and (level or text[-1] in ":：" or words != "terms"):  # a footer has bare “Terms”
            return Mark(kind, text, level)
    if opens_furniture(words):
        return Mark(Kind.FURNITURE, text, level)
    if level and (last := _TITLE_LAST.fullmatch(stripped)):
        return Mark(Kind.TITLE, last[1], level)
    return Mark(Kind.BUTTON, text) if level and is_furniture(stripped.lower()) else None


def _tier(text: str, words: str, level: int) -> Mark | None:
    for tier, pattern in _TIER_WORDS:
        if (key := pattern.search(words)) and _FILLERS.issuperset(
            f"{words[: key.start()]} {words[key.end() :]}".split()
        ):
            return Mark(Kind.TIER, "", level, tier)
    if inline := _INLINE_TIER.fullmatch(text):
        mark = _tier(inline[1], words_of(inline[1]), level)
        return mark and mark._replace(text=inline[2])
    return None


def _bulleted_tier(text: str) -> Mark | None:
    """A tier's heading may be numbered or the outer item of a list; only if nothing else stands in the line."""
    if len(text) > LONGEST_HEADING or "{#" in text:
        return None
    mark = mark_of(text)
    if mark is None or mark.kind is not Kind.TIER or mark.text:
        return None
    sure = mark.level or text.endswith(":") or re.search(r"diagnos|\bmiss\b|most likely", words_of(text))
    return mark._replace(level=0) if sure else None
