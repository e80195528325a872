"""The whole of an article: what it is, who answers for it, when it was read, what has become of it."""

from datetime import date
from xml.etree.ElementTree import Element, register_namespace, tostring

from django.conf import settings

from publications.jats.body import HREF, add, add_back, add_body, add_link
from publications.licences import PUBLISHER, licence, statement
from publications.models import Publication
from publications.record import Notice, NoticeKind, Person

CONTENT_TYPE = "application/xml; charset=utf-8"
DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.3 20210610//EN" '
    '"https://jats.nlm.nih.gov/archiving/1.3/JATS-archivearticle1-3.dtd">'
)
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NISO_VERSIONS = "http://www.niso.org/publications/rp/RP-8-2008.pdf"
# From the article to its notice, as the tag set suggests; the lifting of a concern has no word of its own.
_FORWARD = {
    NoticeKind.CORRECTION: "correction-forward",
    NoticeKind.CONCERN: "expression-of-concern",
    NoticeKind.LIFTED: "expression-of-concern",
    NoticeKind.RETRACTION: "retraction-forward",
}
register_namespace("xlink", "http://www.w3.org/1999/xlink")


def jats(publication: Publication, *, as_notice: bool = False) -> str:
    """The XML document of one version; `as_notice`, the retraction that stands in its place."""
    kind = "retraction" if as_notice else "reference"
    root = Element("article", {"article-type": kind, "dtd-version": "1.3", LANGUAGE: "en"})
    front = add(root, "front")
    _add_journal(front)
    _add_meta(add(front, "article-meta"), publication, as_notice=as_notice)
    if as_notice:
        _add_notices(root, publication)
    else:
        add_body(root, publication.document)
        add_back(root, publication.document)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n{tostring(root, encoding="unicode")}\n'


def _add_journal(front: Element) -> None:
    journal = add(front, "journal-meta")
    add(journal, "journal-id", "ddx-portal", journal_id_type="publisher-id")
    add(add(journal, "journal-title-group"), "journal-title", PUBLISHER)
    add(add(journal, "publisher"), "publisher-name", PUBLISHER)


def _add_meta(meta: Element, publication: Publication, *, as_notice: bool) -> None:
    add(meta, "article-id", f"{publication.slug}/v/{publication.number}", pub_id_type="publisher-id")
    _add_version(meta, publication)
    if publication.specialty_label:
        group = add(add(meta, "article-categories"), "subj-group", subj_group_type="specialty")
        add(group, "subject", publication.specialty_label)
    before = "RETRACTED: " if publication.is_retracted else ""
    add(add(meta, "title-group"), "article-title", before + publication.title)
    _add_people(meta, publication)
    _add_interests(meta, publication)
    _add_date(meta, "pub-date", publication.first_published_on, date_type="pub", publication_format="electronic")
    _add_events(meta, publication)
    _add_permissions(meta, publication)
    _add_addresses(meta, publication)
    _add_relations(meta, publication, as_notice=as_notice)
    _add_codes(meta, publication)
    _add_facts(meta, publication)


def _add_version(meta: Element, publication: Publication) -> None:
    both = add(meta, "article-version-alternatives")
    add(both, "article-version", str(publication.number), article_version_type="number")
    name = "C-VoR" if any(each.kind == NoticeKind.CORRECTION for each in publication.standing) else "VoR"
    add(both, "article-version", name, vocab="JAV", vocab_identifier=NISO_VERSIONS, article_version_type="status")


def _add_people(meta: Element, publication: Publication) -> None:
    authors = add(meta, "contrib-group", content_type="authors")
    _add_person(authors, publication.written_by, "author")
    for each in publication.contributors:
        _add_person(authors, each, "contributor")
    reviewers = add(meta, "contrib-group", content_type="reviewers")
    for each in publication.reviewers:
        _add_person(reviewers, each, "reviewer")


def _add_person(group: Element, person: Person, role: str) -> None:
    contributor = add(group, "contrib", contrib_type=role)
    if person.orcid:
        add(contributor, "contrib-id", f"https://orcid.org/{person.orcid}", contrib_id_type="orcid")
    add(contributor, "string-name", person.name)
    if person.credentials:
        add(contributor, "degrees", person.credentials)
    if person.job_title:
        add(contributor, "role", person.job_title)
    if person.institution:
        add(add(contributor, "aff"), "institution", person.institution)


def _add_interests(meta: Element, publication: Publication) -> None:
    notes = add(meta, "author-notes")
    for person in publication.everybody:
        note = add(notes, "fn", fn_type="coi-statement")
        add(note, "p", f"{person.name}: {person.declaration}")


def _add_date(parent: Element, name: str, day: date, **attributes: str) -> None:
    told = add(parent, name, iso_8601_date=day.isoformat(), **attributes)
    for part in ("day", "month", "year"):
        add(told, part, f"{getattr(day, part):02}")


def _add_events(meta: Element, publication: Publication) -> None:
    """What has happened to it, each with its day: history dates and notices in one list."""
    happened = [
        ("received", "Submitted", publication.submitted_at.date()),
        ("review-started", "Review began", publication.review_started_at.date()),
        ("accepted", f"Version {publication.number} approved by the board", publication.approved_at.date()),
    ]
    confirmed = sorted({each.signed_at.date() for each in publication.confirmed_by})
    happened += [("confirmed", "Read again and confirmed unchanged", day) for day in confirmed]
    for each in reversed(publication.notices):
        happened.append((each.kind.replace("_", "-"), f"{each.label}: {each.words or each.reason}", each.on))
    history = add(meta, "pub-history")
    for kind, words, day in happened:
        event = add(history, "event", event_type=kind)
        add(event, "event-desc", words)
        _add_date(event, "date", day, date_type=kind)


def _add_permissions(meta: Element, publication: Publication) -> None:
    held, day = licence(), publication.approved_at.date()
    permissions = add(meta, "permissions")
    add(permissions, "copyright-statement", statement(day))
    add(permissions, "copyright-year", str(day.year))
    add(permissions, "copyright-holder", PUBLISHER)
    terms = add(permissions, "license", license_type="open-access" if held.url else "restricted")
    if held.url:
        terms.set(HREF, held.url)
    add(terms, "license-p", f"{held.name}.")


def _add_addresses(meta: Element, publication: Publication) -> None:
    add_link(meta, "self-uri", publication.canonical_url, content_type="text/html")
    add_link(meta, "self-uri", settings.SITE_URL + publication.provenance_url, content_type="application/json")


def _add_relations(meta: Element, publication: Publication, *, as_notice: bool) -> None:
    if as_notice:
        text = settings.SITE_URL + publication.get_version_url()
        add_link(meta, "related-article", text, related_article_type="retracted-article", ext_link_type="uri")
        return
    for notice in publication.notices:
        place, kind = f"{publication.canonical_url}#{notice.anchor}", _FORWARD[NoticeKind(notice.kind)]
        add_link(meta, "related-article", place, related_article_type=kind, ext_link_type="uri")


def _add_codes(meta: Element, publication: Publication) -> None:
    codes = dict.fromkeys(code for each in publication.document.diagnoses for code in each.codes)
    if codes:
        group = add(meta, "kwd-group", kwd_group_type="codes", vocab="ICD-10-CM")
        for code in codes:
            add(group, "kwd", code)


def _add_facts(meta: Element, publication: Publication) -> None:
    """What the tag set has no element for."""
    facts = {
        "state": publication.state,
        "content-sha256": publication.content_sha256,
        "last-reviewed": publication.last_reviewed_on.isoformat(),
        "next-review": publication.next_review_on.isoformat(),
        "how-made": publication.origin_sentence,
        "change-note": publication.change_note,
    }
    group = add(meta, "custom-meta-group")
    for name, value in facts.items():
        if value:
            fact = add(group, "custom-meta")
            add(fact, "meta-name", name)
            add(fact, "meta-value", value)


def _add_notices(root: Element, publication: Publication) -> None:
    """The body of a retraction: what readers are told, why, and by whom."""
    body = add(root, "body")
    for notice in publication.notices:
        _add_notice(add(body, "sec", id=notice.anchor, sec_type=notice.kind.replace("_", "-")), notice)


def _add_notice(section: Element, notice: Notice) -> None:
    add(section, "title", notice.label)
    for words in (notice.words, notice.reason, f"{notice.by}, {notice.on.isoformat()}".removeprefix(", ")):
        if words:
            add(section, "p", words)
