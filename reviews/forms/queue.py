"""What the queue is asked for."""

from typing import Any

from django import forms

from reviews.desk_views import DeskView

MAX_PAGE = 1_000


class QueueForm(forms.Form):
    """Search words, a view and a page from the address line; what makes no sense there counts as not said."""

    q = forms.CharField(max_length=200, required=False, label="Title")
    view = forms.CharField(max_length=20, required=False)
    page = forms.IntegerField(min_value=1, max_value=MAX_PAGE, required=False)

    def asked(self) -> dict[str, Any]:
        """The fields that make sense."""
        self.is_valid()
        return {"q": "", "view": "", "page": 1} | {k: v for k, v in self.cleaned_data.items() if v}

    def chosen(self, views: list[DeskView]) -> DeskView | None:
        """The view of that name, if the person has it."""
        return next((view for view in views if view.key == self.asked()["view"]), None)
