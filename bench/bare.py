"""What the public pages are measured against: a bare Django with the middleware that `startproject` puts in.

`/page/` returns bytes from memory; `/list/` and `/search/` make the one indexed query that such a page needs, and
return bytes from memory, too. The bytes are those that the portal’s own pages answer with.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ddx_portal.database import django_database

MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
FOLDER = Path(os.environ["BENCH_BYTES"])
BYTES = {path.stem: path.read_bytes() for path in FOLDER.glob("*.gz")}
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.sql")}


def from_memory(name: str) -> HttpResponse:
    return HttpResponse(BYTES[name], headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def page(request: HttpRequest) -> HttpResponse:
    return from_memory("page")


def after_one_query(request: HttpRequest, name: str) -> HttpResponse:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(QUERIES[name])
        cursor.fetchall()
    return from_memory(name)


if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="only-for-the-bench" * 3,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=list(MIDDLEWARE),
        ROOT_URLCONF="bench.bare",
        DATABASES={
            "default": django_database(os.environ["PUBLIC_DATABASE_URL"], pool_size=0, search_path="pub")
            | {"CONN_MAX_AGE": None}
        },
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [path("page/", page), path("<str:name>/", after_one_query)]
application = get_wsgi_application()
