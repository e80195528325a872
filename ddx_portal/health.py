"""What a load balancer asks: is the process alive, and can it do its work."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ddx_portal.routers import PUBLIC
from people.policy import public


@public
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process answers at all."""
    return answer("ok", status=200)


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when both database logins of this process can be used, else 503 without the reason. A public process
    goes on without the primary that takes letters.
    """
    try:
        for login in (DEFAULT_DB_ALIAS, PUBLIC):
            with connections[login].cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        return answer("not ready", status=503)
    return answer("ok", status=200)


def answer(word: str, *, status: int) -> HttpResponse:
    """Return one word that nobody may cache."""
    return HttpResponse(word, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
