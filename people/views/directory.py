"""Who takes part: the list, a person's page, roles, terms, opening and closing accounts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.forms.directory import EndTermForm, ProfileForm, SearchForm, TermForm
from people.models import BoardTerm, Invitation, Role, User
from people.permissions import may_manage_people, may_see_people
from people.policy import SignedInRequest, policy
from people.rules import today
from people.views import posted, tell_whether

PAGE_SIZE = 50


@require_GET
@policy(may_see_people)
def person_list(request: SignedInRequest) -> HttpResponse:
    """Everybody with an account; who is invited, for administrators."""
    form = SearchForm(request.GET)
    page = Paginator(form.found().with_standing(), PAGE_SIZE).get_page(request.GET.get("page"))
    may_manage = may_manage_people(request.user)
    waiting = Invitation.objects.pending().select_related("invited_by") if may_manage else []
    context = {"form": form, "page": page, "invitations": waiting, "may_manage": may_manage, "today": today()}
    return render(request, "people/list.html", context | {"section": "people"})


@require_GET
@policy(may_see_people)
def person_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: roles, terms, disclosure, conflicts."""
    return _person_page(request, _person(pk))


@require_http_methods(["GET", "POST"])
@policy(may_manage_people)
def edit_profile(request: SignedInRequest, pk: int) -> HttpResponse:
    """An administrator mends somebody's profile."""
    person = _person(pk)
    form = ProfileForm(posted(request), person=person)
    if form.is_valid():
        form.save()
        messages.success(request, f"Saved the profile of {person.display_name}.")
        return redirect("people:detail", person.pk)
    return render(request, "people/edit_profile.html", {"form": form, "person": person, "section": "people"})


@require_POST
@policy(may_manage_people)
def grant_role(request: SignedInRequest, pk: int, role: str) -> HttpResponse:
    """Give a role."""
    person, role = _person(pk), _role(role)
    done = f"{person.display_name} is now {Role(role).with_article}."
    return _try(request, person, lambda: person.grant(role, by=request.user), done)


@require_POST
@policy(may_manage_people)
def end_role(request: SignedInRequest, pk: int, role: str) -> HttpResponse:
    """End a role."""
    person, role = _person(pk), _role(role)
    done = f"{person.display_name} is no longer {Role(role).with_article}."
    return _try(request, person, lambda: person.end_role(role, by=request.user), done)


@require_POST
@policy(may_manage_people)
def deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close an account."""
    person = _person(pk)
    done = f"The account of {person.display_name} is closed, and every role ended."
    return _try(request, person, lambda: person.deactivate(by=request.user), done)


@require_POST
@policy(may_manage_people)
def activate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    person = _person(pk)
    done = f"The account of {person.display_name} is open again, without any role."
    return _try(request, person, lambda: person.activate(by=request.user), done)


@require_POST
@policy(may_manage_people)
def add_term(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a term on the board."""
    person = _person(pk)
    form = TermForm(request.POST)
    if form.add_to(person, by=request.user):
        messages.success(request, "Term added.")
        return redirect("people:detail", person.pk)
    return _person_page(request, person, term_form=form)


@require_http_methods(["GET", "POST"])
@policy(may_manage_people)
def end_term(request: SignedInRequest, pk: int, term_pk: int) -> HttpResponse:
    """End a term before its last day."""
    terms = BoardTerm.objects.select_related("profile__user")
    term = get_object_or_404(terms, pk=term_pk, profile__user_id=pk, ended_early_on=None)
    form = EndTermForm(posted(request))
    if request.method == "POST" and form.end(term, by=request.user):
        messages.success(request, "The term is ended.")
        return redirect("people:detail", pk)
    return render(request, "people/end_term.html", {"form": form, "term": term, "section": "people"})


def _person_page(request: SignedInRequest, person: User, *, term_form: TermForm | None = None) -> HttpResponse:
    profile = getattr(person, "board_profile", None)
    limit = profile.monthly_limit if profile else None
    context: dict[str, Any] = {
        "person": person,
        "profile": profile,
        "roles": [(role, role in person.roles) for role in Role],
        "grants": person.role_grants.select_related("granted_by", "ended_by"),
        "disclosure": person.current_disclosure(),
        "conflicts": person.conflicts.select_related("person").exclude(person=request.user),
        "absences": person.absences.to_come(),
        "monthly_limit": settings.MONTHLY_REVIEWS if limit is None else limit,
        "term_form": term_form or TermForm(),
        "may_manage": may_manage_people(request.user),
        "today": today(),
        "section": "people",
    }
    return render(request, "people/detail.html", context)


def _person(pk: int) -> User:
    return get_object_or_404(User.objects.with_standing(), pk=pk)


def _role(value: str) -> str:
    if value not in Role.values:
        raise Http404("No such role.")
    return value


def _try(request: HttpRequest, person: User, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it and say so, or say which rule forbids it; back to the person's page either way."""
    tell_whether(request, act, done)
    return redirect("people:detail", person.pk)
