"""Forms of the public, by pure rules: where a request comes from, and who sent it."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from publications.letters import inbox as letters
from publications.sending import MAX_FORM_BYTES, is_from_here, public_form

HERE = "http://testserver"
ORIGINS: list[tuple[dict[str, str], bool]] = [
    ({}, False),
    ({"sec-fetch-site": "same-origin"}, True),
    ({"sec-fetch-site": "none"}, True),
    ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "cross-site", "origin": HERE, "referer": f"{HERE}/"}, False),
    ({"origin": HERE}, True),
    ({"origin": "null"}, False),
    ({"origin": "https://testserver"}, False),
    ({"origin": "http://testserver.evil.example"}, False),
    ({"origin": "http://evil.example", "referer": f"{HERE}/"}, False),
    ({"referer": f"{HERE}/articles/a/"}, True),
    ({"referer": HERE}, False),
    ({"referer": "http://testserver.evil.example/"}, False),
    ({"referer": f"http://evil.example/?{HERE}/"}, False),
]


@public_form
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"read {len(request.POST)}")


def sent(headers: dict[str, str], method: str = "post", data: dict[str, str] | None = None) -> HttpResponse:
    response = form(getattr(RequestFactory(headers=headers), method)("/", data or {"words": "x"}))
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.parametrize(("headers", "is_ours"), ORIGINS, ids=[str(headers) for headers, _ in ORIGINS])
def test_form_is_taken_from_our_own_pages_alone(headers: dict[str, str], is_ours: bool) -> None:
    assert is_from_here(RequestFactory(headers=headers).post("/")) is is_ours
    response = sent(headers)
    assert (response.status_code, response.content == b"read 1") == ((200, True) if is_ours else (403, False))
    assert response["Cache-Control"] == "no-store"


def test_form_is_read_by_anybody_and_takes_no_other_method() -> None:
    assert sent({}, "get")["Cache-Control"] == "public, max-age=0, must-revalidate"
    refused = [sent({"sec-fetch-site": "same-origin"}, method) for method in ("put", "patch", "delete", "options")]
    assert [(each.status_code, each["Allow"]) for each in refused] == [(405, "GET, HEAD, POST")] * 4


def test_form_that_is_too_long_is_not_read() -> None:
    same = {"sec-fetch-site": "same-origin"}
    assert sent(same, data={"words": "x" * (MAX_FORM_BYTES - 500)}).status_code == 200
    assert sent(same, data={"words": "x" * MAX_FORM_BYTES}).status_code == 413


SENDERS: list[tuple[int, str, str, str]] = [  # proxies, REMOTE_ADDR, X-Forwarded-For, network
    (0, "192.0.2.1", "", "192.0.2.1"),
    (0, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
    (1, "10.0.0.1", "198.51.100.9", "198.51.100.9"),
    (1, "10.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
    (2, "10.0.0.1", "203.0.113.5, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
    (2, "10.0.0.1", "198.51.100.9", "10.0.0.1"),
    (1, "10.0.0.1", "", "10.0.0.1"),
    (1, "10.0.0.1", "spoofed, nonsense", "unknown"),
    (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
    (0, "", "", "unknown"),
]


@pytest.mark.parametrize(("proxies", "remote", "forwarded", "network"), SENDERS)
def test_sender_is_who_our_own_proxies_saw(proxies: int, remote: str, forwarded: str, network: str) -> None:
    request = RequestFactory(REMOTE_ADDR=remote, headers={"x-forwarded-for": forwarded}).post("/")
    with override_settings(TRUSTED_PROXIES=proxies):
        assert letters._network(request) == network
        key = letters.sender_of(request)
    assert len(key) == 64
    assert not network or network not in key
    with override_settings(TRUSTED_PROXIES=proxies, SECRET_KEY=settings.SECRET_KEY + "x"):
        assert letters.sender_of(request) != key
