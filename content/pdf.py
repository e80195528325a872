"""PDFs and pictures, set by Typst from a template of ours and from data that others wrote.

What others wrote reaches the template as JSON and is never read as markup, so nothing in it can become a command, open
a file or change the layout. A PDF is tagged (PDF/UA-1) and carries its fonts.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Tried in turn: the fonts that come with Typst; then those of the machine too, for a script that the first lack;
#: then without the promise of accessibility, for a script that no font here can show.
_ATTEMPTS: tuple[tuple[bool, list[Any]], ...] = ((False, ["ua-1"]), (True, ["ua-1"]), (True, []))
#: A picture has no such promise to break: what the first fonts lack, those of the machine may have.
_PICTURE: tuple[tuple[bool, list[Any]], ...] = ((True, []),)


def typeset(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a template, which reads `data` by `json(bytes(sys.inputs.data))`.

    `at` is the moment, to the second, that the file says it was made: the same data and moment give the same bytes. The
    template sees an empty folder and no other file.

    Raises:
        ValueError: the template cannot be set with this data.
    """
    return _compiled(template, data, _ATTEMPTS, format="pdf", timestamp=at.replace(microsecond=0))


def draw(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PNG of a template of one page, one pixel a point. Otherwise as `typeset`."""
    return _compiled(template, data, _PICTURE, format="png", ppi=72.0)


def _compiled(
    template: Path, data: Mapping[str, Any], attempts: Sequence[tuple[bool, list[Any]]], **options: Any
) -> bytes:
    import typst  # 30 MB that most processes never need

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with TemporaryDirectory(prefix="typeset-") as nowhere:
        error: Exception | None = None
        for system_fonts, standards in attempts:
            fonts = typst.Fonts(include_system_fonts=system_fonts)
            compiler = typst.Compiler(
                template.read_bytes(), root=nowhere, font_paths=fonts, sys_inputs=inputs, package_path=nowhere
            )
            try:
                found = compiler.compile(pdf_standards=standards, **options)
            except typst.TypstError as failed:
                error = failed
                continue
            return found if isinstance(found, bytes) else b"".join(found or [])
        raise ValueError(f"{template.name} cannot be set: {error}") from error
