"""Readers a month from a file: read, looked at, then noted."""

from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.db.models import OuterRef, Subquery

from articles.handling import MOST_READERS
from articles.models import Article, Version
from articles.traffic import LARGEST, MONTH, Figures, NoFigures, read_figures
from people.models import User

SALT = "articles.traffic"
AT_ONCE = 200  # articles noted in one request
A_DAY = 24 * 60 * 60


class Change(NamedTuple):
    """What would be noted of an article."""

    title: str
    url: str
    before: int | None
    after: int


class TrafficForm(forms.Form):
    """The file, and over how many days it counts."""

    file = forms.FileField(
        label="The figures as CSV",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        help_text="A column that names the page (address, slug or title) and one that counts. At most 5 MB.",
        error_messages={"required": "Choose the file."},
    )
    days = forms.IntegerField(
        label="Days that it counts", min_value=1, max_value=3_660, initial=MONTH, help_text="30 days make a month."
    )
    figures: Figures | None = None

    def clean(self) -> dict[str, Any]:
        """Figures that can be read; an error says what to do."""
        said = self.cleaned_data
        if said.get("file") and said.get("days"):
            try:
                self.figures = read_figures(said["file"].read(LARGEST + 1), days=said["days"])
            except NoFigures as error:
                self.add_error("file", str(error))
        return said

    def changes(self) -> list[Change]:
        """What would be noted, most readers first; articles that say it already are left out."""
        readers = self.figures.readers if self.figures else {}
        newest = Version.objects.filter(article=OuterRef("pk")).order_by("-number")
        articles: Any = Article.objects.filter(pk__in=readers).annotate(title=Subquery(newest.values("title")[:1]))
        found = [
            Change(article.title or article.slug, article.get_absolute_url(), article.traffic, readers[article.pk])
            for article in articles
            if article.traffic != readers[article.pk]
        ]
        return sorted(found, key=lambda change: -change.after)

    def signed(self, user: User) -> str:
        """What would be noted, for the form that says yes to it: nobody else's, nor changed on the way."""
        readers = sorted(self.figures.readers.items()) if self.figures else []
        return signing.dumps([user.pk, readers], salt=SALT, compress=True)


class NoteForm(forms.Form):
    """Yes to what was looked at; `at` is how far it has been noted."""

    plan = forms.CharField(max_length=3_000_000, strip=False)
    at = forms.IntegerField(min_value=0, required=False)

    def note(self, *, by: User) -> tuple[int, int] | None:
        """Note the next articles: how far it is now, and how many there are. None when this is not what was looked at.

        Raises:
            PermissionDenied: `by` is no editor.
        """
        if not self.is_valid():
            return None
        try:
            user, readers = signing.loads(self.cleaned_data["plan"], salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            return None
        if user != by.pk:
            return None
        at = self.cleaned_data["at"] or 0
        some = dict(readers[at : at + AT_ONCE])
        for article in Article.objects.filter(pk__in=some).order_by("pk"):
            article.note_traffic(min(some[article.pk], MOST_READERS), by=by)
        return min(at + AT_ONCE, len(readers)), len(readers)
