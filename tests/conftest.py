"""What every test may ask for."""

import math

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from accounts import triggers
from accounts.models import User
from metrics import kept
from tests import described, factories
from workspace.portfolio import counts

# What a test asserts must not depend on how busy the machine is.
settings.register_profile("zelo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zelo")

_flush_after_test = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_audit_too(case: TransactionTestCase) -> None:
    """Let a transactional test empty the database; `post_migrate`, which a flush sends, restores the triggers."""
    triggers.drop()
    _flush_after_test(case)


TransactionTestCase._fixture_teardown = _flush_audit_too  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _quiet_embedded(settings, tmp_path, monkeypatch):
    """Keep files, mails and what is kept in memory of a test apart, and hash passwords fast."""
    cache.clear()
    monkeypatch.setattr(counts, "DEAR_SECONDS", math.inf)
    monkeypatch.setattr(kept, "DEAR_SECONDS", math.inf)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LANGUAGE_CODE = "en"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _described_answers(monkeypatch):
    """Hold every answer of the API that any test gets against the API's own description."""
    ask = Client.request

    def asked(client: Client, **request: object) -> object:
        response = ask(client, **request)
        described.check(response)
        return response

    monkeypatch.setattr(Client, "request", asked)


def _person(role: str) -> User:
    return factories.user(role=role, language="en")


@pytest.fixture
def viewer(db) -> User:
    return _person("viewer")


@pytest.fixture
def analyst(db) -> User:
    return _person("analyst")


@pytest.fixture
def manager(db) -> User:
    return _person("manager")


@pytest.fixture
def admin(db) -> User:
    return _person("admin")


@pytest.fixture
def login():
    """Return a function that gives a client signed in as a person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
