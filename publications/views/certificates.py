"""The page that says whether a certificate is ours."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.board.certificates import Certificate
from publications.pages import page, public_page


@public_page
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """What the certificate of this code says; whatever was not issued here looks like nothing."""
    found = Certificate.read(code)
    if found is None:
        raise Http404
    return page(request, "publications/certificate.html", {"certificate": found}, tag=code, indexed=False)
