"""The page of one article: its versions as one person sees them, and what can be done with it."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse

from articles.models import Article, Label, Version
from articles.states import VersionState
from people import permissions
from people.models import User
from publications.record import Notice
from reviews.forms.editing import SpecialtyForm
from reviews.forms.sorting import HandlingForm, LabelForm
from reviews.notices import posted


class ArticlePage:
    """One article, as one person sees it. A form is one that came back with an error."""

    def __init__(
        self,
        user: User,
        article: Article,
        *,
        form: SpecialtyForm | None = None,
        handling: HandlingForm | None = None,
        labelling: LabelForm | None = None,
    ) -> None:
        self.user, self.article = user, article
        self.returned, self.returned_handling, self.returned_labelling = form, handling, labelling

    @cached_property
    def versions(self) -> list[Version]:
        """Those that this person may read, the newest first."""
        found = Version.objects.visible_to(self.user).filter(article=self.article)
        return list(found.select_related("author").defer("content", "source").order_by("-number"))

    @property
    def title(self) -> str:
        return str(self.versions[0].title)

    @property
    def latest(self) -> Version:
        return self.versions[0]

    @property
    def public(self) -> Version | None:
        """What the public reads now."""
        return next((version for version in self.versions if version.is_public), None)

    @cached_property
    def notices(self) -> list[Notice]:
        """Those on the public version, the latest first."""
        return posted(self.public) if self.public else []

    @property
    def notice_url(self) -> str:
        """Where this person posts a notice on the public version, if they may."""
        if self.public is None or not permissions.may_post_notice(self.user, self.public):
            return ""
        return reverse("reviews:post_notice", args=(self.article.pk, self.public.number))

    @property
    def is_retracted(self) -> bool:
        return any(version.state == VersionState.RETRACTED for version in self.versions)

    @cached_property
    def form(self) -> SpecialtyForm | None:
        """For who may file it."""
        if not permissions.may_classify(self.user, self.article):
            return None
        return self.returned or SpecialtyForm(initial={"specialty": self.article.specialty})

    @property
    def may_sort(self) -> bool:
        return permissions.may_sort_articles(self.user)

    @cached_property
    def handling(self) -> HandlingForm:
        """Priority, readers and editor, for who may sort."""
        return self.returned_handling or HandlingForm(article=self.article, user=self.user)

    @cached_property
    def labelling(self) -> LabelForm:
        return self.returned_labelling or LabelForm()

    @cached_property
    def labels(self) -> list[Label]:
        return list(self.article.labels.all())

    @cached_property
    def other_labels(self) -> list[str]:
        """The names to choose from when another is added."""
        return [str(label) for label in Label.objects.exclude(articles=self.article)]

    @property
    def may_revise(self) -> bool:
        return not self.latest.is_open and permissions.may_start_draft(self.user, self.article)
