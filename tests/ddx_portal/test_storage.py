"""The static files under the names that they are served by."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.core.files.storage import FileSystemStorage

from ddx_portal.storage import StaticFiles

SCRIPTS = Path(str(find("js")))
IMPORTED = re.compile(r"""^import .* from "\./([^"]+)";$""", re.MULTILINE)


def test_script_imports_the_others_by_their_hashes(tmp_path: Path) -> None:
    storage = StaticFiles(location=tmp_path)
    source = FileSystemStorage(location=SCRIPTS.parent)
    scripts = [f"js/{script.name}" for script in SCRIPTS.glob("*.js")]
    for script in scripts:
        with source.open(script) as words:
            storage.save(script, words)
    list(storage.post_process({script: (storage, script) for script in scripts}))

    named = {Path(script).name: Path(storage.stored_name(script)).name for script in scripts}
    imports = 0
    for script in scripts:
        written = IMPORTED.findall((SCRIPTS.parent / script).read_text())
        served = IMPORTED.findall((tmp_path / storage.stored_name(script)).read_text())
        assert served == [named[other] for other in written]
        imports += len(written)
    assert imports >= 5
