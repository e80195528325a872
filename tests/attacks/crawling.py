"""What a person at the desk is led to, a few pages of each kind, and what in a page could run."""

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.urls import resolve

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
KNOWN = ("http:", "https:", "mailto:")
ENOUGH, MANY = 1, 3  # pages of a kind for one person; of a version or a review
#: What looking does change: the first look of a reviewer is noted.
NOTED = {"desk/reviews/<int:pk>/": {"reviews_assignment"}}


def found_in(response: HttpResponse) -> list[str]:
    """What of an answer could run, or be taken for markup or a formula."""
    kind, body = response.headers.get("Content-Type", ""), response.getvalue()
    if kind.startswith("text/html"):
        page = BeautifulSoup(body, "lxml")
        broken = [str(tag)[:200] for tag in page.find_all(True) if _is_odd(tag)]
        is_whole = b"<!doctype html>" not in body[:20].lower() or len(page.find_all("main")) == 1
        return broken + (["<zqx"] if b"<zqx" in body else []) + ([] if is_whole else ["broken"])
    if "csv" in kind:
        cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
        return [cell for cell in cells if re.match(r"[=+@\t\r]|-[^\d]", cell)]
    if "json" in kind:
        json.loads(body)
    return []


def _is_odd(tag: Tag) -> bool:
    runs = any(name.startswith("on") or not re.fullmatch(r"[\w:.-]+", name) for name in tag.attrs)
    goes = [str(tag.get(name, "")).strip().lower() for name in ("href", "src", "action", "formaction")]
    leaves = any(re.match(r"[a-z]+:", address) and not address.startswith(KNOWN) for address in goes)
    foreign = tag.name in {"zqx", "iframe", "object", "embed", "base", "style"} or {"zqx", "style"} & {*tag.attrs}
    return runs or leaves or bool(foreign) or (tag.name == "script" and not tag.get("src"))


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
