"""Answering and closing findings, wherever they are shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.models import Version
from people.models import User
from people.policy import SignedInRequest, checked_inside
from people.views import posted
from reviews.forms.findings import AcceptForm, AnswerForm, CloseForm, DraftAnswerForm
from reviews.forms.reviewing import ActForm
from reviews.models import Assignment, Finding
from reviews.talk import Viewer, talk
from reviews.views.getters import visible_version
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


@require_POST
@checked_inside(visible_finding)
def keep_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hold on to the author's answer while it is being written."""
    finding, form = visible_finding(request, pk), DraftAnswerForm(request.POST)
    if form.keep(finding, by=request.user):
        return HttpResponse("Draft saved.") if wants_part(request) else _done(request, pk)
    words = form.objections or ["Not saved: the note is too long."]
    return HttpResponse(" ".join(words), status=form.status, content_type="text/plain; charset=utf-8")


@require_POST
@checked_inside(visible_finding)
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the suggested wording over into the next version."""
    finding, form = visible_finding(request, pk), AcceptForm(request.POST)
    if not form.accept(finding, by=request.user):
        return _page(request, finding, form)
    if wants_part(request):
        return _page(request, visible_finding(request, pk), at=form.result)
    draft: Version = form.result
    messages.success(request, f"The wording is taken over into version {draft.number}.")
    return redirect(f"{draft.get_absolute_url()}?tab=findings#finding_box_{pk}")


@require_GET
@checked_inside(visible_version)
def of_version(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The findings on a version, to be read and answered beside its editor; a plain request gets the version's page."""
    version = visible_version(request, article_id, number)
    if not wants_part(request):
        return redirect(f"{version.get_absolute_url()}?tab=findings")
    context = {"talk": talk(request.user, version), "version": version}
    part = "#progress" if request.GET.get("part") == "progress" else ""
    return render(request, f"reviews/_findings_panel.html{part}", context)


def _done(request: SignedInRequest, pk: int) -> HttpResponse:
    finding = visible_finding(request, pk)
    if wants_part(request) and request.POST.get("as") == "row":
        shown = Viewer(request.user, finding.version, finding.version.document).shows(finding)
        return render(request, "reviews/_ledger.html#row", {"shown": shown, "is_new": True})
    if wants_part(request):
        return _page(request, finding)
    return redirect(f"{_where_it_stands(request.user, finding)}#finding_box_{pk}")


def _page(
    request: SignedInRequest, finding: Finding, form: ActForm | None = None, *, at: Version | None = None
) -> HttpResponse:
    """The finding alone, as on its own version or `at` another; with a form that came back, if there is one."""
    version = at or finding.version
    shown = Viewer(request.user, version, version.document).shows(
        finding,
        answer=form if isinstance(form, AnswerForm) else None,
        close=form if isinstance(form, CloseForm) else None,
    )
    template = "reviews/_finding.html" if wants_part(request) else "reviews/finding.html"
    typed = form.typed if form and form.came_too_late else ""
    context = {"shown": shown, "version": finding.version, "objections": form.objections if form else []}
    context |= {"typed": typed, "section": "queue", "is_new": wants_part(request) and form is None}
    response = render(request, template, context, status=form.status if form else 200)
    if form is None:
        response.headers["HX-Trigger"] = "answered"
    return response


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
