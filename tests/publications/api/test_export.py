"""The export: hashed, in parts that follow one another, without what is not approved."""

import gzip
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from content import canonical
from publications.api import export
from publications.models import Publication
from tests.conftest import Connection
from tests.publications.api.asking import API, refused
from tests.publications.reading import multiply

pytestmark = pytest.mark.usefixtures("articles", "committed_db")

PATH = f"{API}/export.jsonl"


def lines(query: str = "") -> list[dict[str, Any]]:
    response = Client().get(f"{PATH}{query}")
    assert response.status_code == 200
    return [json.loads(line) for line in response.content.decode().splitlines()]


def test_export_has_every_current_text_and_the_notices_of_retracted_ones() -> None:
    head, *told, end = lines()
    assert (head["type"], head["licence"]["id"], end) == ("export", "all-rights-reserved", {"type": "end", "lines": 3})
    assert [(each["type"], each["id"]) for each in told] == [
        ("article", "hiccups-at-night/v/2"),
        ("article", "cold-feet/v/1"),
        ("notice", "sudden-sneezing/v/1"),
    ]
    assert [each["content"] is None for each in told] == [False, False, True]
    assert [each["kind"] for each in told[2]["notices"]] == ["retraction"]
    assert "zqsecretqz" not in json.dumps([head, *told])
    assert lines("?versions=all")[1]["id"] == "hiccups-at-night/v/1"


def test_each_line_proves_itself_as_the_head_says() -> None:
    for line in Client().get(f"{PATH}?versions=all").content.decode().splitlines():
        told = json.loads(line)
        if told["type"] == "article":
            text = json.dumps(told["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            assert canonical.sha256(text) == told["content_sha256"]
            assert {each["content_sha256"] for each in told["signatures"]} == {told["content_sha256"]}


def test_parts_follow_one_another_to_the_end(as_owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    multiply(as_owner, range(1, 4))
    monkeypatch.setattr(export, "AT_ONCE", 2)
    monkeypatch.setattr(export, "PART", 10_000)
    found, query = [lines("?versions=all")], ""
    while found[-1][-1]["type"] == "more":
        query = found[-1][-1]["next_url"].partition("export.jsonl")[2]
        found.append(lines(query))
    told = [each for part in found for each in part[1:-1]]
    assert len(found) > 2
    assert [part[-1]["lines"] for part in found] == [len(part) - 2 for part in found]
    assert len({each["id"] for each in told}) == len(told) == 16


def test_part_goes_on_after_any_line() -> None:
    first = lines()
    assert lines(f"?after={first[1]['id']}")[1:-1] == first[2:-1]
    for wrong in ("nothing/v/1", "hidden-itch/v/1", "1", "%00", "x" * 5_000):
        assert "after" in refused(f"export.jsonl?after={wrong}")
    assert "versions" in refused("export.jsonl?versions=none")
    assert "limit" in refused("export.jsonl?limit=1")


def test_export_is_kept_by_its_etag_until_anything_changes(as_owner: Connection) -> None:
    client = Client()
    first = client.get(PATH, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(first.content) == client.get(PATH).content
    assert client.get(PATH, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert (client.head(PATH)["ETag"], client.head(PATH).content) == (first["ETag"], b"")
    assert client.get(f"{PATH}?versions=all")["ETag"] != first["ETag"]
    as_owner.execute("UPDATE pub.publication SET next_review_on = next_review_on + 1 WHERE slug = 'cold-feet'")
    assert client.get(PATH, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_export_of_the_day_on_which_a_review_becomes_overdue_is_another() -> None:
    due = Publication.objects.get(slug="cold-feet").next_review_on
    tags = []
    for day, is_overdue in ((due, False), (due + timedelta(1), True)):
        with time_machine.travel(datetime.combine(day, time(12), UTC), tick=False):
            assert lines()[2]["is_overdue"] is is_overdue
            tags.append(Client().head(PATH)["ETag"])
    assert tags[0] != tags[1]


def test_operators_have_it_as_one_file(tmp_path: Path) -> None:
    plain, packed = tmp_path / "all.jsonl", tmp_path / "all.jsonl.gz"
    for path in (plain, packed):
        call_command("export_articles", path)
    assert plain.read_bytes() == gzip.decompress(packed.read_bytes()) == Client().get(PATH).content
    assert set(tmp_path.iterdir()) == {plain, packed}
