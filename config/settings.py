"""Settings, all from the environment; `.env.example` names every one.

Two ways to run: *embedded* (the default: SQLite, a broker without a server, a secret made on the
first start) and *production* (`PRODUCTION=1`: everything explicit, weak settings stop the start).
"""

import os
from pathlib import Path
from typing import Any

import environ
from whitenoise.compress import Compressor

from config.mail_provider import provider_settings
from config.secrets import local_secret, require_production_settings
from core.embedded import embedded_broker_options

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(str(BASE_DIR / ".env"))

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

PRODUCTION: bool = env.bool("PRODUCTION", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
if PRODUCTION:
    require_production_settings(os.environ, debug=DEBUG)

SECRET_KEY: str = env.str("SECRET_KEY", default="") or local_secret(VAR_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
OUTGOING_ALLOWED: list[str] = env.list("OUTGOING_ALLOWED", default=[])
PORT: int = env.int("PORT", default=8000)
# For so many months every day's inputs of scores are kept, after that those of month ends.
HEALTH_INPUT_MONTHS: int = env.int("HEALTH_INPUT_MONTHS", default=13)
SITE_URL: str = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = [SITE_URL] if SITE_URL.startswith("https://") else []
HTTPS = SITE_URL.startswith("https://")

TIME_ZONE: str = env.str("TIME_ZONE", default="America/Sao_Paulo")
USE_TZ = True
LANGUAGE_CODE: str = env.str("LANGUAGE_CODE", default="pt-br")
LANGUAGES = [("pt-br", "Português (Brasil)"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
CURRENCY: str = env.str("CURRENCY", default="BRL")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "accounts",
    "customers",
    "surveys",
    "metrics",
    "playbooks",
    "ingest",
    "workspace",
    "config",
]

MIDDLEWARE = [
    "config.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.DeclaredPermissionMiddleware",
    "accounts.api_front.ApiFrontMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workspace.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.zelo",
            ],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'zelo.sqlite3'}")
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
            ),
        }
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL's just-in-time compiler takes longer over our statements than they do. A page out of order is hardly
    # dearer than the next one on solid-state disks; taken for four times as dear, whole tables are read for one day.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off -c random_page_cost=1.1")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL: str = env.str("CACHE_URL", default="")
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignupAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.ClosedSocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation that was opened has verified the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes us write to a stranger
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Zelo"
OIDC_SERVER_URL: str = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "EMAIL_AUTHENTICATION": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": env.str("OIDC_NAME", default="SSO"),
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_PROVIDER: str = env.str("EMAIL_PROVIDER", default="").lower()  # a provider of django-anymail
ANYMAIL: dict[str, Any] = provider_settings(os.environ)
EMAIL_FILE_PATH = str(VAR_DIR / "outbox")
if EMAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{EMAIL_PROVIDER}.EmailBackend"
elif EMAIL_URL:
    globals().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "core.local_outbox.EmailBackend"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Zelo <zelo@localhost>")

# --- Celery: the broker is only a doorbell -------------------------------------------------------
BROKER_URL: str = env.str("BROKER_URL", default="")
CELERY_BROKER_URL = BROKER_URL or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"visibility_timeout": 3600} if BROKER_URL else embedded_broker_options(VAR_DIR)
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1700
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "config.tasks.sweep", "schedule": 60.0},
    "nights": {"task": "config.tasks.open_nights", "schedule": 300.0},
    "stale-days": {"task": "config.tasks.refill_stale", "schedule": 3600.0},
}

# --- Files and static ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = str(BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = str(VAR_DIR / "media")
EXPORT_DIR: str = env.str("EXPORT_DIR", default="")  # where each night's full export goes; "" writes none
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Security ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # whose X-Forwarded-For the limits on signing in go by

# --- Watching over it: both are closed until they have a token ------------------------------------
STATUS_TOKEN: str = env.str("STATUS_TOKEN", default="")
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")

# --- API -----------------------------------------------------------------------------------------
# Calls a minute that one token may make; to views that take in data, and to all others.
API_CALLS_PER_MINUTE: int = env.int("API_CALLS_PER_MINUTE", default=600)
INTAKE_CALLS_PER_MINUTE: int = env.int("INTAKE_CALLS_PER_MINUTE", default=18_000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api_auth.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "core.api.CursorPages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "core.api.Ordering",
    ],
    "DEFAULT_SCHEMA_CLASS": "accounts.api_description.Schema",
    "EXCEPTION_HANDLER": "core.problems.problem",
    "URL_FORMAT_OVERRIDE": None,  # `format` asks for a file of a list (accounts/api_export.py)
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Zelo",
    "DESCRIPTION": "The HTTP API of Zelo, a workspace for customer success teams.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PUBLIC": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api_schema.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SegmentEnum": "customers.models.customer.Segment",
        "StageEnum": "customers.models.customer.Stage",
        "DecidedEnum": "customers.models.customer.Decided",
        "MonthKindEnum": "metrics.models.months.MonthRecord.Kind",
        "SurveyKindEnum": "surveys.models.kinds.SurveyKind",
        "CampaignStateEnum": "surveys.models.campaign.Campaign.State",
        "CampaignWhenEnum": "surveys.models.campaign.Campaign.When",
        "RiskModelStateEnum": "metrics.models.risk.RiskModel.State",
        "TouchpointKindEnum": "customers.models.service.Touchpoint.Kind",
        "InsightKindEnum": "customers.models.insight.InsightKind",
        "LossStateEnum": "playbooks.models.loss.Loss.State",
        "RenewalStateEnum": "playbooks.models.renewal.Renewal.State",
        "RenewalStageEnum": "playbooks.models.renewal.Renewal.Stage",
        "OpportunityStageEnum": "playbooks.models.opportunity.Opportunity.Stage",
        "OpportunityKindEnum": "playbooks.models.opportunity.Opportunity.Kind",
        "RunStandingEnum": "playbooks.models.run.Run.Standing",
        "RunStepStateEnum": "playbooks.models.run.RunStep.State",
        "PlaybookStartsEnum": "playbooks.models.playbook.PlaybookVersion.Starts",
        "StepKindEnum": "playbooks.models.playbook.Step.Kind",
        "StepUnitEnum": "playbooks.models.playbook.Step.Unit",
        "EscalationCauseEnum": "playbooks.models.escalation.Escalation.Cause",
        "TaskStateEnum": "playbooks.models.task.Task.State",
        "InsightThemeStateEnum": "customers.models.insight.InsightTheme.State",
    },
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
