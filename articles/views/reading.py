"""What a draft will look like, and its text to take away."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.forms.draft import DraftForm
from articles.models import Version
from articles.printing import to_published_format
from articles.views.getters import editable_version, visible_version
from content.markdown import to_html
from content.schema import Content
from people.permissions import may_create_article
from people.policy import SignedInRequest, checked_inside, policy
from publications.contents import contents
from publications.render import render_body

LONGEST_PREVIEW = 20_000


@require_http_methods(["GET"])
@checked_inside(visible_version)
def preview(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The page as readers would see it, under the caution; what was public has pages of its own."""
    version = visible_version(request, article_id, number)
    if version.was_public:
        return redirect(version)
    context = {"publication": as_readers_see(version, version.document), "version": version}
    context |= {"version_url": version.get_absolute_url(), "section": "articles"}
    return render(request, "articles/preview.html", context)


@require_POST
@checked_inside(editable_version)
def preview_pane(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The same of what is typed and not yet saved: a part of the editor's page."""
    version = editable_version(request, article_id, number)
    form = DraftForm(version, request.POST)
    content = form.content
    shown = content and as_readers_see(version, content)
    return render(request, "articles/_preview_pane.html", {"publication": shown, "draft": form})


@require_POST
@policy(may_create_article)
def markdown(request: SignedInRequest) -> HttpResponse:
    """One text as readers would see it. `field` in the address names what to read of the form."""
    text = request.POST.get(request.GET.get("field", ""), "")[:LONGEST_PREVIEW]
    return HttpResponse(to_html(text) or "<p>Nothing is written here yet.</p>")


@require_GET
@checked_inside(visible_version)
def text(request: SignedInRequest, article_id: int, number: int) -> HttpResponse:
    """The version in the published format, as a file."""
    version = visible_version(request, article_id, number)
    name = f"{slugify(version.title)[:80] or 'article'}-v{version.number}.md"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    body = to_published_format(version.document)
    return HttpResponse(body, content_type="text/markdown; charset=utf-8", headers=headers)


def as_readers_see(version: Version, content: Content) -> SimpleNamespace:
    """What `publications/_article_frame.html` shows of a text that is not published."""
    return SimpleNamespace(
        title=content.title,
        number=version.number,
        state=version.state,
        submitted_at=version.submitted_at,
        review_started_at=version.review_started_at,
        approved_at=None,
        body_html=render_body(content, is_preview=True),
        contents=contents(content),
        notices=[],
    )
