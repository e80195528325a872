"""What machines read of the whole site: the feed, and what robots may fetch."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from django.utils.feedgenerator import Atom1Feed

from content.counting import counted
from content.text import visible
from publications.addresses import absolute
from publications.licences import PUBLISHER, licence
from publications.models import Publication
from publications.record import Notice

IN_FEED = 50
BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
ROBOTS = """User-agent: *
Disallow: /desk/
Disallow: /accounts/

Sitemap: {sitemap}
"""


class Feed(Atom1Feed):
    """An Atom feed that says the same as long as its entries do."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


def feed(publications: Iterable[Publication], noticed: Iterable[Publication] = ()) -> str:
    """The newly approved and newly confirmed texts as Atom, and the notices that stand on current ones."""
    atom = Feed(
        title="DDx Portal: newly reviewed",
        link=absolute("publications:home"),
        description="",
        subtitle="Differential diagnoses that the Medical Advisory Board has just approved, or confirmed unchanged.",
        feed_url=absolute("publications:feed"),
        language="en",
        author_name=PUBLISHER,
        feed_copyright=licence().name,
    )
    for each in publications:
        atom.add_item(
            title=visible(each.title),
            link=each.canonical_url,
            unique_id=each.canonical_url,
            description=_news(each),
            categories=[each.specialty_label] if each.specialty_label else (),
            pubdate=each.approved_at,
            updateddate=each.last_reviewed_at,
        )
    for each in noticed:
        for notice in each.notices:
            if notice.ended_by is None:
                _add_notice(atom, each, notice)
    return atom.writeString("utf-8")


def _news(publication: Publication) -> str:
    """What is new about it: approved, or read again and found to be right still."""
    people = counted(len(publication.reviewers), "reviewer")
    if publication.confirmed_by:
        return f"Read again and confirmed unchanged by the Medical Advisory Board. {people} so far."
    return f"Version {publication.number}, approved by {people} of the Medical Advisory Board."


def _add_notice(atom: Feed, publication: Publication, notice: Notice) -> None:
    """An entry of its own, which those who read the text long ago get as news."""
    link = f"{publication.canonical_url}#{notice.anchor}"
    is_newest = notice is publication.notices[0]  # the only one whose moment is kept
    at = (is_newest and publication.noticed_at) or datetime.combine(notice.on, time.min, UTC)
    atom.add_item(
        title=f"{notice.label}: {visible(publication.title)}",
        link=link,
        unique_id=link,
        description=visible(notice.words),
        categories=[publication.specialty_label] if publication.specialty_label else (),
        pubdate=at,
        updateddate=at,
    )


def robots() -> str:
    """What robots may fetch, and where the sitemap is."""
    return ROBOTS.format(sitemap=absolute("publications:sitemap"))
