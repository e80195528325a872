"""PDFs, set by Typst from a template of ours and from data that others wrote.

What others wrote reaches the template as JSON and is never read as markup, so nothing in it can become a command, open
a file or change the layout. The file is tagged (PDF/UA-1) and carries its fonts.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Tried in turn: the fonts that come with Typst; then those of the machine too, for a script that the first lack;
#: then without the promise of accessibility, for a script that no font here can show.
_ATTEMPTS: tuple[tuple[bool, list[Any]], ...] = ((False, ["ua-1"]), (True, ["ua-1"]), (True, []))


def typeset(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a template, which reads `data` by `json(bytes(sys.inputs.data))`.

    `at` is the moment that the file says it was made: the same data and moment give the same bytes. The template sees
    an empty folder and no other file.

    Raises:
        ValueError: the template cannot be set with this data.
    """
    import typst  # 30 MB that most processes never need

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with TemporaryDirectory(prefix="typeset-") as nowhere:
        error: Exception | None = None
        for system_fonts, standards in _ATTEMPTS:
            fonts = typst.Fonts(include_system_fonts=system_fonts)
            compiler = typst.Compiler(
                template.read_bytes(), root=nowhere, font_paths=fonts, sys_inputs=inputs, package_path=nowhere
            )
            try:
                found = compiler.compile(format="pdf", pdf_standards=standards, timestamp=at)
            except typst.TypstError as failed:
                error = failed
                continue
            return found if isinstance(found, bytes) else b"".join(found or [])
        raise ValueError(f"{template.name} cannot be set: {error}") from error
