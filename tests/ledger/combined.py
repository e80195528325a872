"""Texts in which everything that may be left out is left out somewhere, in each combination."""

from itertools import product
from typing import Any

from content import canonical
from content.schema import Tier
from tests.factories import make_content

COMBINED = list(product((True, False), repeat=5))


def combined(about: tuple[str, str]) -> str:
    """A diagnosis for each combination of texts that are there; the clinician's rationale always is."""
    diagnoses = [
        {
            "key": f"d-{n}",
            "tier": list(Tier)[n % 4],
            "also_do_not_miss": n % 3 == 0,
            "name": f"Ménière’s β-disease {n} (MD{n})",
            "plain_name": "Giddiness" * (n % 2),
            "codes": ["H81.0", "R42"][: n % 3],
            "clinician": text("Vertigo.\n\nAnd tinnitus.", *there[:2]),
            "patient": text("You are giddy." * there[2], *there[3:]),
        }
        for n, there in enumerate(COMBINED)
    ]
    terms = [
        {"key": "b-2", "term": "Tinnitus", "meaning": "A ringing."},
        {"key": "b", "term": "Vertigo", "meaning": ""},
    ]
    questions = [{"key": "z", "question": "Why?", "answer": "Unknown.\n\nYet."}, {"key": "a-1", "question": "When?"}]
    presentation = dict(zip(("clinician", "patient"), about, strict=True))
    later: dict[str, Any] = {"terms": terms, "questions": questions} if all(about) else {}
    content = make_content("Approved", diagnoses=diagnoses, presentation=presentation, **later)
    return canonical.dumps(content)


def text(rationale: str, has_flags: bool, has_signs: bool) -> dict[str, Any]:
    return {
        "rationale": rationale,
        "red_flags": ["Deafness", "A fall"] * has_flags,
        "distinguishing_signs": ["Nystagmus"] * has_signs,
    }
