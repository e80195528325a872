"""The portal's settings for tests, mypy and the linters: complete without an environment.

The database addresses stand for nothing until `tests/conftest.py` points them at the worker's own database.
"""

import os
from pathlib import Path

DATA_DIR = Path(__file__).resolve().parent.parent / "var" / "test"
os.environ.update(
    DDX_SECRET_KEY="only-for-tests-" * 5,
    DDX_SITE_URL="http://testserver",
    DDX_ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    DDX_SURFACE="all",
    DDX_DEBUG="0",
    DDX_DATA_DIR=os.environ.get("DDX_TEST_DATA_DIR", str(DATA_DIR)),
    DDX_DATABASE_POOL="0",
    DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent",
    PUBLIC_DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent",
    DDX_MAIL_URL="file:///nonexistent",
    APPROVALS_REQUIRED="2",
    REVIEW_INTERVAL_MONTHS="12",
    REQUIRE_SECOND_FACTOR="0",
    MAIL_GATHER_SECONDS="0",
)

from ddx_portal.settings import *  # noqa: E402, F403
from ddx_portal.settings import STATIC_ROOT  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; nobody's password is kept
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
