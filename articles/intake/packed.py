"""Archives of articles: what is in a .zip, without trusting any of it. Nothing is ever written to a path in it."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from articles.intake.files import LARGEST_FILE, TEXT_ENDINGS
from articles.intake.result import NotAnArticle

ENDINGS = TEXT_ENDINGS | {".docx"}
MOST_FILES = 2_000
LARGEST_IN_ALL = 100_000_000  # bytes of all files of one archive
PACKED_TO = 100  # a file that unpacks to more than so many times its size is a trap; text comes to about 4
OTHER_KIND = "passed over: not .txt, .md or .docx"
MOST_NAMED = 100  # files of other kinds that are told one by one; the rest are counted
SMALL = 1_000_000  # bytes below which nobody asks how well it was packed
#: ValueError is a name in no encoding, or a place before the beginning.
_BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError),
    ValueError,
)
#: The others unpack a whole file at once, whatever size it claims.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Packed(NamedTuple):
    """One file of an archive: its bytes, or why it cannot be taken."""

    name: str
    data: bytes = b""
    reason: str = ""


def is_article_file(name: str) -> bool:
    """Whether a name in a folder is one to read: not hidden, no open Word document's lock, a known ending."""
    return not name.startswith((".", "~$")) and PurePosixPath(name).suffix.lower() in ENDINGS


def printable(name: str) -> str:
    """The name as it can be shown anywhere, whatever bytes and control characters are in it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def unpack(archive: IO[bytes]) -> Iterator[Packed]:
    """The articles in a .zip, one after the other and each only as far as a file may be long.

    Hidden files and folders are passed over. What cannot be taken comes with its reason, files of other kinds last.

    Raises:
        NotAnArticle: it is no archive, or more than one upload may be.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            yield from _each(packed, _wanted(packed))
            yield from _passed_over(packed)
    except NotAnArticle:
        raise
    except _BROKEN as error:
        raise NotAnArticle("the file ends in .zip but is no archive that can be read; pack it again") from error


def _wanted(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    wanted = [info for info in packed.infolist() if _is_wanted(info)]
    if len(wanted) > MOST_FILES:
        raise NotAnArticle(f"the archive has {len(wanted):,} articles; send at most {MOST_FILES:,} at once")
    return wanted


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    name = _shown_name(info)
    return is_article_file(name) or name.lower().endswith(".zip")


def _shown_name(info: zipfile.ZipInfo) -> str:
    """The last part of its path; nothing for folders and for what lies hidden."""
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if info.is_dir() or not parts or "__MACOSX" in parts or any(p.startswith(".") and p != ".." for p in parts[:-1]):
        return ""
    return parts[-1]


def _passed_over(packed: zipfile.ZipFile) -> Iterator[Packed]:
    """A line for each file of another kind; when they are many, one for those that are left."""
    others = [info.filename for info in packed.infolist() if _is_of_other_kind(info)]
    for name in others[:MOST_NAMED]:
        yield Packed(name, reason=OTHER_KIND)
    if (more := len(others) - MOST_NAMED) > 0:
        yield Packed(f"{more:,} more file{'s'[: more != 1]}", reason=OTHER_KIND)


def _is_of_other_kind(info: zipfile.ZipInfo) -> bool:
    return bool(name := _shown_name(info)) and not name.startswith((".", "~$")) and not _is_wanted(info)


def _each(packed: zipfile.ZipFile, wanted: list[zipfile.ZipInfo]) -> Iterator[Packed]:
    total = 0
    for info in wanted:
        if reason := _refusal(info):
            yield Packed(info.filename, reason=reason)
            continue
        try:
            with packed.open(info) as file:
                data = file.read(LARGEST_FILE + 1)
        except _BROKEN:
            yield Packed(info.filename, reason="the file is damaged inside the archive; pack it again")
            continue
        total += len(data)
        if total > LARGEST_IN_ALL:
            raise NotAnArticle(f"the archive unpacks to more than {LARGEST_IN_ALL // 1_000_000} MB; send it in parts")
        yield Packed(info.filename, data)


def _refusal(info: zipfile.ZipInfo) -> str:
    """Why this file is not even opened, or nothing."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its path leads out of the archive; pack the folder itself"
    if path.suffix.lower() == ".zip":
        return "it is an archive inside the archive; unpack it first"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link to another file; pack the file itself"
    if info.flag_bits & 0x1:
        return "it is locked with a password; pack it without one"
    if info.compress_type not in _PACKINGS:
        return "it is packed in an unusual way; pack it as an ordinary .zip"
    if info.file_size > LARGEST_FILE:
        return f"the file is larger than {LARGEST_FILE // 1_000_000} MB; an article is far smaller"
    if info.file_size > SMALL and info.file_size > PACKED_TO * max(1, info.compress_size):
        return "it unpacks to far more than a text does; send it by itself"
    return ""
