"""What the author's pages, which belong to a lower room, tell of the findings."""

from typing import Any

from django import template

from articles.models import Version
from reviews.talk import unanswered as say_unanswered

register = template.Library()


@register.simple_tag(takes_context=True)
def unanswered(context: dict[str, Any], version: Version) -> str:
    """How many findings the author of a draft has not answered, in words; "" for none, and for who need not know."""
    return say_unanswered(context["request"].user, version)
