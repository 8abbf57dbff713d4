"""A production start with a missing or weak setting stops with a sentence that says what to do."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.secrets import local_secret, require_production_settings

GOOD = {
    "SECRET_KEY": "kX3-mZ8vQ1tR7yB5nC9wE2uI6oP4aS0dF-gHjKlLqWeRtYuIoP",
    "ALLOWED_HOSTS": "zelo.example.com",
    "SITE_URL": "https://zelo.example.com",
    "DATABASE_URL": "postgres://zelo@db:5432/zelo",
    "BROKER_URL": "redis://redis:6379/0",
}


def test_good_settings_let_it_start():
    require_production_settings(GOOD, debug=False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing: set it to at least 50 random characters"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too weak"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing"),
        ({"SITE_URL": "http://zelo.example.com"}, "SITE_URL must start with https://"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"BROKER_URL": ""}, "BROKER_URL is missing"),
    ],
)
def test_each_missing_or_weak_setting_is_named(change, sentence):
    with pytest.raises(ImproperlyConfigured) as stopped:
        require_production_settings(GOOD | change, debug=False)
    assert sentence in str(stopped.value)


def test_debug_stops_a_production_start():
    with pytest.raises(ImproperlyConfigured, match="DEBUG is on"):
        require_production_settings(GOOD, debug=True)


def _check(tmp_path, *options, **environment):
    """Run `manage.py check` in production with settings of its own."""
    names = {*GOOD, "DEBUG"}
    clean = {
        key: value for key, value in os.environ.items() if key not in {*names, "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        cwd=settings.BASE_DIR,
        env={**clean, "PRODUCTION": "1", "VAR_DIR": str(tmp_path), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_without_a_secret_fails_with_the_sentence(tmp_path):
    stopped = _check(tmp_path, **{**GOOD, "SECRET_KEY": ""})
    assert stopped.returncode != 0
    assert "Zelo does not start in production. SECRET_KEY is missing" in stopped.stderr


def test_the_deployment_check_passes_with_production_settings(tmp_path):
    checked = _check(tmp_path, "--deploy", "--fail-level", "WARNING", **GOOD)
    assert checked.returncode == 0, checked.stderr


def test_the_local_secret_is_made_once_and_kept_from_others(tmp_path):
    first = local_secret(tmp_path)
    assert len(first) >= 50
    assert local_secret(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def _named_in_example():
    text = (settings.BASE_DIR / ".env.example").read_text()
    names = set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))
    return {
        name for name in names if not name.startswith("ANYMAIL_")
    }  # examples of a provider's own settings


def _read_by(*files):
    pattern = re.compile(r"""(?:env\.\w+|env|environ\.get)\(\s*"([A-Z_]+)\"""")
    return {name for file in files for name in pattern.findall((settings.BASE_DIR / file).read_text())}


def test_the_example_names_every_setting_that_is_read_and_no_other():
    read = _read_by("config/settings.py", "config/processes.py")
    assert "SECRET_KEY" in read
    assert _named_in_example() == read | {"POSTGRES_PASSWORD"}


def test_compose_starts_every_process_and_waits_for_what_it_needs():
    compose = yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"db", "redis", "migrate", "web", "worker", "beat"}
    for name in ("web", "worker", "beat"):
        assert services[name]["command"] == ["python", "manage.py", "serve", name]
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    for name in ("db", "redis", "web", "worker"):
        assert services[name]["healthcheck"]["test"]
    assert set(services["web"]["environment"]) <= _named_in_example()


def test_the_image_has_two_stages_and_does_not_run_as_root():
    lines = (settings.BASE_DIR / "Dockerfile").read_text().splitlines()
    assert sum(line.startswith("FROM ") for line in lines) == 2
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["zelo"]
    start = next(number for number, line in enumerate(lines) if line.startswith("CMD ["))
    assert start > lines.index("USER zelo")
