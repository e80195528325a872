"""Taking in many articles for a house author: sending the files, watching, the report."""

import io
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.batch_files import FileState, FileView, IntakeFile
from articles.batch_report import lines
from articles.batches import IntakeBatch, Progress
from articles.forms.batches import AddFilesForm, BatchForm, ReportForm
from articles.forms.uploads import AgainForm
from content.counting import counted
from content.spreadsheet import csv_lines
from people.permissions import may_take_in
from people.policy import SignedInRequest, policy
from people.views import posted

PAGE_SIZE = 100
LATEST = 50


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
        messages.success(request, f"{counted(count, 'file')} added.")
        return redirect("articles:batch", pk)
    return _batch_page(request, found, adding=form)


@require_POST
@policy(may_take_in)
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave what still waits."""
    count = _batch(pk).stop(by=request.user)
    messages.success(request, f"{counted(count, 'file')} will not be taken in. What was taken in before stays.")
    return redirect("articles:batch", pk)


@require_POST
@policy(may_take_in)
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read once more what was refused or stopped."""
    count = _batch(pk).retry(by=request.user)
    messages.success(request, f"{counted(count, 'file')} will be read again.")
    return redirect("articles:batch", pk)


@require_POST
@policy(may_take_in)
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget the files that are kept; the report stays."""
    count = _batch(pk).drop(by=request.user)
    messages.success(request, f"{counted(count, 'file')} dropped. The report stays.")
    return redirect("articles:batch", pk)


@require_GET
@policy(may_take_in)
def report(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The report as CSV: a line a file."""
    found = _batch(pk)
    response = StreamingHttpResponse(csv_lines(lines(found)), content_type="text/csv; charset=utf-8")
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
    progress = found.progress
    response = render(request, "articles/batch.html#progress", {"batch": found, "progress": progress})
    if not progress.waiting:
        response.headers["HX-Refresh"] = "true"
    return response


def _batch_page(request: SignedInRequest, found: IntakeBatch, *, adding: AddFilesForm | None = None) -> HttpResponse:
    heading, after = ReportForm(request.GET).asked()
    progress = found.progress
    files = list(found.files.reported().under(heading).filter(pk__gt=after)[: PAGE_SIZE + 1])
    shown = files[:PAGE_SIZE]
    context = {
        "batch": found,
        "progress": progress,
        "files": shown,
        "tabs": _tabs(found, progress, heading),
        "is_kept": found.files.kept().exists(),
        "adding": adding or AddFilesForm(),
        "section": "intake",
        "next_url": _address(found, heading, shown[-1].pk) if len(files) > PAGE_SIZE else "",
        "previous_url": _address(found, heading) if after else "",
    }
    return render(request, "articles/batch.html", context, status=422 if adding else 200)


def _tabs(found: IntakeBatch, progress: Progress, current: FileView) -> list[dict[str, Any]]:
    """The headings under which there is something."""
    counts = {heading: found.count_under(heading, progress) for heading in FileView}
    return [
        {"label": heading.label, "count": count, "url": _address(found, heading), "is_current": heading == current}
        for heading, count in counts.items()
        if count or heading in (FileView.ALL, current)
    ]


def _address(found: IntakeBatch, heading: FileView, after: int = 0) -> str:
    said = {name: value for name, value in (("show", heading.value), ("after", after)) if value}
    return reverse("articles:batch", args=(found.pk,)) + (f"?{urlencode(said)}" if said else "")
