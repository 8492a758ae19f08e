"""Django settings, made from the typed configuration of ``tirek.config``."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tirek.cli import embedded
from tirek.config import config
from tirek.core.database.patience import PatientConnection
from tirek.core.service.door import BESIDE_PAGES

CONFIG = config()
BASE_DIR = Path(__file__).resolve().parent
DEMO = CONFIG.demo
DEBUG = False
SECRET_KEY = CONFIG.secret_key.get_secret_value()
# what was made with an earlier secret still holds
SECRET_KEY_FALLBACKS = CONFIG.fallbacks
ALLOWED_HOSTS = CONFIG.hosts or ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "tirek.urls"
WSGI_APPLICATION = "tirek.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

INSTALLED_APPS = [
    # ours first: where a library has the same words, the translation is ours
    "tirek.core",
    "tirek.ui",
    "tirek.accounts",
    "tirek.territory",
    "tirek.notices",
    "tirek.files",
    "tirek.status",
    "tirek.people",
    "tirek.organisations",
    "tirek.correspondence",
    "tirek.suppliers",
    "tirek.catalogue",
    "tirek.entitlements",
    "tirek.demand",
    "tirek.orders",
    "tirek.prepared",
    "tirek.letters",
    "tirek.aftercare",
    "tirek.reimbursements",
    "tirek.procurement",
    "tirek.parts",
    "tirek.insight",
    "tirek.desks",
    "tirek.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "tirek.core.service.headers.PermissionsMiddleware",
    "tirek.core.service.admission.AdmissionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "tirek.core.service.headers.SteadySessionMiddleware",
    "tirek.site.answers.AnswerMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tirek.site.middleware.ActorMiddleware",
    "tirek.site.middleware.DomainErrorMiddleware",
    "tirek.site.preview_middleware.PreviewMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tirek.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tirek.ui.context.page",
            ],
        },
    },
]
FORM_RENDERER = "tirek.ui.renderer.GovukRenderer"


# a wait for a lock ends as the domain error Busy, never as a hanging page
SERVING_WAITS = "-c lock_timeout=4000 -c statement_timeout=20000 -c idle_in_transaction_session_timeout=60000"
# whoever changes tables gives way to those who use them, but may take long
OWNER_WAITS = "-c lock_timeout=8000"


# who waits longer for a connection is told to come back; health has its own
POOL = {"connection_class": PatientConnection, "min_size": 1, "timeout": 5, "reconnect_timeout": 5}


def database(url: str, *, waits: str, pool: int) -> dict[str, Any]:
    """Django's database dictionary for a ``postgresql://`` address, with health checks and bounded waits.

    Args:
        url: the address.
        waits: PostgreSQL settings of each session.
        pool: connections kept at most; 0: none is kept.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "connect_timeout": 5,
            # a network that swallows what is sent is noticed within seconds
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            # what a connection has asked a few times is not planned anew; a pooler between must know prepared
            # statements (PgBouncer 1.21)
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": waits,
            # a short reconnect_timeout: after an outage the pause before the next try does not grow to minutes
            **({"pool": {**POOL, "max_size": pool}} if pool else {}),
        },
    }


SERVING_URL = CONFIG.database_url.get_secret_value() or embedded.address(CONFIG.var)
OWNER_URL = CONFIG.database_owner_url.get_secret_value() or embedded.address(CONFIG.var, embedded.OWNER)
DATABASES = {
    "default": database(
        SERVING_URL, waits=SERVING_WAITS, pool=CONFIG.database_pool and CONFIG.database_pool + BESIDE_PAGES
    )
}
# only `tirek migrate` works as the owner of the tables
TIREK_OWNER_DATABASE = database(OWNER_URL, waits=OWNER_WAITS, pool=0)

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # beyond this many entries some are thrown away; nothing that must last is kept here
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
SESSION_ENGINE = "tirek.core.database.session_store"
# by this beginning of its name a browser takes a cookie from this host alone, over HTTPS
COOKIE_PREFIX = "__Host-" if CONFIG.https else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}tirek_session"
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
# however busy it is, a session ends after a day at work
TIREK_LONGEST_SESSION = timedelta(hours=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CONFIG.https
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}tirek_csrf"
CSRF_COOKIE_SECURE = CONFIG.https
CSRF_COOKIE_HTTPONLY = False  # the page's own script sends it with a queued submission
CSRF_FAILURE_VIEW = "tirek.site.views.public.csrf_failure"
SECURE_SSL_REDIRECT = CONFIG.https
SECURE_REDIRECT_EXEMPT = [r"^health(/web)?$"]  # a load balancer asks over plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# believed only where a proxy of ours writes it: without one, whoever asks would write it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

AUTHENTICATION_BACKENDS = ["tirek.accounts.backends.IdentityBackend"]
PASSWORD_HASHERS = ["tirek.accounts.hashers.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "iin")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
# django-allauth lends us its second factors; its pages and addresses are not used (docs/adr/0002-sign-in.md)
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
MFA_ADAPTER = "tirek.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "tirek_language"
LOCALE_PATHS: list[Path] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
FORMAT_MODULE_PATH = ["tirek.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.var / "static"
STORAGES = {
    "default": {"BACKEND": "tirek.files.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

EMAIL_HOST = CONFIG.smtp_host
EMAIL_PORT = CONFIG.smtp_port
EMAIL_HOST_USER = CONFIG.smtp_user
EMAIL_HOST_PASSWORD = CONFIG.smtp_password.get_secret_value()
EMAIL_USE_TLS = CONFIG.smtp_security == "starttls"
EMAIL_USE_SSL = CONFIG.smtp_security == "tls"
EMAIL_TIMEOUT = 10
TIREK_SMS_URL = CONFIG.sms_url
TIREK_SMS_TOKEN = CONFIG.sms_token.get_secret_value()
TIREK_CONTACT_EMAIL = CONFIG.contact_email or ("help@tirek.example" if DEMO else "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail_from

# What lower floors call without knowing who answers (dotted paths, resolved at run time)
TIREK_NOTICE_CHANNELS = CONFIG.notice_channels
TIREK_MESSAGE_SENDER = "tirek.notices.channels.send_now"
TIREK_OFFICERS_AT_WORK = "tirek.organisations.queries.officers_at_work"
TIREK_MAY_ACT_FOR = "tirek.people.queries.acts_for"
TIREK_FOLLOWS = "tirek.people.queries.follows"
TIREK_SITE_NAME = _("Tirek")

# What signing in knows of the network
TIREK_PROXIES = CONFIG.proxies
TIREK_IIN_OF_FOREIGNERS = CONFIG.iin_of_foreigners
TIREK_COUNTER_NETWORKS = tuple(CONFIG.counter_networks)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tirek.core.service.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": CONFIG.log_level},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # it tells of every job and its arguments
}
