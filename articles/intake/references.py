"""One entry of a list of references, and the numbers that cite it."""

import re
from dataclasses import dataclass

from articles.intake.escapes import hide, literal, plain

_ADDRESS = r"https?://[!#-;=?-\[\]-~\uFDD0-\uFDEF\x80-\uFDCF\uFE00-\uFFFD]{1,2000}"
_DOI = r"10\.[0-9]{4,9}/[!#-;=?-\[\]-~\uFDD0-\uFDEF]{1,290}"
_KEY = re.compile(r"(?:^|\s)\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}$")
# At the end of a line that has a key, written by printing: taken as they stand.
_PRINTED = (
    ("pmid", re.compile(r"(?:^|\s)PMID: ([1-9][0-9]{0,8})$")),
    ("doi", re.compile(rf"(?:^|\s)doi:({_DOI})$")),
    ("url", re.compile(rf"(?:^|\s)({_ADDRESS})$")),
)
_LEAD = r"(?:\b(?:available|retrieved|accessed)\s+(?:from|at|online)?\s*:?\s*|\b(?:URL|link)\s*:\s*)?"
# Anywhere in a line, as people write them.
_WRITTEN = (
    (
        "doi",
        re.compile(
            rf"<?(?:(?:doi\s*:?\s*)?https?://(?:dx\.)?doi\.org/|\bdoi\s*:?\s*|(?<![\w/.:])){_DOI}>?", re.IGNORECASE
        ),
    ),
    (
        "pmid",
        re.compile(
            r"<?https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/[1-9][0-9]{0,8}/?>?",
            re.IGNORECASE,
        ),
    ),
    ("pmid", re.compile(r"\bPMID(?:\s?:\s?|\s)[1-9][0-9]{0,8}\b", re.IGNORECASE)),
    ("url", re.compile(rf"{_LEAD}<?{_ADDRESS}>?", re.IGNORECASE)),
    ("url", re.compile(r"\bPMCID(?:\s?:\s?|\s)PMC[0-9]{1,9}\b", re.IGNORECASE)),
)
# What printing must escape in a citation so that none of the above is found in it.
_TRIGGER = re.compile(r"(https?|doi|PMID|PMCID)([^\w\\])|(?<=10)(\.)(?=[0-9]{4})", re.IGNORECASE)
_LINKED = re.compile(r"\[([^\[\]]*)\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")
_CITED = re.compile(r"\[\s*[0-9]{1,3}(?:\s*[,;–-]\s*[0-9]{1,3}){0,30}\s*\]")


@dataclass(slots=True)
class Source:
    """A reference as read. `number` is what the page calls it; `key` is empty unless the page names one."""

    line: int
    number: int
    text: str
    key: str = ""
    citation: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""

    def read(self) -> None:
        """Take the identifiers out of the text; what remains is the citation."""
        rest = hide(" ".join(self.text.split()))
        if key := _KEY.search(rest):
            self.key, rest = key[1], rest[: key.start()]
            for name, pattern in _PRINTED:
                if found := pattern.search(rest):
                    setattr(self, name, literal(found[1]))
                    rest = rest[: found.start()]
        before = rest = _LINKED.sub(r"\1 \2", rest)
        for name, pattern in _WRITTEN:
            rest = self._take(name, pattern, rest)
        self.citation = plain(rest if rest == before else _tidy(rest))

    def _take(self, name: str, pattern: re.Pattern[str], text: str) -> str:
        found = None if getattr(self, name) else pattern.search(text)
        if found is None:
            return text
        written = _trimmed(found[0])
        value = literal(_value(name, written))
        setattr(self, name, value)
        return f"{text[: found.start()]} {text[found.start() + len(written) :]}"


def escape_identifiers(escaped: str) -> str:
    """Escape further what would be read as a DOI, PMID or address inside a citation."""
    return _TRIGGER.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else "\\.", escaped)


def citations(text: str) -> list[tuple[int, int, list[int]]]:
    """Every citation like [1], [2,3] or [4-6] in a text: where it stands, and the numbers it names."""
    return [(match.start(), match.end(), numbers(match[0])) for match in _CITED.finditer(text)]


def numbers(text: str) -> list[int]:
    """The numbers in “1, 3-5”."""
    found: list[int] = []
    for first, last in re.findall(r"([0-9]{1,3})(?:\s*[–-]\s*([0-9]{1,3}))?", text):
        found += range(int(first), min(int(last or first), int(first) + 30) + 1) or [int(first), int(last)]
    return found


def is_identifier_only(text: str) -> bool:
    """Whether a line is nothing but an address, DOI or PMID: it belongs to the entry above it."""
    source = Source(0, 0, text)
    source.read()
    return not source.citation and bool(source.doi or source.pmid or source.url)


def _trimmed(written: str) -> str:
    """Without the sentence's own punctuation behind an address."""
    if written.startswith("<") or written.endswith(">"):
        return written
    opened = {")": written.count("(") - written.count(")"), "]": written.count("[") - written.count("]")}
    while written and (written[-1] in ".,;:!?'*_" or opened.get(written[-1], 0) < 0):
        if written[-1] in opened:
            opened[written[-1]] += 1
        written = written[:-1]
    return written


def _value(name: str, written: str) -> str:
    written = written.strip("<>")
    if name == "doi":
        return written[re.search(r"10\.[0-9]{4,9}/", written).start() :]  # type: ignore[union-attr]
    if name == "pmid":
        return re.sub(r"\D+", "", written.rsplit("/pubmed/", 1)[-1] if "/pubmed/" in written else written)
    if match := re.search(r"PMC[0-9]+$", written, re.IGNORECASE) if "://" not in written else None:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{match[0].upper()}/"
    return written[written.lower().index("http") :]


def _tidy(text: str) -> str:
    """What is left of a citation when its identifiers are out: no empty brackets, no double or dangling marks."""
    text = " ".join(text.split())
    text = re.sub(r"[(\[<]\s?[.,;:]?\s?[)\]>]", "", text)
    text = re.sub(r"\s+([.,;])", r"\1", text)
    text = re.sub(r"([.,;])(?:\s?[.,;])+", r"\1", text)
    return text.strip(" ,;:|–—-")
