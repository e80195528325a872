"""What every reviewer is asked: statements are added and retired, never reworded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from people.permissions import may_keep_checklist
from people.policy import SignedInRequest, policy
from people.views import posted
from reviews.forms.checklist import StatementForm
from reviews.models import ChecklistItem


@require_http_methods(["GET", "POST"])
@policy(may_keep_checklist)
def checklist(request: SignedInRequest) -> HttpResponse:
    """The statements that are asked, those that were, and a form for one more."""
    form = StatementForm(posted(request))
    if form.is_bound and form.add(by=request.user):
        messages.success(request, "Added. Reviewers are asked from now on.")
        return redirect("reviews:checklist")
    items = list(ChecklistItem.objects.all())
    context = {
        "form": form,
        "asked": [item for item in items if item.retired_at is None],
        "retired": [item for item in items if item.retired_at is not None],
        "section": "checklist",
    }
    return render(request, "reviews/checklist.html", context, status=form.status if form.errors else 200)


@require_POST
@policy(may_keep_checklist)
def retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for it no more; what was answered stays in the decisions."""
    item = get_object_or_404(ChecklistItem, pk=pk)
    item.retire(by=request.user)
    messages.success(request, "Retired. It is asked no more; the answers that were given stay.")
    return redirect("reviews:checklist")
