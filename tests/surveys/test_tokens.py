"""Tokens: found by their hash, kept nowhere."""

import secrets

import pytest
from django.db import connection

from core import time
from surveys import tokens
from surveys.models import Link
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_link_for_its_purpose_only():
    token = tokens.link_new("answer", invitation=factories.survey_invitation())
    assert len(token) == 32
    assert tokens.link_for(token, "answer") is not None
    assert tokens.link_for(token, "unsubscribe") is None


def test_a_revoked_link_opens_nothing():
    token = tokens.link_new("unsubscribe", contact=factories.contact())
    Link.objects.update(revoked_at=time.now())
    assert tokens.link_for(token, "unsubscribe") is None


@pytest.mark.parametrize("text", ["", "x", "ü" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n", "%00" * 8])
def test_malformed_tokens_are_looked_for_like_unknown_ones(text, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tokens.link_for(text, "answer") is None
    with django_assert_num_queries(1):
        assert tokens.link_for(secrets.token_urlsafe(24), "answer") is None


def test_the_database_holds_no_token():
    token = tokens.link_new("answer", invitation=factories.survey_invitation())
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert token not in str(cursor.fetchall()), table
