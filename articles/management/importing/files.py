"""The files that an import is given: found in folders, and read without trusting any of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from articles.forms.intake import Page
from articles.intake import NotAnArticle
from articles.intake.files import LARGEST_FILE
from articles.intake.packed import is_article_file, printable
from articles.laying import page_of


@dataclass
class Found:
    """What the paths lead to. Each file stands once, in the order of the paths and then of the names."""

    files: dict[Path, None] = field(default_factory=dict)
    problems: list[tuple[Path, str]] = field(default_factory=list)
    skipped: int = 0

    def look_into(self, folder: Path) -> None:
        """Add the articles of a folder and all below. Links to other folders are not followed."""
        before = len(self.files)
        for here, folders, names in folder.walk(on_error=self._unreadable):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            taken = [here / name for name in sorted(names) if is_article_file(name)]
            self.skipped += len(names) - len(taken)
            self.files |= dict.fromkeys(taken)
        if len(self.files) == before and folder not in (path for path, _ in self.problems):
            self.problems.append((folder, "there is no .txt, .md or .docx file in this folder"))

    def _unreadable(self, error: OSError) -> None:
        self.problems.append((Path(error.filename), f"this folder cannot be read: {error.strerror}"))


def find(paths: Iterable[Path]) -> Found:
    """Look into every path. A file that is named outright is taken whatever its name."""
    found = Found()
    for path in paths:
        if path.is_dir():
            found.look_into(path)
        else:
            found.files[path] = None
    return found


def read(path: Path) -> Page:
    """Read one file, and never more of it than an article may have.

    Raises:
        NotAnArticle: it cannot be read, or is no article.
    """
    return page_of(path.name, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise NotAnArticle("this is no file that can be read")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NotAnArticle(f"this file cannot be read: {error.strerror}") from error


def shown(path: Path) -> str:
    """The path as it can be printed anywhere, whatever bytes and control characters are in it."""
    return printable(str(path))
