"""One plain spelling for what people type: small letters, no accents, apostrophes, tricks or runs of letters."""

import re
import unicodedata

from content import text

LONGEST = 4_000  # characters of a question that is answered; the form sends a quarter of it
MOST = 4 * LONGEST  # characters in which an emergency is looked for

_APOSTROPHES = re.compile("['’‘`´ʼ＇]")
# Of HTML, nothing in them; all else between < and > was typed to be read: "oxygen <85, cannot breathe, pulse >140".
_TAGS = re.compile(r"</?(?:[abipsu]|br|div|em|li|ol|script|span|strong|ul) ?/?>", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?;¿¡。？！؟]+(?=\s|$)|\n+|[?？؟]+")
_NOT_WORDS = re.compile(r"(?!(?<=\d)[.,](?=\d))[^\w\s]|_")
_RUN = re.compile(r"(.)\1{2,}")
_LETTERS_APART = re.compile(r"\b(?:[a-z] ){3,}[a-z]\b")
_TORN = re.compile(r"\b(can|don|won|doesn|isn|didn|couldn|wouldn|hasn|haven|aren|ain) t\b")
_CAN_NOT = re.compile(r"\bcan ?not\b")
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[^\W_a-z0-9])\w+\b")
_LEET = re.compile(r"\b[a-z0-9]{3,24}\b")
_DIGIT_INSIDE = re.compile(r"[a-z][0134578]+[a-z]")

# Letters of other scripts that look like ours: undone only inside a word that has ours as well.
_ALIKE = str.maketrans("авеёкмнорстухіїјѕԁгӏαβεικνορτυχωİıł", "abeekmhopctyxiijsdrlabeikvoptyxwiil")
_DIGITS = str.maketrans("0134578", "oieast8")

_EMOJI = {
    "🩸": "blood", "🤮": "vomiting", "🤢": "nausea", "🤰": "pregnant", "👶": "baby", "🍼": "baby", "🤒": "fever",
    "🌡": "fever", "🆘": "help emergency", "🚑": "ambulance", "🚨": "emergency", "💊": "pills", "🔪": "knife",
    "🫁": "lung", "🫀": "heart", "🧠": "brain", "👁": "eye", "🦵": "leg", "🐝": "bee sting", "🥜": "nuts",
    "🐍": "snake", "☠": "poison", "🔥": "burning", "🍺": "alcohol", "🍷": "alcohol", "☕": "coffee", "💀": "die",
}  # fmt: skip


def stretches(asked: str) -> list[str]:
    """What was typed in pieces that overlap by a sentence, so that nothing is too long to be read for emergencies."""
    return [asked[at : at + LONGEST] for at in range(0, max(len(asked[:MOST]), 1), LONGEST - 200)]


def parts(asked: str) -> list[str]:
    """The questions in what was typed, each in plain spelling; one that says nothing is left out."""
    cut = text.visible(unicodedata.normalize("NFKC", asked[:LONGEST]))
    return [plain for each in _SENTENCE.split(cut) if (plain := plain_words(each))]


def plain_words(asked: str) -> str:
    """Words apart by one space, in small letters without accents; other scripts stay as they are."""
    for sign, word in _EMOJI.items():
        asked = asked.replace(sign, f" {word} ")
    small = without_accents(_APOSTROPHES.sub("", _TAGS.sub(" ", asked)).casefold())
    small = _MIXED.sub(lambda found: found[0].translate(_ALIKE), small)
    small = _together(small)  # "c h e s t   p a i n" are two words as long as wider spaces stand between them
    words = _together(" ".join(_NOT_WORDS.sub(" ", small.replace("%", " percent ")).replace(",", ".").split()))
    words = _LEET.sub(_without_digits, words)
    return _CAN_NOT.sub("cant", _TORN.sub(r"\1t", _RUN.sub(r"\1\1", words)))


def _together(words: str) -> str:
    return _LETTERS_APART.sub(lambda found: found[0].replace(" ", ""), words)


def _without_digits(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(_DIGITS) if _DIGIT_INSIDE.search(word) else word


def without_accents(written: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))
