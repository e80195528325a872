"""The proof of a page, for anybody to check without us: the signed bytes, their hash, and who signed it when."""

import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from publications.models import Publication
from publications.record import Person, Signature

FORMAT = "ddx-portal-provenance/1"
HOW_TO_VERIFY = """\
content_sha256 is the SHA-256 (hexadecimal) of the string `content`, encoded as UTF-8. In a shell:
jq -j .content provenance.json | sha256sum
body_sha256 is the same of the string `body_html`, which stands on the page as it is. In a shell:
jq -j .body_html provenance.json | sha256sum
Each of `signers` has signed the hash beside the name: it must be content_sha256. There must be at least two different
names, and neither may be the author's. Each of `confirmed_by` has read the same text again later and signed the same
hash: from their last round `last_reviewed_at` and `next_review_on` follow.""".splitlines()


def provenance(publication: Publication) -> str:
    """The proof as JSON."""
    return json.dumps(_record(publication), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) + "\n"


def _record(publication: Publication) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "article": {"slug": publication.slug, "title": publication.title, "url": publication.canonical_url},
        "version": publication.number,
        "state": publication.state,
        "notices": publication.notice_rows,
        "dates": {
            "submitted_at": publication.submitted_at,
            "review_started_at": publication.review_started_at,
            "approved_at": publication.approved_at,
            "last_reviewed_at": publication.last_reviewed_at,
            "next_review_on": publication.next_review_on,
        },
        "author": _person(publication.written_by) | {"origin": publication.origin, "ai_tool": publication.ai_tool},
        "change_note": publication.change_note,
        "signers": [_signature(each) for each in publication.signatures],
        "confirmed_by": [_signature(each, "confirm") for each in publication.confirmed_by],
        "history": publication.history,
        "content_sha256": publication.content_sha256,
        "body_sha256": publication.body_sha256,
        "content": publication.content,
        "body_html": publication.body_html,
        "how_to_verify": HOW_TO_VERIFY,
    }


def _person(person: Person) -> dict[str, Any]:
    url = f"{settings.SITE_URL}/board/{person.slug}/" if person.slug else None
    return {**person._asdict(), "url": url}


def _signature(signature: Signature, verdict: str = "approve") -> dict[str, Any]:
    return _person(signature.by) | {
        "signed_at": signature.signed_at,
        "content_sha256": signature.content_sha256,
        "verdict": verdict,
    }
