"""Answering and closing findings, wherever they are shown."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.models import Version
from people.models import User
from people.policy import SignedInRequest, checked_inside
from people.views import posted
from reviews.forms.reviewing import ActForm, AnswerForm, CloseForm
from reviews.models import Assignment, Finding
from reviews.talk import Viewer
from reviews.views.reviewing import wants_part


def visible_finding(request: SignedInRequest, pk: int) -> Finding:
    """A finding that this person may see: on a version that they may read, or their own."""
    finding = get_object_or_404(Finding.objects.with_people(), pk=pk)
    if finding.reviewer_id != request.user.pk:
        get_object_or_404(Version.objects.visible_to(request.user), pk=finding.version_id)
    visible = Finding.objects.visible_to(request.user, finding.version)
    return get_object_or_404(visible.with_people(), pk=pk)


@require_http_methods(["GET", "POST"])
@checked_inside(visible_finding)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """The author says what was done about it."""
    finding = visible_finding(request, pk)
    form = AnswerForm(posted(request), auto_id=f"answer_{pk}_%s")
    if form.is_bound and form.answer(finding, by=request.user):
        return _done(request, pk)
    return _page(request, finding, form if form.is_bound else None)


@require_http_methods(["GET", "POST"])
@checked_inside(visible_finding)
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who made it closes it; or an editor, with a reason."""
    finding = visible_finding(request, pk)
    form = CloseForm(posted(request), auto_id=f"close_{pk}_%s")
    if form.is_bound and form.close(finding, by=request.user):
        return _done(request, pk)
    return _page(request, finding, form if form.is_bound else None)


def _done(request: SignedInRequest, pk: int) -> HttpResponse:
    finding = visible_finding(request, pk)
    if wants_part(request):
        return _page(request, finding)
    return redirect(f"{_where_it_stands(request.user, finding)}#finding_box_{pk}")


def _page(request: SignedInRequest, finding: Finding, form: ActForm | None = None) -> HttpResponse:
    """The finding alone; with a form that came back, if there is one."""
    viewer = Viewer(request.user, finding.version, finding.version.document)
    shown = viewer.shows(
        finding,
        answer=form if isinstance(form, AnswerForm) else None,
        close=form if isinstance(form, CloseForm) else None,
    )
    template = "reviews/_finding.html" if wants_part(request) else "reviews/finding.html"
    typed = form.typed if form and form.came_too_late else ""
    context = {"shown": shown, "version": finding.version, "objections": form.objections if form else []}
    context |= {"typed": typed, "section": "queue"}
    return render(request, template, context, status=form.status if form else 200)


def _where_it_stands(user: User, finding: Finding) -> str:
    """The page of this person on which the finding is shown: a reviewer's own, or the newest version it carries to."""
    article = finding.version.article_id
    own = Assignment.objects.visible_to(user).filter(reviewer=user, version__article=article)
    if finding.reviewer_id == user.pk and (assignment := own.order_by("-version__number").first()):
        return assignment.get_absolute_url()
    version = Version.objects.visible_to(user).filter(article=article).order_by("-number").first()
    if version is None:
        return reverse("reviews:queue")
    carries = Finding.objects.carried_to(version).filter(pk=finding.pk).exists()
    return f"{(version if carries else finding.version).get_absolute_url()}?tab=findings"
