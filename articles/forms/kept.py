"""A kept text in words that can be read, copied and put into a file."""

from articles.forms.comparison import fields
from articles.forms.draft import DraftForm
from articles.kept import KeptText
from articles.models import Article, Version
from articles.printing import to_published_format
from content import canonical


def in_words(kept: KeptText) -> str:
    """The article in the published format, if it was saved; else each field that holds something, under its name."""
    if kept.content:
        return to_published_format(canonical.loads(kept.content))
    typed = DraftForm(Version(article=Article()), kept.as_sent)
    blocks = [f"{label}\n{value}" for _, (label, value) in fields(typed) if value.strip()]
    return "\n\n".join(blocks).replace("\r\n", "\n") + "\n"
