#!/usr/bin/env python3
"""Check the proof of a page of DDx Portal, without DDx Portal: Python's standard library is all that this needs.

    python3 verify_provenance.py provenance.json --keys provenance-keys.json
    python3 verify_provenance.py https://ddx.example.org/articles/night-sweats/provenance.json

The keys come from the file or address given; without one, from the site that the proof came from. An address speaks for
its own site only. Keep a copy of the keys of your own: a site that lies about its proofs can lie about its keys.

Exit code: 0 everything holds; 1 something does not; 2 it could not be checked (no such file, not JSON, another format);
3 everything holds but the countersignature, which is not there yet or which no keys were given for. Python ≥ 3.12.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

FORMAT = "ddx-portal-provenance/2"
KEYS_FORMAT = "ddx-portal-keys/1"
KEYS_PATH = "/provenance-keys.json"
LONGEST = 20_000_000  # bytes
SLACK = timedelta(seconds=2)  # signatures are told to the second, the rest to the millisecond
AHEAD = timedelta(minutes=5)  # that a clock may be wrong
LONGEST_REVIEW = 36 * 31  # days that a review may hold
MOST_PEOPLE = 200
ENDINGS = {"correction", "concern_lifted", "retraction"}
KINDS = ENDINGS | {"expression_of_concern"}
HOLDS, FAILS, CANNOT, NO_COUNTERSIGNATURE = 0, 1, 2, 3


class CannotCheck(Exception):
    """What is given is no proof, or no list of keys, that could be read."""


class Verdict(NamedTuple):
    """What does not hold; what readers should know; whether the countersignature was checked."""

    problems: list[str]
    remarks: list[str]
    is_countersigned: bool


# Ed25519, after RFC 8032, section 5.1, in the strict reading: every encoding must be the canonical one, S below the
# order of the group, the points' own equation without the cofactor, and no key of small order. Points are (X, Y, Z, T)
# with x = X/Z, y = Y/Z, xy = T/Z (5.1.4).

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
NEUTRAL = (0, 1, 1, 0)

type Point = tuple[int, int, int, int]


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total: Point = NEUTRAL
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def _decoded(encoded: bytes) -> Point | None:
    """The point (5.1.3); None when there is none, or when it has another encoding, which would be the right one."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(encoded) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = _decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of this key signed this message (5.1.7)."""
    key, r = _decoded(public_key), _decoded(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    is_well_formed = len(signature) == 64 and s < ORDER
    if not is_well_formed or BASE is None or key is None or r is None or _same(_times(8, key), NEUTRAL):
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    return _same(_times(s, BASE), _add(r, _times(int.from_bytes(digest, "little") % ORDER, key)))


def read(text: bytes) -> dict[str, Any]:
    """A JSON object in which no name stands twice and no number is broken; CannotCheck when it is something else."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise CannotCheck(f"This is not JSON as a proof has it: {error}") from None
    if not isinstance(found, dict):
        raise CannotCheck("This is JSON, but no object.")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_float(text: str) -> float:
    raise ValueError(f"{text} is not a whole number")


def load(where: str) -> bytes:
    """The bytes of a file, of "-" (standard input), or of an address; CannotCheck when they cannot be had."""
    try:
        if where == "-":
            found = sys.stdin.buffer.read(LONGEST + 1)
        else:
            with urllib.request.urlopen(where, timeout=30) if _is_address(where) else Path(where).open("rb") as source:  # noqa: S310
                found = source.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        raise CannotCheck(f"{where} cannot be read: {error}") from None
    if len(found) > LONGEST:
        raise CannotCheck(f"{where} has more than {LONGEST:,} bytes.")
    return bytes(found)


def check(
    record: dict[str, Any],
    keys: dict[str, Any] | None,
    *,
    keys_from: str = "",
    quorum: int = 2,
    now: datetime | None = None,
) -> Verdict:
    """Check everything; CannotCheck when the proof or the keys are of another format.

    `keys_from` is the address that the keys were fetched from, if they were: they count for the site there only.
    """
    now = now or datetime.now(UTC)
    if record.get("format") != FORMAT:
        raise CannotCheck(f"The format is {record.get('format')!r}; this checks {FORMAT!r}.")
    if keys is not None and keys.get("format") != KEYS_FORMAT:
        raise CannotCheck(f"The keys are in the format {keys.get('format')!r}; this checks {KEYS_FORMAT!r}.")
    try:
        problems = [*_text(record), *_people(record, quorum), *_dates(record, now)]
        problems += _site(record, keys_from) if keys_from else ()
        problems += [*_notices(record), *_history(record)]
        is_countersigned = record["countersignature"] is not None and keys is not None
        problems += _countersignature(record, keys, now) if is_countersigned and keys else ()
        remarks = list(_remarks(record, now))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, CannotCheck) as error:
        return Verdict([f"Something is missing, or is not of its kind ({type(error).__name__}: {error})."], [], False)
    return Verdict(problems, remarks, is_countersigned)


def _text(record: dict[str, Any]) -> Iterator[str]:
    if hashlib.sha256(record["content"].encode()).hexdigest() != record["content_sha256"]:
        yield "The content is not that of its hash."
    if hashlib.sha256(record["body_html"].encode()).hexdigest() != record["body_sha256"]:
        yield "The page's body is not that of its hash."
    content = read(record["content"].encode())
    if content["title"] != record["article"]["title"]:
        yield "The title is not the one in the signed content."
    if json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != record["content"]:
        yield "The content is not in the one form that is signed (sorted names, no space)."
    site, slug, number = record["site"], record["article"]["slug"], record["version"]
    if not re.fullmatch(r"https?://[^/?#@\\\s]+(/.*)?", site) or not re.fullmatch(r"[-\w]+", slug):
        yield "The site or the article has no proper address."
    places = {f"{site}/articles/{slug}/", f"{site}/articles/{slug}/v/{number}/"}
    if record["article"]["url"] not in places:
        yield "The article's address is not one of this version."


def _site(record: dict[str, Any], keys_from: str) -> Iterator[str]:
    if _origin(record["site"]) != _origin(keys_from):
        yield f"It names {record['site']} as its site, and the keys are from {keys_from}."


def _origin(address: str) -> tuple[str, str | None, int | None]:
    """Whose word it is (RFC 6454, section 4): scheme, host and port."""
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _are_one(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Two are one person when they have the same page; without a page, when they have the same name."""
    by = "slug" if one["slug"] and other["slug"] else "name"
    return bool(one[by].casefold().split() == other[by].casefold().split())


def _distinct(people: list[dict[str, Any]]) -> int:
    return sum(not any(_are_one(each, earlier) for earlier in people[:at]) for at, each in enumerate(people))


def _part_in_writing(signature: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    if _are_one(signature, record["author"]):
        yield f"{signature['name']} signed, and is the author."
    if any(_are_one(signature, each) for each in record["contributors"]):
        yield f"{signature['name']} signed, and has worked on the text."


def _people(record: dict[str, Any], quorum: int) -> Iterator[str]:
    signers, confirmed_by = record["signers"], record["confirmed_by"]
    if max(map(len, (signers, confirmed_by, record["contributors"]))) > MOST_PEOPLE:
        raise ValueError("more people than ever work on one text")
    for signature, verdict in [*((each, "approve") for each in signers), *((each, "confirm") for each in confirmed_by)]:
        name = signature["name"]
        if signature["content_sha256"] != record["content_sha256"]:
            yield f"{name} signed another text: the hash beside the name differs."
        if signature["verdict"] != verdict:
            yield f"{name} did not {verdict}."
        yield from _part_in_writing(signature, record)
        if not name.strip():
            yield "Somebody signed without a name."
        if not signature["interests"] or not signature["interests_declared_on"]:
            yield f"{name} has declared nothing about interests."
    if _distinct(signers) != len(signers):
        yield "Somebody signed the approval twice."
    if _distinct(signers) < quorum:
        yield f"{_distinct(signers)} signed; {quorum} have to."
    if confirmed_by and _distinct(confirmed_by) < quorum:
        yield f"{_distinct(confirmed_by)} confirmed; {quorum} have to."


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found


def _dates(record: dict[str, Any], now: datetime) -> Iterator[str]:
    dates = record["dates"]
    names = ("submitted_at", "review_started_at", "approved_at", "last_reviewed_at")
    submitted, started, approved, reviewed = (_moment(dates[name]) for name in names)
    due = date.fromisoformat(dates["next_review_on"])
    if not submitted <= started <= approved <= reviewed <= now + AHEAD:
        yield "The dates are not in their order: submitted, review started, approved, last reviewed, now."
    for each in record["signers"]:
        if not started - SLACK <= _moment(each["signed_at"]) <= approved + SLACK:
            yield f"{each['name']} signed before the review began, or after the approval."
    confirmed = [_moment(each["signed_at"]) for each in record["confirmed_by"]]
    if any(not approved - SLACK <= at <= reviewed + SLACK for at in confirmed):
        yield "A confirmation is older than the approval, or younger than the last review."
    if not confirmed and reviewed != approved:
        yield "It was last reviewed when nobody signed."
    if confirmed and reviewed - max(confirmed) > timedelta(days=1):
        yield "It was last reviewed long after the last confirmation."
    if due > reviewed.date() + timedelta(days=LONGEST_REVIEW):
        yield "Its next review is due later than a review may hold."


def _notices(record: dict[str, Any]) -> Iterator[str]:
    notices = record["notices"]
    if [each["number"] for each in notices] != list(range(1, len(notices) + 1)):
        yield "The notices are not numbered as they should be."
    standing: set[int] = set()
    for each in notices:
        is_ended = each["ends"] is not None
        if each["kind"] not in KINDS or not each["reason"] or not each["by"]:
            yield f"Notice {each['number']} does not say what it is, why, or who posted it."
        if is_ended and (each["kind"] not in ENDINGS or each["ends"] not in standing):
            yield f"Notice {each['number']} ends a concern that does not stand."
        if each["kind"] == "concern_lifted" and not is_ended:
            yield f"Notice {each['number']} lifts nothing."
        standing.discard(each["ends"])
        if each["kind"] == "expression_of_concern":
            standing.add(each["number"])
        date.fromisoformat(each["on"])
    retractions = [each["number"] for each in notices if each["kind"] == "retraction"]
    if (record["state"] == "retracted") != bool(retractions) or retractions not in ([], [len(notices)]):
        yield "A retraction and the state do not agree."


def _history(record: dict[str, Any]) -> Iterator[str]:
    if record["state"] not in {"current", "superseded", "retracted"}:
        yield "The state is none that a public version has."
    numbers = [each["number"] for each in record["history"]]
    if numbers != sorted(set(numbers), reverse=True):
        yield "The history names a version twice, or not in order."
    own = [each for each in record["history"] if each["number"] == record["version"]]
    if len(own) != 1:
        yield "The history does not name this version."
    for each in own:
        as_here = (record["state"], record["content_sha256"], record["change_note"])
        if (each["state"], each["content_sha256"], each["change_note"]) != as_here:
            yield "The history says something else of this version."
        if each["approved_on"] != _moment(record["dates"]["approved_at"]).astimezone(UTC).date().isoformat():
            yield "The history names another day for its approval."
    if record["state"] == "current" and numbers[:1] != [record["version"]]:
        yield "It is said to be current, and there is a newer version."


def _countersignature(record: dict[str, Any], keys: dict[str, Any], now: datetime) -> Iterator[str]:
    found = record["countersignature"]
    if set(found) != {"algorithm", "key", "signed_at", "signature"} or found["algorithm"] != "Ed25519":
        yield "The countersignature is not of the kind that this checks."
        return
    if keys["site"] != record["site"]:
        yield f"The keys are those of {keys['site']}, and the proof is from {record['site']}."
    known = [key for key in keys["keys"] if key["id"] == found["key"]]
    if len(known) != 1:
        yield f"The key {found['key']} is not among those given."
        return
    (key,) = known
    public_key = base64.b64decode(key["public_key"], validate=True)
    if hashlib.sha256(public_key).hexdigest()[:16] != key["id"]:
        yield "The key does not bear its own name."
    signature, at = base64.b64decode(found["signature"], validate=True), _moment(found["signed_at"])
    is_canonical = base64.b64encode(signature).decode() == found["signature"]
    if not is_canonical or not signed(public_key, _message(record), signature):
        yield "The countersignature does not fit: something in the proof was changed, or another key made it."
    if key["revoked_at"]:
        yield f"The key {key['id']} was revoked: {key['revoked_because']}"
    if at < _moment(key["since"]) or (key["until"] and at > _moment(key["until"])) or at > now + AHEAD:
        yield "It was countersigned when that key was not in use."
    if at + SLACK < max(_moment(record["dates"][name]) for name in ("approved_at", "last_reviewed_at")):
        yield "It was countersigned before it was reviewed."


def _message(record: dict[str, Any]) -> bytes:
    """What is countersigned: the format, a line end, and all of the proof but the signature itself."""
    countersignature = {name: value for name, value in record["countersignature"].items() if name != "signature"}
    whole = record | {"countersignature": countersignature}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{record['format']}\n{text}".encode()


def _remarks(record: dict[str, Any], now: datetime) -> Iterator[str]:
    """What is no fault of the proof, and that readers should know."""
    ended = {each["ends"] for each in record["notices"]}
    if record["state"] == "superseded":
        yield "A newer version has taken the place of this one."
    if record["state"] == "retracted":
        yield f"RETRACTED on {record['notices'][-1]['on']}: {record['notices'][-1]['reason']}"
    for each in record["notices"]:
        if each["kind"] == "expression_of_concern" and each["number"] not in ended:
            yield f"Expression of concern of {each['on']}: {each['words']}"
        if each["kind"] == "correction":
            yield f"Correction of {each['on']}: {each['words']}"
    if record["state"] == "current" and date.fromisoformat(record["dates"]["next_review_on"]) < now.date():
        yield f"Its next review was due on {record['dates']['next_review_on']}."


def main(arguments: list[str] | None = None) -> int:
    """Check the proof that the arguments name, say what was found, and return the exit code."""
    epilog = "Exit codes: 0 it holds, 1 it does not, 2 it cannot be checked, 3 it holds and is not countersigned."
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], epilog=epilog)
    parser.add_argument("proof", help="provenance.json: a file, an address, or - for standard input")
    parser.add_argument("--keys", help="provenance-keys.json: a file, or an address of the site itself")
    parser.add_argument("--quorum", type=int, default=2, help="how many have to have signed (2)")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # whatever the terminal can write
    if asked.quorum < 1:
        parser.error("--quorum must be 1 or more")
    try:
        record = read(load(asked.proof))
        where = asked.keys or (urljoin(asked.proof, KEYS_PATH) if _is_address(asked.proof) else "")
        keys = read(load(where)) if where else None
        verdict = check(record, keys, keys_from=where if _is_address(where) else "", quorum=asked.quorum)
    except CannotCheck as error:
        _print(f"Cannot be checked. {error}")
        return CANNOT
    return _say(record, verdict)


def _is_address(where: str) -> bool:
    return where.startswith(("http://", "https://"))


def _say(record: dict[str, Any], verdict: Verdict) -> int:
    """What was found out comes first; what only the file says of itself, after it."""
    if not (verdict.problems or verdict.is_countersigned):
        why = "no keys were given (--keys)" if record["countersignature"] else "the site has not countersigned it yet"
        _print(f"The countersignature was not checked: {why}. Anybody can have written this file.")
    for problem in verdict.problems:
        _print(f"Does not hold: {problem}")
    for remark in verdict.remarks:
        _print(f"Note: {remark}")
    if verdict.problems:
        return FAILS
    if verdict.is_countersigned:
        _print(f"Countersigned by {record['site']} at {record['countersignature']['signed_at']}.")
    names = ", ".join(each["name"] for each in record["signers"])
    _print(f"Holds: version {record['version']} of “{record['article']['title']}”, approved by {names}.")
    _print(f"Its text has the SHA-256 {record['content_sha256']}.")
    return HOLDS if verdict.is_countersigned else NO_COUNTERSIGNATURE


def _print(text: str) -> None:
    """One line, whatever the file says: its words neither begin another nor steer the terminal."""
    print("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text))


if __name__ == "__main__":
    sys.exit(main())
