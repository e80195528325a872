"""What somebody typed into a search, taken apart. Everything is taken as it comes: no words are an error."""

import hashlib
import re
import unicodedata
from typing import NamedTuple

from content.schema import ICD10CM_CODE

MAX_TERMS = 16
MAX_CORE = 4
_TERM = re.compile(r"""-?"[^"]+"|-?\w[\w'’./-]*""")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_BETWEEN = re.compile(r"[\W_]+")
_OPERATORS = {"or"}
_ABBREVIATION = re.compile(r"\s+\([A-Z][A-Za-z0-9/-]{0,8}[A-Z0-9]\)\s*$")
_NOT_IN_ADDRESSES = re.compile(r"[^a-z0-9]+")


def plain(said: str) -> str:
    """As words are compared: small letters without accents, one space between. Twin of the SQL `plain_words`."""
    return _BETWEEN.sub(" ", _ACCENTS.sub("", unicodedata.normalize("NFKD", said)).lower()).strip()


def lasting_slug(name: str) -> str:
    """The address of a diagnosis, the same in every article that names it so. Twin of the SQL function."""
    words = plain(_ABBREVIATION.sub("", name))
    slug = _NOT_IN_ADDRESSES.sub("-", words)[:100].strip("-")
    return slug or f"diagnosis-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class Typed(NamedTuple):
    """Words that must all be there, "phrases", -exclusions, and codes of ICD-10-CM from three characters on."""

    required: tuple[str, ...]
    excluded: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def read(cls, query: str) -> "Typed":
        terms = [term for term in _TERM.findall(query) if any(map(str.isalnum, term))][:MAX_TERMS]
        wanted = [term for term in terms if not term.startswith("-")]
        codes = [term.strip(".").upper() for term in wanted if ICD10CM_CODE.fullmatch(term.strip(".").upper())]
        rest = [term for term in wanted if term.strip(".").upper() not in codes]
        return cls(
            tuple(said for term in rest if (said := _clean(term))),
            tuple(said for term in terms if term.startswith("-") and (said := _clean(term[1:]))),
            tuple(codes),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted: exclusions alone find nothing."""
        return not (self.required or self.codes)

    @property
    def web(self) -> str:
        """For `websearch_to_tsquery`, which would take anything else for operators or fail of it."""
        return " ".join((*self.required, *(f"-{each}" for each in self.excluded)))

    @property
    def core(self) -> str:
        """The longest of the wanted words, which are rarest as a rule: with these the database begins to look."""
        return " ".join(sorted(self.words, key=len, reverse=True)[:MAX_CORE])

    @property
    def tsquery(self) -> str:
        """The codes, each with all that it begins. A code has no character that means anything else here."""
        return " & ".join(f"'{code.lower()}':*" for code in self.codes)

    @property
    def words(self) -> tuple[str, ...]:
        """Each wanted word by itself."""
        return tuple(dict.fromkeys(word for term in self.required for word in term.replace('"', "").split()))


def _clean(term: str) -> str:
    """A word or phrase in which nothing but quotation marks around it means something."""
    words = [word for word in re.split(r"[\s\"/._-]+", term) if any(map(str.isalnum, word))]
    if len(words) == 1 and words[0].lower() in _OPERATORS:
        return ""
    joined = " ".join(words)
    return f'"{joined}"' if len(words) > 1 and term.startswith('"') else joined
