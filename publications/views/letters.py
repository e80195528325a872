"""What readers send to the editors about an article: that something is wrong, or a question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from publications.letters.forms import LetterForm, QuestionForm, ReportForm
from publications.letters.inbox import NotTaken, send_letter, sender_of
from publications.models import Publication
from publications.pages import page
from publications.questions.reading import read
from publications.sending import answer_form, public_form
from publications.views.questions import emergency


@public_form
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a problem with the current text."""
    return _letter(request, get_object_or_404(Publication.objects.page(slug)), ReportForm)


@public_form
def version_report(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same of a version that was approved once."""
    return _letter(request, get_object_or_404(Publication.objects.edition(slug, number)), ReportForm)


@public_form
def send_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a question to the editors, also one that the box under the article passes on. Nobody waits days for the
    answer to an emergency: it gets its card here, too.
    """
    if card := read(request.POST.get("words", "")).card:
        return emergency(request, slug, card)
    return _letter(request, get_object_or_404(Publication.objects.page(slug)), QuestionForm)


def _letter(request: HttpRequest, publication: Publication, kind: type[LetterForm]) -> HttpResponse:
    """The form; or what became of what was sent. Only the form's own button sends: `send` says that it was pressed.

    The text of a retracted version is kept as it was signed, with the links that lead here: there is the notice.
    """
    if publication.is_retracted:
        return answer_form("publications/retracted.html", {"publication": publication}, status=410)
    context = {"publication": publication, "is_report": kind is ReportForm}
    if request.method != "POST":
        form = kind(publication=publication, initial={"diagnosis": request.GET.get("diagnosis", "")})
        return page(request, "publications/letter.html", context | {"form": form}, indexed=False)
    if "send" not in request.POST:
        asked = kind(publication=publication, initial={"words": request.POST.get("words", "")})
        return answer_form("publications/letter.html", context | {"form": asked})
    form = kind(request.POST, publication=publication)
    if not form.is_valid():
        return answer_form("publications/letter.html", context | {"form": form}, status=422)
    try:
        receipt = send_letter(form.sent, sender=sender_of(request))
    except NotTaken as refused:
        form.add_error(None, str(refused))
        return answer_form("publications/letter.html", context | {"form": form}, status=refused.status)
    gets_mail = bool(form.cleaned_data["address"])
    return answer_form("publications/letter_taken.html", context | {"receipt": receipt, "gets_mail": gets_mail})
