"""One spelling for every text: nothing invisible or deceiving in it, plain spaces, NFC.

Both functions are idempotent, which canonical bytes rest on.
"""

import re
import unicodedata
from unicodedata import combining

# Unicode promises that these will never be characters: free as marks inside a program, refused in any text.
NONCHARACTERS = "".join(map(chr, range(0xFDD0, 0xFDF0))) + "".join(
    chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)
)
# Controls; soft hyphen; zero-width, joining and direction-changing characters; byte order mark; annotation marks;
# tags and supplementary variation selectors, which can smuggle a text unseen; lone surrogates; private use stays.
_GONE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    f"\U000e0000-\U000e0fff\ud800-\udfff{NONCHARACTERS}]"
)
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def visible(text: str) -> str:
    """The text without what nobody sees, every kind of space made a plain one, in NFC. Keeps line feeds."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _GONE.sub("", text)))


def prose(text: str) -> str:
    """Running text: LF line ends, no space at the end of a line, at most one empty line in a row."""
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "\n".join(_whole(line.rstrip()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _whole(line: str) -> str:
    """The line without accents at its beginning, which would sit on whatever a file format writes before it."""
    return line[next((at for at, character in enumerate(line) if not combining(character)), len(line)) :]


def line(text: str) -> str:
    """A text of one line: every run of white space is one space."""
    return " ".join(prose(text).split())
