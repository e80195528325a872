"""The labels that editors sort articles by."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import Label
from content.counting import counted
from people.permissions import may_sort_articles
from people.policy import SignedInRequest, policy
from people.views import posted
from reviews.forms.sorting import MergeForm, NewLabelForm


@require_http_methods(["GET", "POST"])
@policy(may_sort_articles)
def label_list(request: SignedInRequest) -> HttpResponse:
    """Every label, on how many articles it is; and a new one."""
    form = NewLabelForm(posted(request))
    if form.is_valid():
        label = Label.objects.called(form.cleaned_data["name"], by=request.user)
        messages.success(request, f"“{label.name}” is a label now.")
        return redirect("reviews:labels")
    context = {"labels": Label.objects.with_counts(), "form": form, "section": "labels"}
    return render(request, "reviews/labels.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@policy(may_sort_articles)
def label_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a label; from here it is merged and removed, too."""
    label = get_object_or_404(Label.objects.with_counts(), pk=pk)
    form = NewLabelForm(posted(request), initial={"name": label.name})
    if form.is_valid():
        try:
            label.rename(form.cleaned_data["name"], by=request.user)
            messages.success(request, f"The label is called “{form.cleaned_data['name']}” now.")
            return redirect("reviews:labels")
        except ValidationError as error:
            form.add_error("name", error)
    return _page(request, label, form=form)


@require_POST
@policy(may_sort_articles)
def merge_label(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let another label take its place."""
    label = get_object_or_404(Label.objects.with_counts(), pk=pk)
    form = MergeForm(request.POST, label=label)
    if not form.is_valid():
        return _page(request, label, merging=form)
    heir: Label = form.cleaned_data["into"]
    count = label.merge_into(heir, by=request.user)
    messages.success(request, f"“{heir.name}” took the place of “{label.name}” on {counted(count, 'article')}.")
    return redirect("reviews:labels")


@require_POST
@policy(may_sort_articles)
def remove_label(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget a label."""
    label = get_object_or_404(Label, pk=pk)
    count = label.remove(by=request.user)
    messages.success(request, f"The label “{label.name}” is gone; it was on {counted(count, 'article')}.")
    return redirect("reviews:labels")


def _page(
    request: SignedInRequest, label: Label, *, form: NewLabelForm | None = None, merging: MergeForm | None = None
) -> HttpResponse:
    bound = any(each is not None and each.is_bound for each in (form, merging))
    context = {"label": label, "form": form or NewLabelForm(initial={"name": label.name}), "section": "labels"}
    context["merging"] = merging or MergeForm(label=label)
    return render(request, "reviews/label.html", context, status=422 if bound else 200)
