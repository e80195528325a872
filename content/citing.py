"""What finds a source: DOI, PMID, PMCID, ISBN, ISSN or web address, in any usual spelling. Nothing is fetched.

`recognise` says what a text is and how it is written properly; a number whose form or check digit is wrong is refused
with the reason. Check digits: ISO 2108 (ISBN), ISO 3297 (ISSN).
"""

import re
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from content.schema import Reference
from content.text import line

LONGEST = 2_000


class Kind(StrEnum):
    """The kinds of identifiers."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ISBN = "isbn"
    ISSN = "issn"
    URL = "url"

    @property
    def label(self) -> str:
        return "Web address" if self is Kind.URL else self.value.upper()


class Unrecognised(ValueError):
    """The text is no identifier; the message says why, for the person who typed it."""


class Identifier(NamedTuple):
    """One identifier, properly spelled: 10.1000/182, 123, PMC123, 9780306406157, 2049-3630, an absolute address."""

    kind: Kind
    value: str

    @property
    def key(self) -> str:
        """The same for every spelling: for comparing and looking up."""
        if self.kind is Kind.URL:
            parts = urlsplit(self.value)
            host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
            return f"url:{host}{path}?{parts.query}" if parts.query else f"url:{host}{path}"
        return f"{self.kind}:{self.value.lower()}"

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a reference that it fills; numbers of books and journals have no field but the citation."""
        match self.kind:
            case Kind.DOI | Kind.PMID | Kind.URL:
                return {self.kind.value: self.value}
            case Kind.PMCID:
                return {"url": f"https://pmc.ncbi.nlm.nih.gov/articles/{self.value}/"}
            case _:
                return {"citation": f"{self.kind.label} {self.value}"}


_DOI = re.compile(
    r"(?:doi\s*[:.]?\s*)?(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/)?(?:doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE
)
_PMID = re.compile(r"(?:pmid|pubmed(?:\s+id)?)\s*[:#]?\s*(\d{1,12})\.?", re.IGNORECASE)
_PMCID = re.compile(r"(?:pmcid\s*:?\s*)?pmc\s*:?\s*(\d{1,12})(?:\.\d+)?\.?", re.IGNORECASE)
_ISBN = re.compile(r"isbn(?:[-‐–]?1[03])?\s*:?\s*([\dx\s‐–-]+)\.?", re.IGNORECASE)
_ISSN = re.compile(r"e?-?issn(?:-l)?\s*:?\s*([\dx\s‐–-]+)\.?", re.IGNORECASE)
_PUBMED_HOSTS = {"pubmed.ncbi.nlm.nih.gov", "pubmed.gov", "www.pubmed.gov", "ncbi.nlm.nih.gov", "www.ncbi.nlm.nih.gov"}
_PMC_HOSTS = {"pmc.ncbi.nlm.nih.gov", "europepmc.org", "www.europepmc.org", *_PUBMED_HOSTS}
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def recognise(typed: str) -> Identifier:
    """What somebody typed, as an identifier.

    Raises:
        Unrecognised: it is none, or its form or check digit is wrong.
    """
    text = _bare(typed)
    if not text:
        raise Unrecognised("Type a DOI, a PMID, an ISBN or ISSN, or a web address.")
    if len(text) > LONGEST:
        raise Unrecognised(f"This is too long to be an address: at most {LONGEST:,} characters.")
    found = _labelled(text) or _address(text) or _number(text)
    if found is None:
        raise Unrecognised(
            "This is no DOI (10.…/…), PMID (digits), PMCID (PMC…), ISBN, ISSN or web address (https://…)."
        )
    return _checked(found)


def identifiers(reference: Reference) -> list[Identifier]:
    """All identifiers that a reference has, each of which finds it."""
    given = [Identifier(Kind(name), value) for name in ("doi", "pmid", "url") if (value := getattr(reference, name))]
    spelled = re.findall(r"\b(?:ISBN|ISSN) [\dX-]{8,17}", reference.citation)
    for text in [*(one.value for one in given if one.kind is Kind.URL), *spelled]:
        try:
            given.append(recognise(text))
        except Unrecognised:
            continue
    return list({one.key: one for one in given}.values())


def _bare(typed: str) -> str:
    """The text without what stands around an address in running text: brackets, quotes, a full stop."""
    text = line(typed[: LONGEST * 2]).strip("<>\"'“”‘’ ").rstrip(".,; ").lstrip("([{")
    while text and text[-1] in _PAIRS and text.count(text[-1]) > text.count(_PAIRS[text[-1]]):
        text = text[:-1].rstrip(".,; ")
    return text


def _labelled(text: str) -> Identifier | None:
    """An identifier that says what it is."""
    if found := _DOI.fullmatch(text):
        return Identifier(Kind.DOI, _doi(found[1], is_address="doi.org/" in text.lower()))
    for kind, pattern in ((Kind.PMID, _PMID), (Kind.PMCID, _PMCID), (Kind.ISBN, _ISBN), (Kind.ISSN, _ISSN)):
        if found := pattern.fullmatch(text):
            return Identifier(kind, f"PMC{found[1]}" if kind is Kind.PMCID else found[1])
    return None


def _doi(value: str, *, is_address: bool) -> str:
    return unquote(value.partition("?")[0].partition("#")[0]) if is_address else value


def _address(text: str) -> Identifier | None:
    """A web address, and what it leads to where that is known."""
    if not re.match(r"https?://|www\.|[a-z0-9-]+(?:\.[a-z0-9-]+)+/", text, re.IGNORECASE) or " " in text:
        return None
    url = text if re.match("https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise Unrecognised("This web address is not written properly.") from error
    if host in _PMC_HOSTS and (found := re.search(r"/(PMC\d{1,12})(?:/|$)", parts.path, re.IGNORECASE)):
        return Identifier(Kind.PMCID, found[1].upper())
    if host in _PUBMED_HOSTS and (found := re.fullmatch(r"/(?:pubmed/)?(\d{1,12})/?", parts.path)):
        return Identifier(Kind.PMID, found[1])
    return Identifier(Kind.URL, url)


def _number(text: str) -> Identifier | None:
    """Digits alone: eight with a hyphen are an ISSN, ten or thirteen an ISBN, fewer a PMID."""
    digits = re.sub(r"[\s‐–-]", "", text).upper()
    if re.fullmatch(r"\d{4}[‐–-]\d{3}[\dX]", text, re.IGNORECASE):
        return Identifier(Kind.ISSN, text)
    if re.fullmatch(r"\d{9}[\dX]|97[89]\d{10}", digits):
        return Identifier(Kind.ISBN, text)
    return Identifier(Kind.PMID, text) if re.fullmatch(r"\d{1,9}", text) else None


def _checked(found: Identifier) -> Identifier:
    kind, value = found
    match kind:
        case Kind.ISBN:
            return Identifier(kind, _isbn(value))
        case Kind.ISSN:
            return Identifier(kind, _issn(value))
        case Kind.PMCID:
            return found
        case _:
            return Identifier(kind, _by_schema(kind, value))


def _by_schema(kind: Kind, value: str) -> str:
    """Checked, and written, as the schema of references has it."""
    fields: dict[str, Any] = {kind.value: value.lstrip("0") if kind is Kind.PMID else value}
    try:
        written = str(getattr(Reference(key="x", **fields), kind.value))
    except ValidationError as error:
        raise Unrecognised(_REASONS[kind]) from error
    if not written:
        raise Unrecognised(_REASONS[kind])
    return written


_REASONS = {
    Kind.DOI: "A DOI looks like 10.1000/182: “10.”, four to nine digits, a slash, and no spaces.",
    Kind.PMID: "A PMID is a number of up to nine digits, not zero.",
    Kind.URL: "A web address begins with https:// or http:// and has no spaces.",
}


def _isbn(text: str) -> str:
    digits = re.sub(r"[^\dX]", "", text.upper())
    if re.fullmatch(r"\d{9}[\dX]", digits):
        _require(sum((10 - at) * _digit(d) for at, d in enumerate(digits)) % 11 == 0, Kind.ISBN, text)
        digits = _as_isbn_13(digits)
    if not re.fullmatch(r"97[89]\d{10}", digits):
        raise Unrecognised("An ISBN has 13 digits that begin with 978 or 979, or 10.")
    _require(_sum_13(digits) % 10 == 0, Kind.ISBN, text)
    return digits


def _as_isbn_13(digits: str) -> str:
    first = f"978{digits[:9]}"
    return f"{first}{-_sum_13(first) % 10}"


def _sum_13(digits: str) -> int:
    return sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(digits))


def _issn(text: str) -> str:
    digits = re.sub(r"[^\dX]", "", text.upper())
    if not re.fullmatch(r"\d{7}[\dX]", digits):
        raise Unrecognised("An ISSN has eight digits, for example 2049-3630.")
    _require(sum((8 - at) * _digit(d) for at, d in enumerate(digits)) % 11 == 0, Kind.ISSN, text)
    return f"{digits[:4]}-{digits[4:]}"


def _digit(character: str) -> int:
    return 10 if character == "X" else int(character)


def _require(holds: bool, kind: Kind, text: str) -> None:
    if not holds:
        raise Unrecognised(f"{kind.label} {text.strip()}: the check digit does not fit. One of the digits is mistyped.")
