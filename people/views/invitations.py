"""Inviting people, and accepting."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from people.accounts import sign_in
from people.forms.invitations import AcceptForm, InviteForm
from people.models import Invitation, User
from people.models.invitations import fourteen_days_from_now
from people.permissions import is_signed_in, may_manage_people
from people.policy import SignedInRequest, policy, public
from people.views import posted, tell_whether


@require_http_methods(["GET", "POST"])
@policy(may_manage_people)
def invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(posted(request))
    if request.method == "POST" and (invitation := form.send(by=request.user)):
        messages.success(request, f"Invitation to {invitation.email} is on its way. It is good for 14 days.")
        return redirect("people:list")
    return render(request, "people/invite.html", {"form": form, "section": "people"})


@require_POST
@policy(may_manage_people)
def cancel_invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make an invitation void."""
    invitation = get_object_or_404(Invitation, pk=pk)
    done = f"The invitation to {invitation.email} is cancelled."
    tell_whether(request, lambda: invitation.cancel(by=request.user), done)
    return redirect("people:list")


@require_POST
@policy(may_manage_people)
def resend_invitation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send an invitation again, with a new address."""
    invitation = get_object_or_404(Invitation, pk=pk)
    until = timezone.localdate(fourteen_days_from_now())
    done = f"{invitation.email} is invited again by e-mail and can accept until {until.day} {until:%b %Y}."
    tell_whether(request, lambda: invitation.renew(by=request.user), f"{done} The link in the older mail is void.")
    return redirect("people:list")


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
@public
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the address in the mail opens: a new account, or new roles for an old one."""
    invitation = Invitation.objects.with_token(token)
    if invitation is None:
        return render(request, "people/invitation_void.html", status=404)
    known = User.objects.with_email(invitation.email)
    if known is not None:
        return _accept_as(request, invitation, known)
    form = AcceptForm(posted(request), invitation=invitation)
    if request.method == "POST" and (user := form.open_account()):
        sign_in(request, user)
        messages.success(request, "Welcome. Complete your profile and declare your interests before you begin.")
        return redirect("people:me")
    return render(request, "people/accept.html", {"form": form, "invitation": invitation})


def _accept_as(request: HttpRequest, invitation: Invitation, known: User) -> HttpResponse:
    """Somebody who has an account accepts while signed in with it."""
    is_known = is_signed_in(request.user) and request.user.pk == known.pk
    if request.method == "POST" and is_known:
        tell_whether(request, lambda: invitation.accept(by=known), "Your new roles are in force.")
        return redirect("people:me")
    return render(request, "people/accept_as.html", {"invitation": invitation, "is_known": is_known})
