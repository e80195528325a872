"""ICD-10-CM: the codes that diagnoses are filed under."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.functions import Length

from content.schema import Content
from content.text import line

#: What a title adds to say that it is the plain case; it counts for nothing when titles are ordered by their length.
_PLAIN = r",? (without complications?|uncomplicated|unspecified)$|^Unspecified "
_WITHOUT_DOT = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{1,4}")


class Icd10CodeQuerySet(models.QuerySet["Icd10Code"]):
    def matching(self, text: str) -> Self:
        """Codes that begin with the text, with or without its dot, or whose titles have all its words.

        The code itself comes first, then those that begin with it, then titles: a plain one (“without complications”,
        “unspecified”) before the complications, which are many, and the shortest first: “asthma” before every kind.
        """
        text = line(text[:200])[:100]
        if not text:
            return self.none()
        code = _dotted(text)
        words = SearchQuery(" & ".join(f"{w}:*" for w in _words(text)), search_type="raw", config="english")
        by_title = Q(vector=words) if _words(text) else Q(pk__in=())
        rank = Case(When(code=code, then=0), When(code__startswith=code, then=1), default=2)
        length = Case(When(rank=2, then=Length(Func("title", Value(_PLAIN), Value(""), function="regexp_replace"))))
        return (
            self.annotate(vector=SearchVector("title", config="english"), rank=rank)
            .filter(Q(code__startswith=code) | by_title)
            .order_by("rank", length, "code")
        )

    def unknown_in(self, content: Content) -> set[str]:
        """The codes of an article that the stored release does not have."""
        codes = {code for diagnosis in content.diagnoses for code in diagnosis.codes}
        return codes - set(self.filter(code__in=codes).values_list("code", flat=True))


def _dotted(text: str) -> str:
    """A code as it is stored: “g463” is G46.3."""
    code = "".join(text.upper().split())
    return f"{code[:3]}.{code[3:]}" if _WITHOUT_DOT.fullmatch(code) else code


def _words(text: str) -> list[str]:
    return ["".join(c for c in word if c.isalnum()) for word in text.split() if any(c.isalnum() for c in word)]


class Icd10Code(models.Model):
    """One entry of ICD-10-CM, the release named in `release`."""

    code = models.CharField(primary_key=True, max_length=8)
    title = models.CharField(max_length=400)
    is_billable = models.BooleanField()
    release = models.CharField(max_length=20)

    objects: ClassVar[Icd10CodeQuerySet] = Icd10CodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("code",)
        indexes = (
            GinIndex(SearchVector("title", config="english"), name="icd10_words"),
            models.Index(fields=("code",), name="icd10_prefix", opclasses=("varchar_pattern_ops",)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
