"""The static files under the names that they are served by."""

import re
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.core.files.storage import FileSystemStorage
from django.template import Context, Template
from django.test import override_settings

from ddx_portal.storage import FOLDED, PRINT_STYLES, STYLES, StaticFiles, folded

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


def test_styles_of_every_page_are_folded_into_one_file(tmp_path: Path) -> None:
    storage, source = StaticFiles(location=tmp_path), FileSystemStorage(location=SCRIPTS.parent)
    names = [*STYLES, PRINT_STYLES]
    for name in names:
        with source.open(name) as words:
            storage.save(name, words)
    list(storage.post_process({name: (storage, name) for name in names}))
    sheet = (tmp_path / storage.stored_name(FOLDED)).read_text()
    assert sheet == folded(lambda name: (SCRIPTS.parent / name).read_text())
    assert sheet.startswith("@layer tokens,")
    assert "/*" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert (tmp_path / f"{storage.stored_name(FOLDED)}.gz").stat().st_size < 16_000


def test_pages_link_every_style_sheet_of_a_component_once() -> None:
    template = Template("{% load styles %}{% stylesheets %}")
    links = re.findall(r'href="/static/([^"]+)"', template.render(Context()))
    assert links == [*STYLES, PRINT_STYLES]
    assert all(find(name) for name in links)
    with override_settings(STORAGES={"staticfiles": {"BACKEND": "tests.ddx_portal.test_storage.Collected"}}):
        assert Template("{% load styles %}{% stylesheets %}").render(Context()).count("<link") == 1


class Collected(StaticFiles):
    """A storage that has collected the folded sheet."""

    def __init__(self) -> None:
        super().__init__(location="/nonexistent")
        self.hashed_files = {FOLDED: "css/site.0123456789ab.css"}
