"""The portfolio page: what it lists, how it narrows, sorts and pages."""

import datetime as dt

import pytest

from core import time
from customers.models import Customer, Tag
from metrics.models import CustomerDay, Night
from tests import factories

pytestmark = pytest.mark.django_db


def test_lists_customers_by_name_without_regard_to_accents(analyst, login):
    for name in ("Zeta", "Óticas Boa Vista", "Padaria", "Álamo"):
        factories.customer(name=name)
    response = login(analyst).get("/portfolio/")
    assert response.status_code == 200
    assert names(response) == ["Álamo", "Óticas Boa Vista", "Padaria", "Zeta"]


def names(response):
    return [row.customer.name for row in response.context["page"].rows]
