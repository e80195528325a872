"""The tables of this room."""

from people.models.absences import Absence
from people.models.board import BoardProfile, BoardTerm
from people.models.declarations import Conflict, Disclosure
from people.models.invitations import Invitation
from people.models.messages import Message
from people.models.roles import Closure, Role, RoleGrant
from people.models.users import User
from people.states import MessageState, Pace

__all__ = [
    "Absence",
    "BoardProfile",
    "BoardTerm",
    "Closure",
    "Conflict",
    "Disclosure",
    "Invitation",
    "Message",
    "MessageState",
    "Pace",
    "Role",
    "RoleGrant",
    "User",
]
