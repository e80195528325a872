"""What a person at the desk is led to, a few pages of each kind, and what in a page could run."""

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.urls import resolve
from lxml import etree

from articles.models import Version
from reviews.models import Assignment
from tests.attacks.asking import ask, browser_of

STARTS = (
    *("", "articles/", "triage/", "plans/", "labels/", "intake/", "views/", "checklist/", "traffic/", "reviews/"),
    *("kept/", "reports/", "outbox/", "people/", "people/me/", "ledger/", "letters/", "site/"),
    "?q=%27%22%3E%3Czqx%20zqx%3D1%3E",
)
STEPS = (
    "",
    "edit/",
    "preview/",
    "source/",
    "submit/",
    "assign/",
    "compare/",
    "confirm/",
    "?tab=findings",
    "?tab=history",
)
LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')
ORDINARY = re.compile(r"[\w:.-]+")
LEADING = ("href", "src", "action", "formaction")
FOREIGN = {"zqx", "iframe", "object", "embed", "base", "style"}
KNOWN = ("http:", "https:", "mailto:")
ENOUGH, MANY = 1, 3  # pages of a kind for one person; of a version or a review
#: What looking does change: the first look of a reviewer is noted.
NOTED = {"desk/reviews/<int:pk>/": {"reviews_assignment"}}


def found_in(response: HttpResponse) -> list[str]:
    """What of an answer could run, or be taken for markup or a formula."""
    kind, body = response.headers.get("Content-Type", ""), response.getvalue()
    if kind.startswith("text/html"):
        page = etree.fromstring(body, etree.HTMLParser(encoding="utf-8"))
        tags = [] if page is None else list(page.iter("*"))
        broken = [etree.tostring(tag, encoding="unicode")[:200] for tag in tags if _is_odd(tag)]
        is_whole = b"<!doctype html>" not in body[:20].lower() or [tag.tag for tag in tags].count("main") == 1
        return broken + (["<zqx"] if b"<zqx" in body else []) + ([] if is_whole else ["broken"])
    if "csv" in kind:
        cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
        return [cell for cell in cells if re.match(r"[=+@\t\r]|-[^\d]", cell)]
    if "json" in kind:
        json.loads(body)
    return []


def _is_odd(tag: Any) -> bool:
    named = dict(tag.attrib)
    runs = any(name.startswith("on") or not ORDINARY.fullmatch(name) for name in named)
    goes = [named[name].strip().lower() for name in LEADING if name in named]
    leaves = any(re.match(r"[a-z]+:", address) and not address.startswith(KNOWN) for address in goes)
    foreign = tag.tag in FOREIGN or "zqx" in named or "style" in named
    return runs or leaves or foreign or (tag.tag == "script" and not named.get("src"))


def starts() -> Iterator[str]:
    yield from (f"/desk/{start}" for start in STARTS)
    for version in Version.objects.order_by("state", "-pk").distinct("state"):
        yield from (f"{version.get_absolute_url()}{step}" for step in STEPS)
    for assignment in Assignment.objects.order_by("state", "pk").distinct("state").select_related("version"):
        yield from (f"{assignment.get_absolute_url()}{step}" for step in ("", "signed/", "cancel/"))
        known = f"?verdict=approve&content_sha256={assignment.version.content_sha256}"
        yield f"{assignment.get_absolute_url()}sign/{known}"


def crawl(email: str) -> Iterator[tuple[str, HttpResponse, set[str]]]:
    """Every kind of page that this person is led to, a few of each."""
    waiting, told, seen = list(starts()), Counter[tuple[str, bool]](), set[str]()
    with browser_of(email) as client:
        while waiting:
            path = waiting.pop(0)
            route = resolve(path.partition("?")[0]).route
            kind = (route, "?" in path)
            if path in seen or told[kind] >= ENOUGH * (
                3 if "number" in route or route.startswith("desk/reviews/") else 1
            ):
                continue
            seen.add(path)
            response, tables = ask(client, "get", path)
            yield path, response, tables - NOTED.get(route, set())
            if response.status_code == 200:
                told[kind] += 1
                waiting += links(path, response)


def links(path: str, response: HttpResponse) -> Iterator[str]:
    if response.headers["Content-Type"].startswith("text/html"):
        for found in LINK.findall(response.getvalue().decode()):
            address = urljoin(path, html.unescape(found)).partition("#")[0]
            if address.startswith("/desk/"):
                yield address
