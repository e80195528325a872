"""What readers of the bench ask the public site for, and what the bare views beside it do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations, product

from bench.sites import Site, fetched

LIST, SEARCH = "/search/?specialty=Neurologic", "/search/?q=nausea+elbow"
JOINTS = ("knee", "hip", "shoulder", "elbow", "wrist", "ankle", "neck", "back", "jaw", "foot", "hand", "thigh", "calf")
TITLES = (
    *JOINTS,
    "swelling",
    "itching",
    "stiffness",
    "cramps",
    "redness",
    "burning",
    "chronic",
    "dull",
    "gradual",
    "mild",
)
#: Words that stand in each text, and in no title: with one of the titles they find a page full in a thousand articles.
TEXTS = (
    *("nausea", "hearing", "balance", "spell", "minute", "doctor", "headache", "infection", "brain", "sleep", "light"),
    *("sound", "walking", "speech", "position", "days", "harmless", "dangerous", "room", "turn", "head", "help"),
    *("sick", "cold", "noise", "attack", "family", "history", "movement", "eyes", "strength", "viral", "sight"),
)
SPECIALTIES = ("Neurologic", "Cardiovascular", "Dermatology", "Musculoskeletal")
LETTERS = ("", "&letter=A", "&letter=N")
FILES = ("article.pdf", "card.png", "patient.pdf", "student.pdf")
MOST_PLACES = 20_000
PAGES = "SELECT path, etag FROM pub.page WHERE path ~ '/bench-[0-9]+/$' ORDER BY length(path), path"
PLACES = """
    SELECT title, id, specialty FROM pub.publication WHERE state = 'current' AND slug LIKE 'bench-%%'
    ORDER BY md5(slug) LIMIT %s
"""
QUERIES = {
    "list": """
        SELECT id, slug, title, specialty, approved_at, last_reviewed_at, next_review_on FROM pub.publication
        WHERE state = 'current' AND specialty = 'Neurologic' ORDER BY title, id LIMIT 21""",
    "search": """
        SELECT id, slug, title, specialty, approved_at, last_reviewed_at, next_review_on FROM pub.publication
        WHERE state = 'current' AND search @@ websearch_to_tsquery('english', 'nausea elbow')
        ORDER BY ts_rank(search, websearch_to_tsquery('english', 'nausea elbow')) DESC LIMIT 21""",
}


def write_requests(site: Site) -> None:
    """The addresses that are asked for, those asked for most first; and what the bare views return."""
    with site.database.connect("ddx_public") as public:
        pages = public.execute(PAGES).fetchall()
        places = public.execute(PLACES, [MOST_PLACES]).fetchall()
    asked = {
        "article page": [path for path, _ in pages],
        "article page, 304": [f"{path}\t{etag}" for path, etag in pages],
        "list page": [
            f"/search/?specialty={name}{more}" for name in SPECIALTIES for more in ("", "&letter=A", "&letter=N")
        ],
        "search page, two words": [f"/search/?q={what}+{where}" for what in TEXTS[:9] for where in JOINTS],
        "list page nobody asked for before": list(_lists(places)),
        "search page nobody asked for before": list(_searches()),
        "files": [f"{path}{name}" for path, _ in pages for name in FILES],
        **{name: [f"/{name}/"] for name in ("page", "list", "search")},
    }
    for name, lines in asked.items():
        (site.folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    for name, address in (("page", pages[0][0]), ("list", LIST), ("search", SEARCH)):
        (site.folder / f"{name}.gz").write_bytes(fetched(site, address)[0])
    for name, query in QUERIES.items():
        (site.folder / f"{name}.sql").write_text(query, encoding="utf-8")


def _lists(places: list[tuple[str, int, str]]) -> Iterator[str]:
    """From any place of a list on, or back from it, as many however few the articles are."""
    from publications.cursors import written

    for near in range(MOST_PLACES // len(places)):
        for way, (title, pk, specialty) in product(("after", "before"), places):
            yield f"/search/?specialty={specialty}&{way}={written((title, pk + near))}"


def _searches() -> list[str]:
    """Two words that are far apart, or three, each once in each order."""
    two = [f"{text}+{title}" for text, title in product(TEXTS, TITLES)]
    two += [f"{title}+{text}" for text, title in product(TEXTS, TITLES)]
    three = [f"{one}+{title}+{other}" for (one, other), title in product(permutations(TEXTS, 2), TITLES)]
    chance = random.Random(7)  # noqa: S311
    chance.shuffle(two)
    return [f"/search/?q={words}" for words in two + chance.sample(three, MOST_PLACES)]
