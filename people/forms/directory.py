"""Forms about a person: search, profile, terms of office."""

from datetime import timedelta
from typing import Any, override

from django import forms
from django.db import transaction

from people import orcid
from people.forms.fields import Line, Prose
from people.models import BoardProfile, BoardTerm, Pace, Role, User
from people.models.board import TERM_YEARS, years_after
from people.rules import RuleBroken, single_line, today
from people.specialties import MedicalSpecialty


def day_field(label: str, help_text: str = "") -> forms.DateField:
    """A date, as the browser's own date field writes it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class SearchForm(forms.Form):
    """Words and a role to find people by; what is not understood finds everybody."""

    q = forms.CharField(label="Name, e-mail or institution", max_length=200, required=False)
    role = forms.ChoiceField(label="Role", choices=[("", "Any role"), *Role.choices], required=False)

    def found(self) -> Any:
        """The people that fit."""
        asked = self.cleaned_data if self.is_valid() else {}
        people = User.objects.matching(asked.get("q", ""))
        return people.with_role(asked["role"]) if asked.get("role") else people


class ProfileForm(forms.ModelForm[BoardProfile]):
    """Name, credentials and the rest of what stands beside a person's work."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    specialties = forms.MultipleChoiceField(
        label="Specialties",
        choices=MedicalSpecialty.by_label(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Articles are matched to board members by these.",
    )
    orcid = forms.CharField(
        label="ORCID",
        max_length=60,
        required=False,
        help_text="Sixteen digits, for example 0000-0002-1825-0097. Shown as self-asserted.",
    )

    class Meta:
        model = BoardProfile
        fields = ("credentials", "job_title", "institution", "specialties", "orcid", "bio")
        field_classes = {"credentials": Line, "job_title": Line, "institution": Line, "bio": Prose}
        labels = {"job_title": "Job title", "bio": "About you"}
        help_texts = {
            "credentials": "As you write them after your name, for example MD, PhD.",
            "bio": "A few sentences for readers: training, practice, interests.",
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 5})}

    field_order = ("name", "credentials", "job_title", "institution", "specialties", "orcid", "bio")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        kwargs["instance"] = BoardProfile.objects.filter(user=person).first() or BoardProfile(user=person)
        kwargs.setdefault("initial", {"name": person.name})
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """On one line."""
        name = single_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Enter a name.")
        return name

    def clean_orcid(self) -> str:
        """Written in groups of four, with the right check digit, and nobody else's."""
        text = orcid.normalise(self.cleaned_data["orcid"])
        if not text:
            return ""
        orcid.validate(text)
        if BoardProfile.objects.filter(orcid=text).exclude(user=self.person).exists():
            raise forms.ValidationError("Somebody else has this ORCID.")
        return text

    @override
    @transaction.atomic
    def save(self, commit: bool = True) -> BoardProfile:
        """Save the name, and the profile under an address of its own."""
        profile = BoardProfile.objects.draft_for(self.person)
        for field in self._meta.fields or ():
            setattr(profile, field, self.cleaned_data[field])
        profile.save(update_fields=self._meta.fields)
        self.person.name = self.cleaned_data["name"]
        self.person.save(update_fields=["name"])
        return profile


class MailForm(forms.ModelForm[User]):
    """How often somebody wants mail."""

    mail_pace = forms.ChoiceField(
        label="Mail about articles and reviews",
        choices=[
            (Pace.DAILY, "Once a day: one mail with everything that is still true by then, or none"),
            (Pace.AS_IT_HAPPENS, "As it happens: a mail each time"),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ("mail_pace",)


class TermForm(forms.Form):
    """A new term on the board."""

    starts_on = day_field("First day")
    ends_on = day_field("Last day", f"At most {TERM_YEARS} years after the first.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = today()
        kwargs.setdefault(
            "initial", {"starts_on": first, "ends_on": years_after(first, TERM_YEARS) - timedelta(days=1)}
        )
        super().__init__(*args, **kwargs)

    def add_to(self, person: User, *, by: User) -> bool:
        """Add the term; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return False
        profile = BoardProfile.objects.draft_for(person)
        try:
            profile.add_term(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"], by=by)
        except RuleBroken as broken:
            self.add_error(None, str(broken))
            return False
        return True


class EndTermForm(forms.Form):
    """The day on which a term ends early."""

    on = day_field("Ends on", "From this day on the member can no longer review.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today()})
        super().__init__(*args, **kwargs)

    def end(self, term: BoardTerm, *, by: User) -> bool:
        """End the term; a broken rule becomes an error of the form."""
        if not self.is_valid():
            return False
        try:
            term.end_early(self.cleaned_data["on"], by=by)
        except RuleBroken as broken:
            self.add_error("on", str(broken))
            return False
        return True
