"""What people do for themselves: profile, mail, interests, conflicts."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from people.accounts import has_second_factor
from people.forms.declarations import ConflictForm, DisclosureForm, WithdrawForm
from people.forms.directory import MailForm, ProfileForm
from people.models import Conflict, Message
from people.permissions import may_enter_desk
from people.policy import SignedInRequest, checked_inside, policy
from people.views import posted


def own_standing_conflict(request: SignedInRequest, pk: int) -> Conflict:
    """One's own conflict that is not withdrawn; 404 for anybody else's."""
    return get_object_or_404(Conflict.objects.standing().select_related("person"), pk=pk, user=request.user)


@require_http_methods(["GET", "POST"])
@policy(may_enter_desk)
def me(request: SignedInRequest) -> HttpResponse:
    """One's own profile."""
    form = ProfileForm(posted(request), person=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("people:me")
    context = {
        "form": form,
        "profile": form.instance,
        "disclosure": request.user.current_disclosure(),
        "has_second_factor": has_second_factor(request.user),
        "section": "profile",
    }
    return render(request, "people/me.html", context)


@require_http_methods(["GET", "POST"])
@policy(may_enter_desk)
def mail(request: SignedInRequest) -> HttpResponse:
    """How often one wants mail."""
    form = MailForm(posted(request), instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("people:mail")
    context = {"form": form, "hour": f"{settings.DIGEST_HOUR:02}:00", "section": "profile"}
    context["waiting"] = Message.objects.for_digest().filter(person=request.user).count()
    return render(request, "people/mail.html", context)


@require_http_methods(["GET", "POST"])
@policy(may_enter_desk)
def disclosure(request: SignedInRequest) -> HttpResponse:
    """Declare interests; a renewal starts from the last answers."""
    last = request.user.disclosures.first()
    more = request.POST.get("more", "")
    form = DisclosureForm(posted(request), items=last.items if last else None, more=more)
    if request.method == "POST" and not more and (declared := form.declare(by=request.user)):
        messages.success(request, f"Declared. This is valid until {declared.valid_until:%d %b %Y}.")
        return redirect("people:me")
    context = {"form": form, "last": last, "more": more, "section": "profile"}
    return render(request, "people/disclosure.html", context)


@require_http_methods(["GET", "POST"])
@policy(may_enter_desk)
def conflicts(request: SignedInRequest) -> HttpResponse:
    """One's declared conflicts with persons, and a new one."""
    form = ConflictForm(posted(request), by=request.user)
    if request.method == "POST" and (conflict := form.declare()):
        messages.success(request, f"Declared. You will not be asked to review work of {conflict.person.display_name}.")
        return redirect("people:conflicts")
    declared = request.user.conflicts.select_related("person")
    return render(request, "people/conflicts.html", {"form": form, "conflicts": declared, "section": "profile"})


@require_http_methods(["GET", "POST"])
@checked_inside(own_standing_conflict)
def withdraw_conflict(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say why a conflict no longer holds."""
    conflict = own_standing_conflict(request, pk)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.withdraw(conflict, by=request.user):
        messages.success(request, f"The conflict with {conflict.person.display_name} is withdrawn.")
        return redirect("people:conflicts")
    context = {"form": form, "conflict": conflict, "section": "profile"}
    return render(request, "people/withdraw_conflict.html", context)
