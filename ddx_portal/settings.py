"""All settings, from the environment; a missing or wrong one stops the start with its name.

See ``docs/operations.md`` for the list of variables.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ddx_portal.database import django_database
from ddx_portal.environment import mailer, number, required, switch

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DDX_DATA_DIR") or BASE_DIR / "var").resolve()
SIGNING_KEY_FILE = DATA_DIR / "signing-key"  # unless DDX_SIGNING_KEY is set; read by the press alone

# --- Who we are ---------------------------------------------------------------------------------

DEBUG = switch("DDX_DEBUG", default=False)
SECRET_KEY = required("DDX_SECRET_KEY")
SITE_URL = required("DDX_SITE_URL").rstrip("/")
SITE_PARTS = urlsplit(SITE_URL)
if SITE_PARTS.scheme not in {"http", "https"} or not SITE_PARTS.hostname:
    raise ImproperlyConfigured("DDX_SITE_URL must be an address like https://ddx.example.org.")
HTTPS = SITE_PARTS.scheme == "https"
ALLOWED_HOSTS = (os.environ.get("DDX_ALLOWED_HOSTS") or SITE_PARTS.hostname).split(",")
SURFACE = os.environ.get("DDX_SURFACE") or "all"
if SURFACE not in {"all", "public", "staff"}:
    raise ImproperlyConfigured("DDX_SURFACE must be all, public or staff.")
HAS_DESK = SURFACE != "public"
HAS_PUBLIC_PAGES = SURFACE != "staff"

# --- Policy of the editorial office ---------------------------------------------------------------

APPROVALS_REQUIRED = number("APPROVALS_REQUIRED", 2)
REVIEW_INTERVAL_MONTHS = number("REVIEW_INTERVAL_MONTHS", 12)
TRIAGE_DAYS = number("TRIAGE_DAYS", 3)
ANSWER_DAYS = number("ANSWER_DAYS", 7)
REVIEW_DAYS = number("REVIEW_DAYS", 21)
SILENCE_DAYS = number("SILENCE_DAYS", 3)  # after the day for an answer, until the next reviewer in line is asked
REVISION_DAYS = number("REVISION_DAYS", 30)
MONTHLY_REVIEWS = number("MONTHLY_REVIEWS", 8)  # that a reviewer is asked for in a month, unless they say otherwise
REQUIRE_SECOND_FACTOR = switch("REQUIRE_SECOND_FACTOR", default=True)
LETTER_DAYS = number("LETTER_DAYS", 7)  # until an editor has dealt with a reader's letter; a dangerous one has a day
LETTER_ADDRESS_DAYS = number("LETTER_ADDRESS_DAYS", 30)  # that a reader's address is kept once the letter is closed
LETTER_ADDRESS_MOST_DAYS = number("LETTER_ADDRESS_MOST_DAYS", 365)  # and at most, whatever became of the letter
LETTER_WORDS_DAYS = number("LETTER_WORDS_DAYS", 365)  # that its words are kept once it is closed
CONTENT_LICENSE = os.environ.get("CONTENT_LICENSE") or "all-rights-reserved"  # see publications/licences.py
QUESTION_RANKING = os.environ.get("QUESTION_RANKING") or "full-text"  # hybrid: by meaning too, see docs/questions.md
DIGEST_HOUR = number("DIGEST_HOUR", 6)  # UTC
MAIL_GATHER_SECONDS = number("MAIL_GATHER_SECONDS", 60)  # how long an invitation waits for others to the same person
if not 1 <= APPROVALS_REQUIRED <= 20:
    raise ImproperlyConfigured("APPROVALS_REQUIRED must be between 1 and 20.")
if not 1 <= LETTER_DAYS <= 60:
    raise ImproperlyConfigured("LETTER_DAYS must be between 1 and 60.")
if QUESTION_RANKING not in {"full-text", "hybrid"}:
    raise ImproperlyConfigured("QUESTION_RANKING must be full-text or hybrid.")
if DIGEST_HOUR > 23:
    raise ImproperlyConfigured("DIGEST_HOUR must be between 0 and 23.")

# --- Rooms ----------------------------------------------------------------------------------------

DESK_APPS = ["allauth", "allauth.account", "allauth.mfa"] if HAS_DESK else []
INSTALLED_APPS = [
    "ddx_portal",
    "reviews",
    "articles",
    "publications",
    "ledger",
    "people",
    *DESK_APPS,
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
ROOT_URLCONF = "ddx_portal.urls"
WSGI_APPLICATION = "ddx_portal.wsgi.application"
AUTH_USER_MODEL = "people.User"


def middleware(*, desk: bool) -> list[str]:
    """Return the middleware; a public process knows no session, no user and no sign-in."""
    layers = {
        "django.middleware.security.SecurityMiddleware": True,
        "ddx_portal.middleware.resource_policy": True,
        "django.middleware.csp.ContentSecurityPolicyMiddleware": True,
        "django_permissions_policy.PermissionsPolicyMiddleware": True,
        "django.middleware.clickjacking.XFrameOptionsMiddleware": True,
        "whitenoise.middleware.WhiteNoiseMiddleware": True,
        "ddx_portal.middleware.body_limit": True,
        "ddx_portal.middleware.private_pages": desk,
        "django.contrib.sessions.middleware.SessionMiddleware": desk,
        "django.middleware.common.CommonMiddleware": True,
        "django.middleware.csrf.CsrfViewMiddleware": True,
        "django.contrib.auth.middleware.AuthenticationMiddleware": desk,
        "people.middleware.SignInMiddleware": desk,
        "django.contrib.messages.middleware.MessageMiddleware": desk,
        "people.middleware.page_where_only_forms_go": desk,
        "allauth.account.middleware.AccountMiddleware": desk,
        "people.middleware.SecondFactorMiddleware": desk,
    }
    return [name for name, wanted in layers.items() if wanted]


MIDDLEWARE = middleware(desk=HAS_DESK)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database: `default` is this process's own login, `public` reads the schema `pub` and nothing else ---

POOL_SIZE = number("DDX_DATABASE_POOL", 4)
PUBLIC_DATABASE_URL = required("PUBLIC_DATABASE_URL")
DATABASE_URL = required("DATABASE_URL") if HAS_DESK else PUBLIC_DATABASE_URL
DATABASES = {
    "default": django_database(DATABASE_URL, pool_size=POOL_SIZE),
    "public": django_database(PUBLIC_DATABASE_URL, pool_size=POOL_SIZE, search_path="pub"),
}
# Where readers' letters are taken: the public login on the primary, when the pages are read from a replica.
PUBLIC_INBOX_URL = os.environ.get("PUBLIC_INBOX_URL") or PUBLIC_DATABASE_URL
INBOX = "public" if PUBLIC_INBOX_URL == PUBLIC_DATABASE_URL else "inbox"
if INBOX == "inbox":
    DATABASES[INBOX] = django_database(PUBLIC_INBOX_URL, pool_size=POOL_SIZE, search_path="pub")
DATABASE_ROUTERS = ["ddx_portal.routers.PublicLogin"]
DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
PROCESS_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": DATABASE_CACHE if HAS_DESK else PROCESS_CACHE}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

PAGES_IN_MEMORY = number("DDX_PAGES_IN_MEMORY", 64)  # megabytes of ready public pages, a thread

# --- Sign-in --------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation that came by e-mail
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address is added, put first or removed
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds that a fresh sign-in counts as fresh
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,60/5m/ip"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_PARTS.scheme
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "DDx Portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_REAUTHENTICATION_REQUIRED = True

# --- Mail: a folder or an SMTP server ---------------------------------------------------------------

MAILERS = {"default": mailer(os.environ.get("DDX_MAIL_URL") or (DATA_DIR / "mail").as_uri())}
DEFAULT_FROM_EMAIL = os.environ.get("DDX_MAIL_FROM") or f"DDx Portal <portal@{SITE_PARTS.hostname}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- What every response says to the browser --------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 12 * 60 * 60
TRUSTED_PROXIES = number("DDX_TRUSTED_PROXIES", 0)  # how many proxies of ours stand in front
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
MAX_BODY_BYTES = 12 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES  # a form answers what is too long, with the text kept
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000  # many articles at once
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a full article in the editor has about two thousand

# --- Files, words, clock, log -----------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ddx_portal.storage.StaticFiles"},
}
LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
