"""What machines read of the whole site: the feed, the sitemap, what robots may fetch."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from content.text import visible
from publications.models import Publication
from publications.record import Notice

IN_FEED = 50
IN_SITEMAP = 40_000  # a sitemap holds at most 50,000 addresses; beyond this it needs an index
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
STANDING = (("home", ()), ("board", ()), ("policy", ("editorial",)), ("policy", ("corrections",)))
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
        link=absolute("home"),
        description="",
        subtitle="Differential diagnoses that the Medical Advisory Board has just approved, or confirmed unchanged.",
        feed_url=absolute("feed"),
        language="en",
        author_name="DDx Portal",
    )
    for each in publications:
        atom.add_item(
            title=visible(each.title),
            link=each.canonical_url,
            unique_id=each.canonical_url,
            description="",
            categories=[each.specialty_label] if each.specialty_label else (),
            pubdate=each.approved_at,
            updateddate=each.last_reviewed_at,
        )
    for each in noticed:
        for notice in each.notices:
            if notice.ended_by is None:
                _add_notice(atom, each, notice)
    return atom.writeString("utf-8")


def _add_notice(atom: Feed, publication: Publication, notice: Notice) -> None:
    """An entry of its own, which those who read the text long ago get as news."""
    link = f"{publication.canonical_url}#{notice.anchor}"
    at = datetime.combine(notice.on, time.min, UTC)
    atom.add_item(
        title=f"{notice.label}: {visible(publication.title)}",
        link=link,
        unique_id=link,
        description=visible(notice.words),
        categories=[publication.specialty_label] if publication.specialty_label else (),
        pubdate=at,
        updateddate=at,
    )


def sitemap(publications: Iterable[Publication]) -> str:
    """Every page that a search engine should know."""
    root = Element("urlset", xmlns=SITEMAP)
    for name, arguments in STANDING:
        _add(root, absolute(name, *arguments))
    for each in publications:
        _add(root, each.canonical_url, each.changed_at.date().isoformat())
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add(root: Element, address: str, changed: str = "") -> None:
    entry = SubElement(root, "url")
    SubElement(entry, "loc").text = address
    if changed:
        SubElement(entry, "lastmod").text = changed


def robots() -> str:
    """What robots may fetch, and where the sitemap is."""
    return ROBOTS.format(sitemap=absolute("sitemap"))


def absolute(name: str, *arguments: str) -> str:
    return settings.SITE_URL + reverse(f"publications:{name}", args=arguments)
