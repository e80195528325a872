"""What editors keep of the public site: the policies."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from content.runs import runs
from people.permissions import may_keep_site
from people.policy import SignedInRequest, policy
from people.views import posted
from publications.policies import Policy, to_html
from reviews.forms.policies import NewPolicyForm, PolicyForm, TakeBackForm

SECTION = {"section": "site"}


@require_http_methods(["GET"])
@policy(may_keep_site)
def site(request: SignedInRequest) -> HttpResponse:
    """Everything that is kept here."""
    return render(request, "reviews/site.html", SECTION | {"policies": list(Policy.objects.newest())})


@require_http_methods(["GET", "POST"])
@policy(may_keep_site)
def new_policy(request: SignedInRequest) -> HttpResponse:
    """Write a policy that there was not before."""
    form = NewPolicyForm(posted(request), policy=Policy(name="", number=0))
    return _write(request, form)


@require_http_methods(["GET", "POST"])
@policy(may_keep_site)
def edit_policy(request: SignedInRequest, name: str) -> HttpResponse:
    """Write the next version of a policy."""
    return _write(request, PolicyForm(posted(request), policy=_latest(name)))


@require_http_methods(["GET", "POST"])
@policy(may_keep_site)
def take_back_policy(request: SignedInRequest, name: str) -> HttpResponse:
    """Take a policy back, with a reason that readers see."""
    latest = _latest(name)
    if not latest.may_be_withdrawn:
        raise PermissionDenied("Other pages link to this policy. Change it instead.")
    form = TakeBackForm(posted(request), policy=latest)
    if form.is_bound and form.take_back(by=request.user):
        messages.success(request, f"“{latest.title}” is no longer in force. Its versions stay readable.")
        return redirect("reviews:site")
    context = SECTION | {"form": form, "policy": latest, "theirs": _theirs(form) if form.came_too_late else None}
    return render(request, "reviews/take_back_policy.html", context, status=form.status if form.errors else 200)


def _write(request: SignedInRequest, form: PolicyForm) -> HttpResponse:
    wants_preview = "preview" in request.POST
    if form.is_bound and form.is_valid() and not wants_preview and form.publish(by=request.user):
        messages.success(request, f"“{form.cleaned_data['title']}” is in force now.")
        return redirect("publications:policy", form.policy.name)
    context = SECTION | {"form": form, "policy": form.policy, "is_new": not form.policy.number}
    if form.came_too_late:
        context |= _beside(form)
    elif wants_preview and form.is_valid():
        context["preview"] = to_html(form.cleaned_data["body"])
    return render(request, "reviews/policy.html", context, status=form.status if form.errors else 200)


def _beside(form: PolicyForm) -> dict[str, object]:
    """The version that somebody else has published, compared with what was typed."""
    theirs = _theirs(form)
    return {"theirs": theirs, "runs": runs(theirs.body, form.cleaned_data["body"])}


def _theirs(form: PolicyForm | TakeBackForm) -> Policy:
    """The version that somebody else has published; the next attempt is based on it."""
    latest = _latest(form.policy.name)
    form.see_anew(based_on=str(latest.number))
    return latest


def _latest(name: str) -> Policy:
    found = Policy.objects.versions(name).first()
    if found is None:
        raise Http404
    return found
