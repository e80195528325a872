"""The box for a follow-up question, and its answer: emergencies first, then refusals, then words of approved text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_post_parameters

from publications.asking import MAX_QUESTION, Answered, FollowUp, Numbers
from publications.models import Publication
from publications.pages import page
from publications.sending import answer_form, public_form

ANSWER_PART = "answer"  # what a script asks for in X-Part; told in X-Answer what it got


@sensitive_post_parameters("question")
@public_form
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a question about a current text; without one, the box alone."""
    publication = get_object_or_404(Publication.objects.current().page(slug))
    context = {"publication": publication, "most": MAX_QUESTION}
    if request.method != "POST":
        return page(request, "publications/ask.html", context, tag=f"ask {publication.fingerprint}", indexed=False)
    answered = Answered.to(FollowUp.read(request.POST), publication)
    if answered.question.card:
        return _emergency(request, publication, answered)
    part = "#part" if request.headers.get("X-Part") == ANSWER_PART else ""
    return answer_form(f"publications/ask.html{part}", context | {"answered": answered})


def _emergency(request: HttpRequest, publication: Publication, answered: Answered) -> HttpResponse:
    """The card as a page of its own. A script is told to go there, so that nothing else is seen."""
    numbers = Numbers.known(request.headers.get("Accept-Language", ""))
    context = {"publication": publication, "card": answered.question.card, "numbers": numbers}
    response = answer_form("publications/emergency.html", context)
    response.headers["X-Answer"] = "emergency"
    return response
