"""The policies: versioned pages that editors write. What was in force once stays readable at its own address."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import ClassVar, NamedTuple, Self

import nh3
from django.db import connection, models
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from content.runs import Run, runs

#: Other pages link to these: they change, and are never taken back.
LASTING = frozenset({"editorial", "corrections", "conflicts", "ai-use", "privacy"})
MAX_BODY = 60_000
_RULES = ("list", "emphasis", "link", "escape", "backticks", "newline", "blockquote", "balance_pairs", "heading")
_TAGS = {"p", "ul", "ol", "li", "em", "strong", "a", "code", "br", "blockquote", "h2", "h3"}


class PolicyQuerySet(models.QuerySet["Policy"]):
    def newest(self) -> Self:
        """The last version of each, in the order in which they were first published."""
        newest = self.order_by("name", "-number").distinct("name").values("pk")
        first = self.filter(name=models.OuterRef("name")).order_by("number").values("pk")[:1]
        return self.filter(pk__in=newest).order_by(models.Subquery(first))

    def versions(self, name: str) -> Self:
        """Every version of one, the latest first."""
        return self.filter(name=name).order_by("-number")

    def publish(self, name: str, *, title: str, body: str, change_note: str, based_on: int, by_id: int) -> int | None:
        """Put the next version in force, in the caller's transaction, with its event; an empty body takes it back.

        Returns its number; None when somebody else has published since `based_on` (0: there was none).
        Raises IntegrityError for a person who writes no policies.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT publish_policy(%s, %s, %s, %s, %s, %s)", [by_id, name, based_on, title, body, change_note]
            )
            number: int | None = cursor.fetchone()[0]
        return number


class Policy(models.Model):
    """One version of one policy."""

    id = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    number = models.IntegerField()
    title = models.TextField()
    body = models.TextField()
    change_note = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.TextField()

    objects: ClassVar[PolicyQuerySet] = PolicyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        app_label = "publications"
        managed = False
        db_table = "policy"

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("publications:policy", args=(self.name,))

    def get_version_url(self) -> str:
        return reverse("publications:policy_version", args=(self.name, self.number))

    @property
    def history_url(self) -> str:
        return reverse("publications:policy_history", args=(self.name,))

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back with this version."""
        return not self.body

    @property
    def may_be_withdrawn(self) -> bool:
        return self.name not in LASTING and not self.is_withdrawn

    @cached_property
    def html(self) -> SafeString:
        return to_html(self.body)


class PolicyChange(NamedTuple):
    """A version, and its words beside those of the version before it; none for the first."""

    policy: Policy
    runs: tuple[Run, ...]


def changes(versions: Iterable[Policy]) -> list[PolicyChange]:
    """What each version, the latest first, changed."""
    return [
        PolicyChange(later, _compared(earlier.body, later.body) if earlier else ())
        for later, earlier in pairwise([*versions, None])
        if later is not None
    ]


@lru_cache(maxsize=64)
def _compared(before: str, after: str) -> tuple[Run, ...]:
    """Versions never change, so that neither does their difference."""
    return runs(before, after)


@lru_cache(maxsize=64)
def to_html(text: str) -> SafeString:
    """Markdown with headings of the second and third level, and links to the web or within this site, as HTML."""
    parser = MarkdownIt("zero", {"html": False}).enable(list(_RULES))
    html = nh3.clean(
        parser.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=_leads_somewhere,
        url_schemes={"http", "https"},
        link_rel="noopener",
    )
    return mark_safe(html)  # noqa: S308


def _leads_somewhere(_tag: str, name: str, value: str) -> str | None:
    """An address of the web, or a path of this site; `//elsewhere` would be an address of another."""
    inside = value.startswith("/") and not value.startswith("//")
    return value if name != "href" or inside or value.lower().startswith(("http://", "https://")) else None
