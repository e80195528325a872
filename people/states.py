"""What a message can be, and how often somebody wants mail."""

from django.db import models


class Pace(models.TextChoices):
    """How often somebody wants mail about what happens."""

    DAILY = "daily", "Once a day"
    AS_IT_HAPPENS = "as_it_happens", "As it happens"


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    HELD = "held", "Held"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Not needed any more"
    FAILED = "failed", "Failed"


#: The message has been dealt with; only a person sends it again.
DONE = (MessageState.SENT, MessageState.DROPPED, MessageState.FAILED)
#: Nothing of it has gone out yet.
PENDING = (MessageState.WAITING, MessageState.HELD)
