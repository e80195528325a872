"""Every link of the public site, followed from the front page."""

import re
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client

HREF = re.compile(r'\shref="([^"]*)"')
FINE = {200, 410, 503}  # what is there; what was retracted; a PDF that is to be asked for later
ID = re.compile(r'\sid="([^"]+)"')


def broken_links(client: Client) -> list[str]:
    """The links that end in an error, or in a page without the place that they name, each with the page that has it."""
    ids: dict[str, set[str] | None] = {}
    links = [("/", "", "")]
    found: dict[tuple[str, str], str] = {}
    while links:
        address, place, page = links.pop()
        found.setdefault((address, place), page)
        if address not in ids:
            response = client.get(address)
            body = response.getvalue().decode("utf-8", "replace")
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            ids[address] = set(ID.findall(body)) if response.status_code in FINE else None
            links += [(*to, address) for href in HREF.findall(body) if is_page and (to := _inside(address, href))]
    return [
        f"{page}: {address}#{place}"
        for (address, place), page in found.items()
        if (there := ids[address]) is None or (place and place not in there)
    ]


def _inside(page: str, href: str) -> tuple[str, str] | None:
    """Where a link of ours leads, and to which place there; nothing for files and for other sites."""
    url, place = urldefrag(urljoin(f"{settings.SITE_URL}{page}", unescape(href)))
    parts = urlsplit(url)
    is_ours = f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL
    if not is_ours or parts.path.startswith((settings.STATIC_URL, "/accounts/")):
        return None
    return parts._replace(scheme="", netloc="").geturl(), place
