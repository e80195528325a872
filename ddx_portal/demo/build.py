"""The articles of the demonstration, from articles/index.toml, brought to their states by the portal's own steps."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from articles import intake
from articles.intake import Intake
from articles.models import Article, Version
from ddx_portal.demo.desk import furnish
from ddx_portal.demo.people import end_terms, make_people
from ddx_portal.demo.walk import EDITOR, Described, Walk
from people.models import User

FOLDER = Path(__file__).with_name("articles")


class Misdescribed(Exception):
    """The index says something that does not come about."""


def load() -> list[Described]:
    """What index.toml says."""
    articles: list[Described] = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))["article"]
    return articles


def read(version: Described) -> tuple[Intake, str]:
    """The text of a version as it is handed in, and what is understood of it."""
    source = (FOLDER / version["file"]).read_text(encoding="utf-8")
    return intake.read(source), source


def make_demo(password: str) -> int:
    """Make what is missing; how many articles that were. What is there stays as it is, whatever became of it.

    Each person and each article is one transaction.
    """
    people = make_people(password)
    made = sum(make_article(described, people) for described in load())
    end_terms(people)
    furnish(people)
    return made


@transaction.atomic
def make_article(described: Described, people: dict[str, User]) -> bool:
    """Bring one article to its state, unless it was made before; whether it was made."""
    taken, source = read(described["version"][0])
    author = people[described["author"]]
    same = Q(source=source) | Q(article__slug=described["slug"])
    if Version.objects.filter(same, article__owner=author, number=1).exists():
        return False
    version = Article.objects.create_with_draft(
        taken.content, by=author, specialty=described["specialty"], source=source
    )
    article = version.article
    for text in described["version"]:
        if text["number"] > 1:
            draft = article.start_draft(by=author)
            version = draft.save_draft(read(text)[0].content, by=author, based_on=draft.revision)
        Walk(version, text, author, people).to_the_end()
    sort(article, described, by=people[EDITOR])
    check(article, described)
    return True


def sort(article: Article, described: Described, *, by: User) -> None:
    """What the editors put on it, where the index says something."""
    if "priority" in described:
        article.prioritise(described["priority"], by=by)
    if labels := described.get("labels"):
        article.label(*labels, by=by)
    if "traffic" in described:
        article.note_traffic(described["traffic"], by=by)


def check(article: Article, described: Described) -> None:
    """The article has the address and its versions the states that the index says.

    Raises:
        Misdescribed: one has not.
    """
    states = list(article.versions.order_by("number").values_list("state", flat=True))
    slug = Article.objects.values_list("slug", flat=True).get(pk=article.pk)
    expected = described["slug"], [version["state"] for version in described["version"]]
    if (slug, states) != expected:
        raise Misdescribed(f"{(slug, states)} was made where the index says {expected}.")
