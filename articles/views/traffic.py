"""Readers a month, from a file of analytics: looked at first, then noted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from articles.forms.traffic import NoteForm, TrafficForm
from content.counting import counted
from people.permissions import may_sort_articles
from people.policy import SignedInRequest, policy
from people.views import posted

SHOWN = 200


@require_http_methods(["GET", "POST"])
@policy(may_sort_articles)
def traffic(request: SignedInRequest) -> HttpResponse:
    """Send the figures; then look at what would be noted, and at the lines that cannot be."""
    form = TrafficForm(posted(request), request.FILES or None)
    context = {"form": form, "section": "triage"}
    if not form.is_valid() or form.figures is None:
        return render(request, "articles/traffic.html", context, status=422 if form.is_bound else 200)
    changes = form.changes()
    context |= {"figures": form.figures, "changes": changes[:SHOWN], "more": max(0, len(changes) - SHOWN)}
    context |= {"count": len(changes), "same": len(form.figures.readers) - len(changes)}
    context |= {"faults": form.figures.faults[:SHOWN], "more_faults": max(0, len(form.figures.faults) - SHOWN)}
    return render(request, "articles/traffic_preview.html", context | {"plan": form.signed(request.user)})


@require_POST
@policy(may_sort_articles)
def note_traffic(request: SignedInRequest) -> HttpResponse:
    """Note what was looked at, some articles at a time. Sent twice, it changes nothing more."""
    form = NoteForm(request.POST)
    done = form.note(by=request.user)
    if done is None:
        messages.error(request, "That preview is older than a day, or not yours. Send the file again.")
        return redirect("articles:traffic")
    at, total = done
    if at < total:
        context = {"at": at, "total": total, "plan": form.cleaned_data["plan"], "section": "triage"}
        return render(request, "articles/traffic_going_on.html", context)
    messages.success(request, f"The readers of {counted(total, 'article')} are noted.")
    return redirect("reviews:triage")
