"""Every address, by surface: the public site, the desk, or both (`DDX_SURFACE`)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ddx_portal import gallery, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.HAS_PUBLIC_PAGES:
    urlpatterns += [path("api/", include("publications.api.urls")), path("", include("publications.urls"))]

if settings.HAS_DESK:
    urlpatterns += [
        path("accounts/", include("people.account_urls")),
        path("desk/gallery/", gallery.gallery, name="gallery"),
        path("desk/people/", include("people.urls")),
        path("desk/ledger/", include("ledger.urls")),
        path("desk/outbox/", include("reviews.outbox_urls")),
        path("desk/letters/", include("reviews.letter_urls")),
        path("desk/", include("reviews.urls")),
        path("desk/", include("articles.urls")),
    ]

handler404 = "publications.pages.not_found"
