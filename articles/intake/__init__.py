"""Reading articles as people have them: pasted pages, text files, Markdown and Word documents.

`read` understands the published format and its extended form, which `articles.printing` writes. It never guesses in
silence: what it is unsure of is a doubt, what it did not take is listed.
"""

from dataclasses import replace

from articles.intake.building import build
from articles.intake.cleaning import clean
from articles.intake.files import text_of
from articles.intake.reader import read_page
from articles.intake.result import Doubt, Intake, LeftOut, NotAnArticle

__all__ = ["Doubt", "Intake", "LeftOut", "NotAnArticle", "read", "read_file"]


def read(text: str) -> Intake:
    """Read one article. Takes time linear in the length of the text.

    Raises:
        NotAnArticle: the text is no article; the reason says what to do.

    """
    return build(read_page(clean(text)))


def read_file(name: str, data: bytes) -> Intake:
    """Read the article in a file: .txt and .md in UTF-8, UTF-16 or Windows-1252, and .docx.

    Raises:
        NotAnArticle: the file is none of these, or no article.

    """
    text, doubts = text_of(name, data)
    intake = read(text)
    return replace(intake, doubts=(*doubts, *intake.doubts))
