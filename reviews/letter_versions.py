"""A letter is dealt with in a new version: the draft is begun, and a reader's question is put into it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from pydantic import ValidationError as InvalidContent

from articles.models import Article, Version
from content.schema import Content
from people import permissions
from people.models import User
from reviews.models import ReaderLetter


def put_in_version(letter: ReaderLetter, *, by: User, seen: int, question: str = "", answer: str = "") -> Version:
    """Begin the article's next version, or go on with its draft, and let the letter wait for it.

    What becomes public of it is what the reviewers sign. Whoever does this becomes an author of the version.

    Raises:
        PermissionDenied: `by` may not write there, or not deal with the letter.
        ValidationError: a version is with the reviewers, or the draft cannot take it.
        IllegalMove: the letter has gone on.
    """
    with transaction.atomic():
        by = User.objects.get(pk=by.pk)
        # whoever saves or submits a version locks its article first: from here on the draft stays as it is
        article = Article.objects.select_for_update().get(pk=letter.article_id)
        draft = _draft(article, by)
        if letter.is_question:
            said = {"key": letter.question_key, "question": question, "answer": answer}
            draft = draft.save_draft(_with(draft.document, said), by=by, based_on=draft.revision)
        letter.await_version(draft.number, by=by, seen=seen)
    return draft


def _draft(article: Article, by: User) -> Version:
    latest = article.latest
    if not latest.is_open:
        return article.start_draft(by=by)
    if not latest.is_draft:
        raise ValidationError(f"Version {latest.number} is with the reviewers: its text stays until they have decided.")
    if not permissions.may_edit(by, latest):
        raise PermissionDenied("Only the owner of an article or an editor may change its draft.")
    return latest


def _with(content: Content, said: dict[str, str]) -> Content:
    others = [each for each in content.questions if each.key != said["key"]]
    try:
        return Content.model_validate(content.model_dump() | {"questions": [*others, said]})
    except InvalidContent as error:
        raise ValidationError(f"The draft cannot take it: {error.errors()[0]['msg']}.") from error
