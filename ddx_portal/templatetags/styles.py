"""The links to the styles of every page: one where the static files have been collected, else one a component."""

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ddx_portal.storage import FOLDED, PRINT_STYLES, STYLES

register = template.Library()


@register.simple_tag
def stylesheets() -> SafeString:
    """What every page looks like, on the screen and on paper."""
    if FOLDED in getattr(staticfiles_storage, "hashed_files", ()) and not settings.DEBUG:
        return format_html('<link rel="stylesheet" href="{}">', static(FOLDED))
    screen = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(name),) for name in STYLES))
    return format_html('{}\n<link rel="stylesheet" href="{}" media="print">', screen, static(PRINT_STYLES))
