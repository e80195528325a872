"""Taking in many articles for a house author: sending the files, watching, the report."""

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.batches import FileState, IntakeBatch, IntakeFile
from articles.forms.batches import SHOWN, VIEWS, AddFilesForm, AgainForm, BatchForm, ReportForm
from content.spreadsheet import csv_lines
from people.permissions import may_take_in
from people.policy import SignedInRequest, policy
from people.views import posted

PAGE_SIZE = 100
LATEST = 50
COLUMNS = (
    "file",
    "what became of it",
    "line",
    "reason",
    "doubts",
    "title",
    "article",
    "looks like",
    "per cent the same",
)


@require_http_methods(["GET", "POST"])
@policy(may_take_in)
def intake(request: SignedInRequest) -> HttpResponse:
    """Send files to be taken in; the batches so far."""
    form = BatchForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and (batch := form.begin()):
        return redirect("articles:batch", batch.pk)
    batches = IntakeBatch.objects.with_counts().select_related("author", "begun_by")[:LATEST]
    context = {"form": form, "batches": batches, "section": "intake"}
    return render(request, "articles/intake.html", context, status=422 if form.is_bound else 200)


@require_GET
@policy(may_take_in)
def batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each file."""
    found = _batch(pk)
    return _progress(request, found) if "HX-Request" in request.headers else _batch_page(request, found)


@require_POST
@policy(may_take_in)
def add_files(request: SignedInRequest, pk: int) -> HttpResponse:
    """More files for the same batch."""
    found, form = _batch(pk), AddFilesForm(request.POST, request.FILES)
    if (count := form.add_to(found, by=request.user)) is not None:
        messages.success(request, f"{_files(count)} added.")
        return redirect("articles:batch", pk)
    return _batch_page(request, found, adding=form)


@require_POST
@policy(may_take_in)
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave what still waits."""
    count = _batch(pk).stop(by=request.user)
    messages.success(request, f"{_files(count)} will not be taken in. What was taken in before stays.")
    return redirect("articles:batch", pk)


@require_POST
@policy(may_take_in)
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read once more what was refused or stopped."""
    count = _batch(pk).retry(by=request.user)
    messages.success(request, f"{_files(count)} will be read again.")
    return redirect("articles:batch", pk)


@require_POST
@policy(may_take_in)
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget the files that are kept; the report stays."""
    count = _batch(pk).drop(by=request.user)
    messages.success(request, f"{_files(count)} dropped. The report stays.")
    return redirect("articles:batch", pk)


@require_GET
@policy(may_take_in)
def report(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The report as CSV: a line a file."""
    found = _batch(pk)
    response = StreamingHttpResponse(csv_lines(_lines(found)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"intake-{found.pk}.csv")
    return response


@require_GET
@policy(may_take_in)
def download(request: SignedInRequest, pk: int) -> FileResponse:
    """A file as it was sent, as long as it is kept. Never shown in the browser."""
    file = get_object_or_404(IntakeFile, pk=pk)
    if file.data is None:
        raise Http404
    name = file.name.rpartition("/")[2]
    data = io.BytesIO(file.data)
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/octet-stream")


@require_http_methods(["GET", "POST"])
@policy(may_take_in)
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a mended file in the place of one that was refused."""
    file = get_object_or_404(IntakeFile.objects.light().select_related("batch"), pk=pk)
    if file.state not in (FileState.REFUSED, FileState.STOPPED):
        return redirect("articles:batch", file.batch_id)
    form = AgainForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.send(file, by=request.user):
        messages.success(request, f"“{file.name}” will be read again.")
        return redirect("articles:batch", file.batch_id)
    context = {"form": form, "file": file, "section": "intake"}
    return render(request, "articles/intake_again.html", context, status=422 if form.is_bound else 200)


@require_POST
@policy(may_take_in)
def take_known(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take in a text that its author has here already."""
    file = get_object_or_404(IntakeFile.objects.light(), pk=pk)
    if file.state == FileState.KNOWN:
        file.take_all_the_same(by=request.user)
        messages.success(request, f"“{file.name}” will be taken in once more.")
    return redirect("articles:batch", file.batch_id)


def _batch(pk: int) -> IntakeBatch:
    return get_object_or_404(IntakeBatch.objects.select_related("author", "begun_by"), pk=pk)


def _progress(request: SignedInRequest, found: IntakeBatch) -> HttpResponse:
    """How far it is; when it is done, the whole page anew."""
    context = {"batch": found} | _sums(found.counts)
    response = render(request, "articles/batch.html#progress", context)
    if not context["waiting"]:
        response.headers["HX-Refresh"] = "true"
    return response


def _sums(counts: dict[str, int]) -> dict[str, int]:
    total, waiting = sum(counts.values()), counts.get(FileState.WAITING, 0)
    return {"total": total, "waiting": waiting, "done": total - waiting}


def _batch_page(request: SignedInRequest, found: IntakeBatch, *, adding: AddFilesForm | None = None) -> HttpResponse:
    form = ReportForm(request.GET)
    asked, counts = form.asked(), found.counts
    files = list(_files_of(found, asked["show"]).filter(pk__gt=asked["after"])[: PAGE_SIZE + 1])
    shown = files[:PAGE_SIZE]
    context = {"batch": found, "files": shown, "asked": asked, "adding": adding or AddFilesForm(), "section": "intake"}
    context |= _sums(counts) | {"tabs": _tabs(found, counts, asked["show"])}
    context |= {"is_kept": found.files.filter(data__isnull=False).exclude(state=FileState.WAITING).exists()}
    context["failed"] = sum(counts.get(state, 0) for state in SHOWN["failed"])
    context["next_url"] = _address(found, asked["show"], shown[-1].pk) if len(files) > PAGE_SIZE else ""
    context["previous_url"] = _address(found, asked["show"], 0) if asked["after"] else ""
    return render(request, "articles/batch.html", context, status=422 if adding else 200)


def _files_of(found: IntakeBatch, show: str) -> QuerySet[IntakeFile, Any]:
    files = found.files.light().with_twins().with_doubts().select_related("article").order_by("pk")
    if show in SHOWN:
        return files.filter(state__in=SHOWN[show])
    if show == "doubtful":
        return files.doubtful()
    return files.double() if show == "double" else files


def _tabs(found: IntakeBatch, counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    extra = {"doubtful": found.files.doubtful().count(), "double": found.files.double().count()}
    tabs = []
    for key, label in VIEWS:
        of_state = sum(counts.get(state, 0) for state in SHOWN.get(key, ()))
        count = extra.get(key, of_state) if key else sum(counts.values())
        if count or key in ("", current):
            tabs.append({"label": label, "count": count, "url": _address(found, key, 0), "is_current": key == current})
    return tabs


def _address(found: IntakeBatch, show: str, after: int) -> str:
    said = {name: value for name, value in (("show", show), ("after", after)) if value}
    return reverse("articles:batch", args=(found.pk,)) + (f"?{urlencode(said)}" if said else "")


def _lines(found: IntakeBatch) -> Iterator[tuple[object, ...]]:
    yield COLUMNS
    for file in _files_of(found, "").iterator(500):
        reason = file.reason or " ".join(file.missing)
        page = settings.SITE_URL + file.article.get_absolute_url() if file.article else ""
        twin = settings.SITE_URL + reverse("reviews:article", args=(file.twin_pk,)) if file.twin_pk else ""
        line = file.line if file.state == FileState.REFUSED else ""
        yield (
            file.name, file.get_state_display(), line, reason, file.doubts, file.title, page, twin, file.twin_percent
        )  # fmt: skip


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
