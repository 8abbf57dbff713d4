"""A page with both kinds of charts, for tests only; the product's addresses come after it."""

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from accounts.permissions import public
from config.urls import urlpatterns as product

PAGE = """{% extends "base.html" %}
{% block title %}Charts{% endblock %}
{% block content %}
  <h1>Charts</h1>
  {% chart "revenue" "mrr" mrr "MRR grew from R$ 100 to R$ 300" table=table %}
  {% chart "features" "usage" usage "Reports are used less than a month ago" %}
{% endblock %}
{% block scripts %}<script src="{% static 'build/charts.js' %}" defer></script>{% endblock %}
"""
WEEKS = ["2 Nov", "9 Nov", "16 Nov"]


@public
def charts(request: HttpRequest) -> HttpResponse:
    """Draw one chart of each kind."""
    context = {
        "mrr": {"labels": WEEKS, "values": [10_000, None, 30_000], "currency": "BRL"},
        "table": {"head": ["Week", "MRR"], "rows": list(zip(WEEKS, ["R$ 100", None, "R$ 300"], strict=True))},
        "usage": {
            "labels": WEEKS,
            "maximum": 10,
            "features": [
                {"name": "Reports", "note": "4 users", "bad": True, "key": True, "values": [9, 6, 4]},
                {"name": "Invoices", "note": "8 users", "bad": False, "key": False, "values": [7, 8, 8]},
            ],
        },
    }
    return HttpResponse(Template(PAGE).render(RequestContext(request, context)))


urlpatterns = [path("charts/", charts), *product]
