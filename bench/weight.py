"""What an article's page weighs at first view, with all that it loads: `python -m bench.weight [FILE …]`.

The page is made from an article in the published format, signed by two invented people, and counted with every style,
script and picture that it links, each compressed as it is served. Exit 1 when the limit is broken.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from bench.measured import Measured

MOST_KILOBYTES = 40.0
DEMO = Path(__file__).resolve().parent.parent / "ddx_portal" / "demo" / "articles"
LONGEST = DEMO / "twitching-around-the-belly-button.v2.md"
LINKED = re.compile(r'(?:href|src)="/static/([^"]+)"')
IMPORTED = re.compile(r'\bfrom "\./([^"]+)"')  # by a script, from beside it


def measure(files: tuple[Path, ...] = (LONGEST,)) -> Iterator[Measured]:
    """One line an article: kilobytes at first view, and of what."""
    import django

    django.setup()
    for file in files:
        parts = weight(file)
        kinds: dict[str, int] = {}
        for name, size in parts.items():
            kinds[Path(name).suffix[1:]] = kinds.get(Path(name).suffix[1:], 0) + size
        note = ", ".join(f"{kind} {size / 1_000:.1f}" for kind, size in kinds.items()) + f", {len(parts)} requests"
        yield Measured(f"page of {file.stem}", sum(parts.values()) / 1_000, "kB", MOST_KILOBYTES, note)


def weight(file: Path) -> dict[str, int]:
    """The compressed bytes of the page of an article and of each file that it links, by name."""
    from django.contrib.staticfiles.finders import find
    from django.template.loader import render_to_string

    from articles.intake import read
    from ddx_portal.storage import FOLDED, PRINT_STYLES, STYLES, folded
    from publications.machines.structured_data import structured_data
    from publications.pages import packed
    from tests.publications.rows import publication

    def source(name: str) -> str:
        return Path(str(find(name))).read_text("utf-8")

    row = publication(read(file.read_text("utf-8")).content)
    context = {"publication": row, "structured_data": structured_data(row)}
    page = str(render_to_string("publications/article.html", context))
    for name in (*STYLES[1:], PRINT_STYLES):
        page = re.sub(rf'<link [^>]*"/static/{re.escape(name)}"[^>]*>\n?', "", page)
    page = page.replace(STYLES[0], FOLDED)
    names = LINKED.findall(page)
    names += [f"js/{other}" for name in names if name.endswith(".js") for other in IMPORTED.findall(source(name))]
    files = {name: folded(source) if name == FOLDED else source(name) for name in names}
    sizes = {name: len(gzip.compress(text.encode(), 9)) for name, text in files.items()}
    return {"page.html": len(packed(page.encode())), **sizes}


def main() -> int:
    measured = list(measure(tuple(map(Path, sys.argv[1:])) or (LONGEST,)))
    for each in measured:
        print(each.line(48))
    return min(sum(not each.is_within for each in measured), 1)


if __name__ == "__main__":
    sys.exit(main())
