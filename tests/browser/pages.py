"""Which pages there are: found from the URLconf, so that a new page is looked at without being listed here.

An address with arguments takes them from `FACTS` and `BY_ROUTE`. For one not described there any value is
tried: that is enough for addresses that only take a POST; one that answers "not found" must be described.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.services.email_change import email_change_token
from tests.browser.company import Company

Arguments = Callable[[Company], dict[str, Any]]

BY_ROUTE: dict[str, Arguments] = {
    "metrics/reports/": lambda c: {"span": "month", "first": c.night.day.replace(day=1)},
    "metrics/months/": lambda c: {"month": dt.date(2026, 1, 1)},
    "customers/": lambda c: {"pk": c.customer.pk},
    "customers/<int:pk>/health/": lambda _: {"what": "pulse"},
    "settings/people/<int:pk>/": lambda c: {"pk": c.analyst.pk},
    "settings/tags/": lambda c: {"pk": c.tag.pk},
    "settings/attributes/": lambda c: {"pk": c.attribute.pk},
    "settings/success-templates/": lambda c: {"pk": c.plan_template.pk},
    "customers/<int:pk>/contacts/": lambda c: {"contact": c.contact.pk},
    "customers/<int:pk>/objectives/": lambda c: {"objective": c.objective.pk},
    "settings/products/": lambda c: {"pk": c.product.pk},
    "settings/webhooks/": lambda c: {"pk": c.webhook.pk},
    "portfolio/views/": lambda c: {"pk": c.view.pk},
    "customers/<int:pk>/notes/": lambda c: {"note": c.note.pk},
    "customers/<int:pk>/files/": lambda c: {"attachment": c.attachment.pk},
    "imports/<int:pk>/": lambda c: {"pk": c.imported.pk},
    "imports/example/": lambda _: {"kind": "customers"},
    "settings/privacy/": lambda c: {"pk": c.asked.pk},
    "settings/outbox/": lambda c: {"pk": c.mail.pk},
    "surveys/campaigns/<int:pk>/": lambda c: {"pk": c.campaign.pk},
    "metrics/": lambda _: {"key": "nrr"},
    "^s/helped/": lambda c: {"token": c.helped_key},
    "^s/done/": lambda c: {"token": c.done_key},
    "^surveys/(?P<kind>": lambda _: {"kind": "nps"},
    "surveys/responses/": lambda c: {"pk": c.case.response.pk},
    "surveys/themes/": lambda c: {"pk": c.theme.pk},
    "surveys/cases/": lambda c: {"pk": c.case.pk},
    "surveys/<int:pk>/": lambda c: {"pk": c.survey.pk},
    "s/logo/": lambda c: {"pk": c.survey.pk},
    "^s/(?P": lambda c: {"token": c.answer_key},
    "plans/": lambda c: {"token": c.plan_key},
    "insights/<int:pk>/": lambda c: {"pk": c.insight.pk},
    "insights/themes/": lambda c: {"pk": c.insight.theme_id},
    "customers/<int:pk>/success/links/": lambda c: {"contact": c.contact.pk},
    "^unsubscribe/": lambda c: {"token": c.answer_key},
    "^s/colour/": lambda _: {"colour": "3355d6"},
    "alerts/<int:pk>/": lambda c: {"pk": c.alert.pk},
    "settings/alerts/<int:pk>/": lambda c: {"pk": c.alert.rule_id},
    "settings/alerts/new/": lambda _: {"kind": "renewal"},
    "renewals/<int:pk>/": lambda c: {"pk": c.renewal.pk},
    "opportunities/<int:pk>/": lambda c: {"pk": c.opportunity.pk},
    "strategy/": lambda _: {"segment": "mid", "stage": "ongoing"},
    "settings/alert-channels/": lambda c: {"pk": c.alert_channel.pk},
    "escalations/<int:pk>/": lambda c: {"pk": c.escalation.pk},
    "losses/<int:pk>/": lambda c: {"pk": c.loss.pk},
    "settings/loss-reasons/": lambda c: {"pk": c.loss.reason_id},
    "playbooks/<int:pk>/": lambda c: {"pk": c.run.playbook_id, "key": 1, "kind": "email"},
    "playbooks/runs/": lambda c: {"pk": c.run.pk},
    "playbooks/batches/": lambda c: {"pk": c.run.batch_id},
    "tasks/<int:pk>/": lambda c: {"pk": c.task.pk},
    "tasks/cover/": lambda c: {"pk": c.cover.pk},
    "calendar/": lambda c: {"key": c.calendar_key},
    "metrics/targets/": lambda c: {"pk": c.target.pk},
    "metrics/plans/": lambda c: {"pk": c.plan.pk, "step": c.plan.steps.all()[0].pk},
    "join/": lambda c: {"token": c.invitation},
    "email/": lambda c: {"token": email_change_token(person=c.analyst, email="new@zelo.test")},
    "accounts/^password/reset/key/": lambda _: {"uidb36": "1", "key": "used-up"},
}
"""Beginning of the route → arguments."""

FACTS: dict[str, Callable[[Company], Any]] = {
    "contact": lambda c: c.contact,
    "subscription": lambda c: c.subscription,
    "contract": lambda c: c.contract,
    "payment": lambda c: c.payment,
    "ticket": lambda c: c.ticket,
    "milestone": lambda c: c.milestone,
    "objective": lambda c: c.objective,
    "touchpoint": lambda c: c.touchpoint,
}
"""First word of the URL's name → the row that its `fact` argument names."""

MORE_STATES: tuple[Callable[[Company], str], ...] = (
    lambda _: "/portfolio/?q=nothing+matches+this",
    lambda _: "/portfolio/?view=mine",
    lambda _: "/renewals/?as=calendar",
    lambda _: "/opportunities/?as=board",
    lambda _: "/search/?q=vale",
    lambda c: f"/customers/{c.second.pk}/",
    lambda c: f"/imports/{c.checked.pk}/",
    lambda c: f"/playbooks/start/?customer={c.customer.pk}",
)
"""The same pages in another state: nothing found, nothing there yet, waiting for a person."""

NOT_PAGES = ("api/", "v1/", "-/", "healthz", "readyz", "statusz")
ELSEWHERE = frozenset(
    {
        "mfa_edit_webauthn",  # need a real key: test_signing_in.py looks at them
        "mfa_remove_webauthn",
        "mail_html",  # a mail as its reader's program shows it, in a sandbox: no page of ours
        "mail_hook",  # no provider is set up in tests
        "account_confirm_email",  # nobody confirms addresses: an invitation did
        "openid_connect_login",  # no single sign-on is set up in tests
        "openid_connect_callback",
    }
)


@dataclass(frozen=True)
class Found:
    """An address by its URL name, with what it takes."""

    name: str
    route: str
    arguments: tuple[str, ...]


def _named(patterns: list[Any], route: str = "", arguments: tuple[str, ...] = ()) -> Iterator[Found]:
    for item in patterns:
        here, taken = route + str(item.pattern), (*arguments, *item.pattern.regex.groupindex)
        if isinstance(item, URLResolver):
            if not item.namespace:
                yield from _named(item.url_patterns, here, taken)
        elif item.name and item.name not in ELSEWHERE:
            yield Found(item.name, here, taken)


def all_addresses() -> list[Found]:
    """Return every named address that could be a page."""
    return [found for found in _named(get_resolver().url_patterns) if not found.route.startswith(NOT_PAGES)]


def example_url(found: Found, company: Company) -> str:
    """Return an address to look at; arguments that nothing describes get a value that fits."""
    known: dict[str, Any] = {}
    for beginning, make in BY_ROUTE.items():
        if found.route.startswith(beginning):
            known |= make(company)
    fact = FACTS.get(found.name.split("_")[0])
    if fact is not None:
        known["fact"] = fact(company).pk
    return reverse(found.name, kwargs={name: known.get(name, 1) for name in found.arguments})


def pages(client: Client, company: Company) -> tuple[list[str], list[str]]:
    """Return the addresses that answer this client with a whole page, and those that break.

    Redirects, downloads and fragments are no pages.
    """
    whole, broken = [], []
    client.raise_request_exception = False
    by_name = sorted(all_addresses(), key=lambda found: found.name)
    examples = [example_url(found, company) for found in by_name]
    for url in dict.fromkeys([*examples, *(make(company) for make in MORE_STATES)]):
        response = client.get(url)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 500:
            broken.append(f"{url} answers {response.status_code}")
        elif response.status_code == 200 and html and not response.streaming and b"<html" in response.content:
            whole.append(url)
    return whole, broken


def not_described(client: Client, company: Company) -> list[str]:
    """Return the names of addresses with arguments for which we know no example that is found."""
    return sorted(
        found.name
        for found in all_addresses()
        if found.arguments and client.get(example_url(found, company)).status_code == 404
    )
