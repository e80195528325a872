"""What authors type, checked before it reaches the models."""

from articles.forms.draft import DraftForm
from articles.forms.intake import NewArticleForm
from articles.forms.steps import ReasonForm, SubmitForm

__all__ = ["DraftForm", "NewArticleForm", "ReasonForm", "SubmitForm"]
