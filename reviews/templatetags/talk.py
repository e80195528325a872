"""What the author's pages, which belong to a lower room, tell of the findings."""

from typing import Any

from django import template

from articles.models import Version

register = template.Library()


@register.simple_tag(takes_context=True)
def unanswered(context: dict[str, Any], version: Version) -> str:
    """How many findings the author of a draft has not answered, in words; "" for none, and for who need not know."""
    from reviews.talk import unanswered as say_unanswered  # the public surface loads this file, and has no sign-in

    return say_unanswered(context["request"].user, version)
