"""The box for a follow-up question, and its answer: emergencies first, then refusals, then words of approved text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_post_parameters

from publications.addresses import article_url
from publications.asking import MAX_QUESTION, Answered, FollowUp, Numbers
from publications.models import Publication
from publications.pages import page
from publications.questions.emergencies import Card
from publications.questions.reading import read
from publications.sending import answer_form, public_form

ANSWER_PART = "answer"  # what a script asks for in X-Part; told in X-Answer what it got


@sensitive_post_parameters("question")
@public_form
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a question about a current text; without one, the box alone.

    What may be an emergency is told so before anything is looked up: the text may be gone, and the database too.
    """
    asked = FollowUp.read(request.POST)
    question = read(asked.words)
    if question.card:
        return emergency(request, slug, question.card)
    publication = get_object_or_404(Publication.objects.current().page(slug))
    context = {"publication": publication, "most": MAX_QUESTION}
    if request.method != "POST":
        return page(request, "publications/ask.html", context, tag=f"ask {publication.fingerprint}", indexed=False)
    answered = Answered.to(asked, question, publication)
    part = "#part" if request.headers.get("X-Part") == ANSWER_PART else ""
    return answer_form(f"publications/ask.html{part}", context | {"answered": answered})


def emergency(request: HttpRequest, slug: str, card: Card) -> HttpResponse:
    """The card as a page of its own. A script is told to go there, so that nothing else is seen."""
    numbers = Numbers.known(request.headers.get("Accept-Language", ""))
    context = {"article_url": article_url(slug), "card": card, "numbers": numbers}
    response = answer_form("publications/emergency.html", context)
    response.headers["X-Answer"] = "emergency"
    return response
