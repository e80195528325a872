"""The sitemap: an index and parts of a bounded size, with every page once and the day when it last changed."""

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client

from publications.machines import sitemaps
from tests import factories
from tests.conftest import Connection

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

pytestmark = pytest.mark.usefixtures("committed_db")


def test_sitemap_names_every_page_once_in_parts(
    client: Client, as_owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = factories.make_version("superseded").article.current
    assert first
    assert first.decided_at
    later = "last_reviewed_at = approved_at + interval '2 days'"
    as_owner.execute(f"UPDATE pub.publication SET {later}, confirmations = signers")
    second = factories.make_version("approved", content=factories.make_content("Cold feet"))
    monkeypatch.setattr(sitemaps, "SPAN", 1)
    assert client.get("/sitemap-diagnoses-zzz.xml").status_code == 404
    index = fromstring(client.get("/sitemap.xml").content)
    parts = [str(each.text).removeprefix("http://testserver") for each in index.iter(f"{MAP}loc")]
    names = ("gastric-distension", "gastro-oesophageal-reflux", "lateral-medullary-stroke", "phrenic-nerve-irritation")
    assert parts == [
        *("/sitemap-0.xml", f"/sitemap-{first.pk}.xml", f"/sitemap-{second.pk}.xml"),
        *(f"/sitemap-diagnoses-{name}.xml" for name in names),
    ]
    found = [fromstring(client.get(part).content) for part in parts]
    addresses = [str(each.text).removeprefix("http://testserver") for part in found for each in part.iter(f"{MAP}loc")]
    assert len(addresses) == len(set(addresses))
    found_here = {"/", "/board/", "/policies/editorial/", "/api/v1/docs", "/articles/hiccups-at-night/"}
    assert found_here | {f"/diagnoses/{name}/" for name in names} <= set(addresses)
    assert {client.get(address).status_code for address in addresses} == {200}
    changed = first.decided_at.date() + timedelta(2)
    assert [each.text for each in found[1].iter(f"{MAP}lastmod")] == [changed.isoformat()]
    assert index.findall(f"{MAP}sitemap/{MAP}lastmod")[0].text == changed.isoformat()
    tag = client.get(parts[2])["ETag"]
    as_owner.execute("UPDATE pub.publication SET title = 'Cold toes' WHERE slug = 'cold-feet'")
    assert client.get(parts[2], headers={"if-none-match": tag}).status_code == 200
