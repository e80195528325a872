"""`verify_provenance.py` against proofs as the press makes them, and against every forgery of one."""

import copy
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

import verify_provenance as verifier
from publications.provenance.countersigning import SigningKey, message
from reviews.notices import post
from tests.conftest import Blocker
from tests.factories import editor, make_version, rereview, sign
from tests.harness import WorkerDatabase
from tests.publications.pressing import press_all
from verify_provenance import check, signed

PAGE = "/articles/hiccups-at-night/"


class Given(NamedTuple):
    """What a reader has saved."""

    proof: dict[str, Any]
    keys: dict[str, Any]


def make_proof() -> None:
    """An approved text that was confirmed, and bears a concern that a correction ended."""
    version, by = make_version("approved"), editor()
    for asked in rereview(version):
        sign(asked)
    post(version, by=by, kind="expression_of_concern", words="The dose is in doubt.", reason="A reader wrote.")
    post(version, by=by, kind="correction", words="Read 5 mg.", reason="It was checked.", ends_concern=True)


@pytest.fixture(scope="module")
def given(worker_database: WorkerDatabase, django_db_blocker: Blocker) -> Iterator[Given]:
    with django_db_blocker.unblock(), worker_database.kept(make_proof):
        press_all(worker_database)
        yield Given(*(Client().get(path).json() for path in (f"{PAGE}v/1/provenance.json", "/provenance-keys.json")))


# The arithmetic: RFC 8032, section 7.1

VECTORS = {
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
            "655141438e7a100b"
        ),
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
            "b00d291612bb0c00"
        ),
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
            "c027beceea1ec40a"
        ),
    ),
    "test SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
            "2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
            "d9bef1177331a704"
        ),
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_of_the_rfc(name: str) -> None:
    seed, key, text, signature = map(bytes.fromhex, VECTORS[name])
    assert Ed25519PrivateKey.from_private_bytes(seed).sign(text) == signature  # the press signs as the RFC does
    assert signed(key, text, signature)
    assert not signed(key, text + b"x", signature)
    assert not signed(bytes.fromhex(VECTORS["test 3" if name == "test 1" else "test 1"][1]), text, signature)


def order(number: int) -> bytes:
    return number.to_bytes(32, "little")


def test_signature_has_one_form_only() -> None:
    """Each of these fits the equation, and another encoding or a weak key would let a second signature count."""
    seed, key, text, signature = map(bytes.fromhex, VECTORS["test 2"])
    s = int.from_bytes(signature[32:], "little")
    assert not signed(key, text, signature[:32] + order(s + verifier.ORDER))
    assert not signed(key, text, signature + b"\0")
    assert not signed(key, text, signature[:63])
    assert not signed(key + b"\0", text, signature)

    digest = bytearray(hashlib.sha512(seed).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    secret = int.from_bytes(digest, "little")
    for first, counts in ((order(1), True), (order(verifier.P + 1), False), (order(1 | 1 << 255), False)):
        k = int.from_bytes(hashlib.sha512(first + key + text).digest(), "little")
        assert signed(key, text, first + order(k * secret % verifier.ORDER)) is counts  # the neutral point, thrice
    weak = order(1)
    for text_ in (text, b""):
        assert not signed(weak, text_, weak + order(0))  # by a key of small order, for any text
    assert not signed(order(2), text, signature)  # on no point of the curve


# A proof as it is


def test_proof_holds(given: Given) -> None:
    verdict = check(*given)
    assert verdict.problems == []
    assert verdict.is_countersigned
    assert verdict.remarks[-1].endswith("Read 5 mg.")
    assert check(given.proof, None) == verdict._replace(is_countersigned=False)


def test_exit_code_says_what_was_found(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, keys, other = (tmp_path / name for name in ("proof", "keys", "other"))
    proof.write_text(json.dumps(given.proof), "utf-8")
    keys.write_text(json.dumps(given.keys), "utf-8")
    asked = [str(proof), "--keys", str(keys)]
    assert verifier.main(asked) == 0
    assert f"approved by {given.proof['signers'][0]['name']}" in capsys.readouterr().out
    assert verifier.main(asked[:1]) == 3
    assert verifier.main([*asked, "--quorum", "3"]) == 1
    other.write_text(json.dumps(given.proof | {"countersignature": None}), "utf-8")
    assert verifier.main([str(other), *asked[1:]]) == 3
    for text in ("", "{", "[]", '{"a": 1, "a": 1}', '{"format": 1.5}', '{"format": NaN}', "[" * 100_000, "\0"):
        other.write_text(text, "utf-8")
        assert verifier.main([str(other)]) == 2
    assert verifier.main([str(tmp_path / "nothing")]) == 2
    assert verifier.main([*asked[:2], str(proof)]) == 2
    assert capsys.readouterr().out.count("Cannot be checked.") == 10


OWN = "https://ddx.example.org"
ORIGINS = {  # the site that a proof names, where the keys were fetched, whether that is one site
    "its own": (OWN, f"{OWN}/provenance-keys.json", True),
    "its own, otherwise written": (f"{OWN}:443", "https://DDX.Example.org/keys", True),
    "plain, at its port": ("http://ddx.example.org", "http://ddx.example.org:80/keys", True),
    "another host": (OWN, "https://evil.example/provenance-keys.json", False),
    "another below it": (OWN, f"{OWN}.evil.example/keys", False),
    "by name and password": (OWN, "https://ddx.example.org@evil.example/keys", False),
    "another port": (OWN, f"{OWN}:8443/keys", False),
    "without encryption": (OWN, "http://ddx.example.org/keys", False),
    "a site that looks like another": ("https://ddx.example.org@evil.example", "https://evil.example/keys", False),
    "no site": ("ddx.example.org", f"{OWN}/keys", False),
    "no port": (f"{OWN}:x", f"{OWN}/keys", False),
}


@pytest.mark.parametrize("case", ORIGINS)
def test_keys_of_an_address_count_for_its_own_site(given: Given, case: str) -> None:
    site, place, is_one = ORIGINS[case]
    article = given.proof["article"] | {"url": f"{site}{PAGE}"}
    proof = given.proof | {"site": site, "article": article, "countersignature": None}
    assert (check(proof, given.keys | {"site": site}, keys_from=place).problems == []) is is_one


class Evil(BaseHTTPRequestHandler):
    """A site that gives out proofs and keys of another."""

    files: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.files[self.path]).encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def evil(given: Given) -> Iterator[str]:
    """Its address."""
    Evil.files = {"/p": given.proof, "/provenance-keys.json": given.keys}
    with ThreadingHTTPServer(("127.0.0.1", 0), Evil) as server:
        Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_site_cannot_have_itself_confirmed_as_another(
    given: Given, evil: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "keys"
    saved.write_text(json.dumps(given.keys), "utf-8")
    assert verifier.main([f"{evil}/p"]) == 1
    assert verifier.main([f"{evil}/p", "--keys", f"{evil}/provenance-keys.json"]) == 1
    assert verifier.main([f"{evil}/p", "--keys", str(saved)]) == 0
    said = f"It names http://testserver as its site, and the keys are from {evil}/provenance-keys.json."
    assert capsys.readouterr().out.count(said) == 2


def test_words_of_the_file_make_no_line_of_their_own(
    given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = copy.deepcopy(given.proof) | {"countersignature": None}
    forged["signers"][0]["name"] += ".\nCountersigned by https://ddx.example.org.\x1b[8m\u202e\u2028"
    proof = tmp_path / "proof"
    proof.write_text(json.dumps(forged), "utf-8")
    assert verifier.main([str(proof)]) == 3
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("The countersignature was not checked: the site has not countersigned it yet.")
    assert not any(line.startswith("Countersigned") or "\x1b" in line or "\u202e" in line for line in lines)
    assert r"\nCountersigned by https://ddx.example.org.\x1b[8m\u202e\u2028" in lines[-2]


# A forged one


def places(part: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Where every value stands, lists and objects among them."""
    if path:
        yield path
    if isinstance(part, dict | list):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            yield from places(inner, *path, key)


def another(value: Any) -> Any:
    match value:
        case None:
            return "x"
        case str():
            return f"{value}x" if not value[:1].isdigit() else chr(ord(value[0]) ^ 1) + value[1:]
        case int():
            return value + 1
        case list():
            return value[:-1] if value else ["x"]
        case _:
            return {name: inner for name, inner in value.items() if name != min(value)}


def test_every_field_forged_is_caught(given: Given) -> None:
    found = list(places(given.proof))
    assert len(found) > 120
    for path in found:
        forged = copy.deepcopy(given.proof)
        *above, last = path
        part: Any = forged
        for each in above:
            part = part[each]
        part[last] = another(part[last])
        try:
            problems = check(forged, given.keys).problems
        except verifier.CannotCheck:
            problems = ["another format"]
        assert problems, path
    added = check(given.proof | {"extra": "x"}, given.keys)
    assert added.problems


def forge(given: Given, change: Any) -> list[str]:
    """What is said of a proof that was changed by somebody who has no key, and leaves the countersignature out."""
    forged = copy.deepcopy(given.proof)
    change(forged)
    return check(forged, None).problems


def later(text: str, **by: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(**by)).isoformat()


def _content(proof: dict[str, Any]) -> None:
    proof["content"] = proof["content"].replace("timing", "tuning")
    proof["content_sha256"] = hashlib.sha256(proof["content"].encode()).hexdigest()


def _spaced(proof: dict[str, Any]) -> None:
    proof["content"] = json.dumps(json.loads(proof["content"]))
    proof["content_sha256"] = hashlib.sha256(proof["content"].encode()).hexdigest()


FORGERIES: dict[str, tuple[Any, str]] = {
    "another word": (lambda p: p.update(content=p["content"] + " "), "The content is not that of its hash."),
    "another word and its hash": (_content, "signed another text"),
    "another form and its hash": (_spaced, "not in the one form"),
    "another page": (lambda p: p.update(body_html="<p>All is well.</p>"), "The page's body is not that of its hash."),
    "another title": (lambda p: p["article"].update(title="X"), "The title is not the one"),
    "another article": (
        lambda p: p["article"].update(url="https://example.org/"),
        "is not one of this version",
    ),
    "one signer": (lambda p: p["signers"].pop(), "1 signed; 2 have to."),
    "a signer twice": (lambda p: p["signers"].append(p["signers"][0]), "Somebody signed the approval twice."),
    "one who signed as two": (
        lambda p: p["signers"].__setitem__(1, p["signers"][0] | {"name": "Another Name"}),
        "1 signed; 2 have to.",
    ),
    "the author as signer": (lambda p: p["signers"][0].update(p["author"]), "signed, and is the author"),
    "a contributor as signer": (
        lambda p: p["contributors"].append({"name": p["signers"][0]["name"], "slug": ""}),
        "signed, and has worked on the text",
    ),
    "a confirmer who is the author": (
        lambda p: p["confirmed_by"][0].update(name=p["author"]["name"].upper(), slug=""),
        "signed, and is the author",
    ),
    "nobody's signature": (lambda p: p["signers"][0].update(name=" "), "without a name"),
    "a signer who did not approve": (lambda p: p["signers"][0].update(verdict="request_changes"), "did not approve"),
    "no declaration": (lambda p: p["signers"][0].update(interests=""), "has declared nothing"),
    "a confirmation of another text": (
        lambda p: p["confirmed_by"][0].update(content_sha256="0" * 64),
        "signed another text",
    ),
    "one confirmation": (lambda p: p["confirmed_by"].pop(), "1 confirmed; 2 have to."),
    "no confirmation": (lambda p: p.update(confirmed_by=[]), "last reviewed when nobody signed"),
    "signed before the review": (
        lambda p: p["signers"][0].update(signed_at="2020-01-01T00:00:00Z"),
        "before the review began",
    ),
    "signed after the approval": (
        lambda p: p["signers"][0].update(signed_at=later(p["signers"][0]["signed_at"], days=1)),
        "after the approval",
    ),
    "approved before it was submitted": (
        lambda p: p["dates"].update(approved_at="2020-01-01T00:00:00Z"),
        "not in their order",
    ),
    "reviewed tomorrow": (
        lambda p: p["dates"].update(last_reviewed_at=later(p["dates"]["last_reviewed_at"], days=1, minutes=1)),
        "not in their order",
    ),
    "no zone": (lambda p: p["dates"].update(approved_at="2026-01-01T00:00:00"), "not of its kind"),
    "good for ever": (lambda p: p["dates"].update(next_review_on="2099-01-01"), "later than a review may hold"),
    "a concern forgotten": (lambda p: p["notices"].pop(0), "not numbered"),
    "a concern lifted twice": (
        lambda p: p["notices"].append(p["notices"][1] | {"number": 3}),
        "ends a concern that does not",
    ),
    "a concern lifted by nothing": (
        lambda p: p["notices"][1].update(kind="concern_lifted", ends=None),
        "lifts nothing",
    ),
    "a retraction hidden": (lambda p: p["notices"][1].update(kind="retraction"), "retraction and the state"),
    "a retraction undone": (lambda p: p.update(state="retracted"), "retraction and the state"),
    "a notice without a reason": (lambda p: p["notices"][0].update(reason=""), "does not say what it is"),
    "another state": (lambda p: p.update(state="superseded"), "The history says something else"),
    "no history": (lambda p: p.update(history=[]), "does not name this version"),
    "a newer version hidden": (
        lambda p: p["history"].insert(0, p["history"][0] | {"number": 2}),
        "there is a newer version",
    ),
    "a version twice": (lambda p: p["history"].append(p["history"][0]), "names a version twice"),
    "a field taken out": (lambda p: p.pop("dates"), "Something is missing"),
    "a date that no clock shows": (
        lambda p: p["dates"].update(approved_at="9999-12-31T23:59:59Z", last_reviewed_at="9999-12-31T23:59:59Z"),
        "Something is missing, or is not of its kind (OverflowError",
    ),
    "a crowd of signers": (
        lambda p: p.update(signers=[p["signers"][0] | {"slug": f"s{n}"} for n in range(300)]),
        "more people than ever work on",
    ),
    "content that is no object": (lambda p: p.update(content="[]"), "Something is missing"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forgery_is_named(given: Given, forgery: str) -> None:
    change, words = FORGERIES[forgery]
    problems = forge(given, change)
    assert any(words in problem for problem in problems), problems


def resigned(given: Given, key: SigningKey, **changed: Any) -> dict[str, Any]:
    """The proof as somebody else would sign it."""
    forged = copy.deepcopy(given.proof) | changed
    forged["countersignature"]["signature"] = key.sign(message(forged))
    return forged


def test_countersignature_needs_a_published_key_in_its_time(given: Given) -> None:
    stranger, (known,) = SigningKey(b"\1" * 32), given.keys["keys"]
    assert "does not fit" in str(check(resigned(given, stranger), given.keys).problems)

    def said(**changed: Any) -> str:
        return str(check(given.proof, given.keys | {"keys": [known | changed]}).problems)

    assert said() == "[]"
    assert "does not bear its own name" in said(public_key=stranger.public_key)
    assert "not among those given" in said(id="0" * 16)
    assert "was revoked: It was lost." in said(revoked_at=known["since"], revoked_because="It was lost.")
    hour = timedelta(hours=1)
    assert "was not in use" in said(since=(datetime.now(UTC) + hour).isoformat())
    assert "was not in use" in said(until=(datetime.now(UTC) - hour).isoformat())
    assert said(until=(datetime.now(UTC) + hour).isoformat()) == "[]"
    assert "keys are those of" in str(check(given.proof, given.keys | {"site": "https://example.org"}).problems)
    old = given.proof["countersignature"] | {"signed_at": "2020-01-01T00:00:00Z"}
    assert "before it was reviewed" in str(check(given.proof | {"countersignature": old}, given.keys).problems)
    assert "of the kind" in str(check(given.proof | {"countersignature": {}}, given.keys).problems)
