"""Forms of inviting and of accepting."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.db import IntegrityError, transaction

from people.accounts import confirm_email
from people.forms.fields import Prose
from people.models import Invitation, Role, User
from people.models.users import normalise_email
from people.rules import RuleBroken, single_line

ROLE_CHOICES = [(role.value, f"{role.label}: {role.duty}") for role in Role]


class InviteForm(forms.Form):
    """Whom to invite, to which roles, with which words."""

    email = forms.EmailField(label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label="Name", max_length=120, required=False, help_text="Can be mended on accepting.")
    roles = forms.MultipleChoiceField(label="Roles", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple)
    message = Prose(label="Message", max_length=2000, required=False, help_text="Stands in the e-mail, in your name.")

    def clean_email(self) -> str:
        """Not of a closed account."""
        email = normalise_email(self.cleaned_data["email"])
        person = User.objects.with_email(email)
        if person is not None and not person.is_active:
            raise forms.ValidationError("This person’s account is closed. Open it again on their page first.")
        return email

    def send(self, *, by: User) -> Invitation | None:
        """Record the invitation and queue its mail; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return None
        try:
            return Invitation.objects.invite(by=by, **self.cleaned_data)
        except RuleBroken as broken:
            self.add_error("email", str(broken))
            return None


class AcceptForm(forms.Form):
    """A name and a password for a new account."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A few unrelated words are easy to remember.",
    )
    again = forms.CharField(
        label="Password again",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        kwargs.setdefault("initial", {"name": invitation.name})
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """On one line."""
        name = single_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter your name.")
        return name

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and strong enough for this person."""
        typed = self.cleaned_data
        password = typed.get("password")
        if password and typed.get("again") and password != typed["again"]:
            self.add_error("again", "The two passwords differ.")
        elif password:
            self._judge(password, User(email=self.invitation.email, name=typed.get("name", "")))
        return typed

    def _judge(self, password: str, person: User) -> None:
        try:
            password_validation.validate_password(password, person)
        except forms.ValidationError as error:
            self.add_error("password", error)

    def open_account(self) -> User | None:
        """Make the account and accept in its name, both or neither; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return None
        try:
            with transaction.atomic():
                password, name = self.cleaned_data["password"], self.cleaned_data["name"]
                user = User.objects.create_user(self.invitation.email, password, name=name)
                confirm_email(user)
                self.invitation.accept(by=user)
        except (RuleBroken, IntegrityError):
            self.add_error(None, "This invitation has been used or cancelled meanwhile. Sign in, or ask for a new one.")
            return None
        return user
