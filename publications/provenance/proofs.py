"""The proof of a page, for anybody to check without us: the signed bytes, their hash, and who signed it when.

`verify_provenance.py` at the root of the repository checks one; it shares no code with this.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from publications.models import Publication
from publications.pages import Leaf, packable
from publications.provenance.countersigning import ALGORITHM, ProvenanceKey, countersigned, is_countersigned
from publications.record import Person, Signature

FORMAT = "ddx-portal-provenance/2"
KEYS_FORMAT = "ddx-portal-keys/1"
JSON = "application/json"
DATES = ("submitted_at", "review_started_at", "approved_at", "last_reviewed_at", "next_review_on")
HOW_TO_VERIFY = """\
verify_provenance.py, one file of Python without any other package, checks all of this:
python3 verify_provenance.py provenance.json --keys provenance-keys.json
By hand: content_sha256 is the SHA-256 (hexadecimal) of the string `content`, encoded as UTF-8. In a shell:
jq -j .content provenance.json | sha256sum
body_sha256 is the same of the string `body_html`, which stands on the page as it is. In a shell:
jq -j .body_html provenance.json | sha256sum
Each of `signers` has signed the hash beside the name: it must be content_sha256. There must be at least two different
names, none of them the author's or one of `contributors`. Each of `confirmed_by` has read the same text again later
and signed the same hash: from their last round `last_reviewed_at` and `next_review_on` follow. The countersignature
is the portal's own, over all of this file but `countersignature.signature`; its keys are at
/provenance-keys.json.""".splitlines()


def record(publication: Publication) -> dict[str, Any]:
    """All that is proved, in what JSON knows; not countersigned."""
    whole = {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "article": {"slug": publication.slug, "title": publication.title, "url": publication.canonical_url},
        "version": publication.number,
        "state": publication.state,
        "notices": [_without(notice, "event") for notice in publication.notice_rows],
        "dates": {name: getattr(publication, name) for name in DATES},
        "author": _person(publication.written_by) | {"origin": publication.origin, "ai_tool": publication.ai_tool},
        "contributors": [_person(each) for each in publication.contributors],
        "change_note": publication.change_note,
        "signers": [_signature(each) for each in publication.signatures],
        "confirmed_by": [_signature(each, "confirm") for each in publication.confirmed_by],
        "history": publication.history,
        "content_sha256": publication.content_sha256,
        "body_sha256": publication.body_sha256,
        "content": publication.content,
        "body_html": publication.body_html,
        "how_to_verify": HOW_TO_VERIFY,
        "countersignature": None,
    }
    plain: dict[str, Any] = json.loads(json.dumps(whole, cls=DjangoJSONEncoder))
    return plain


def provenance(publication: Publication) -> str:
    """The proof as JSON, as long as the press has not countersigned it."""
    return _file(record(publication))


def proofs(publication: Publication) -> Iterator[Leaf]:
    """The countersigned proof. Only the press can make it: nobody else has the key. A revocation has all made anew."""
    tag = f"countersigned {publication.fingerprint} {ProvenanceKey.objects.revocations()}"
    path = publication.provenance_url
    yield Leaf(path, lambda: _file(countersigned(record(publication))), tag, content_type=JSON, indexed=False)


def holds(publication: Publication, leaf: Leaf, body: bytes) -> bool:
    """Whether a stored proof is, byte for byte, that of the row as it is, under a countersignature that counts."""
    try:
        found = record(publication) | {"countersignature": json.loads(body)["countersignature"]}
        return body == packable(_file(found)) and is_countersigned(found)
    except (ValueError, LookupError, TypeError, RecursionError):  # it is no proof at all
        return False


def keys_file(keys: Iterable[ProvenanceKey]) -> str:
    """The public halves of all keys, as JSON."""
    listed = [
        {
            "id": key.id,
            "algorithm": ALGORITHM,
            "public_key": key.public_key,
            "since": key.since,
            "until": key.until,
            "revoked_at": key.revoked_at,
            "revoked_because": key.revoked_because,
        }
        for key in keys
    ]
    return _file({"format": KEYS_FORMAT, "site": settings.SITE_URL, "keys": listed})


def _file(whole: dict[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n"


def _without(raw: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in names}


def _person(person: Person) -> dict[str, Any]:
    url = f"{settings.SITE_URL}/board/{person.slug}/" if person.slug else None
    return {**person._asdict(), "url": url}


def _signature(signature: Signature, verdict: str = "approve") -> dict[str, Any]:
    return _person(signature.by) | {
        "signed_at": signature.signed_at,
        "content_sha256": signature.content_sha256,
        "verdict": verdict,
    }
