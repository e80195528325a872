"""What people type, checked before it reaches the models."""

from people.forms.declarations import ConflictForm, DisclosureForm, WithdrawForm
from people.forms.directory import EndTermForm, MailForm, ProfileForm, SearchForm, TermForm
from people.forms.invitations import AcceptForm, InviteForm

__all__ = [
    "AcceptForm",
    "ConflictForm",
    "DisclosureForm",
    "EndTermForm",
    "InviteForm",
    "MailForm",
    "ProfileForm",
    "SearchForm",
    "TermForm",
    "WithdrawForm",
]
