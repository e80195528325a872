"""The WSGI application that the web server runs."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ddx_portal.settings")

application: WSGIApplication = get_wsgi_application()

if settings.HAS_PUBLIC_PAGES:
    from publications.ready.front import Front

    application = Front(application, settings.PUBLIC_DATABASE_URL, megabytes=settings.PAGES_IN_MEMORY)
