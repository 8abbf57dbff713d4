"""Alerts: all of them, one with what can be done about it, and the rules they come from."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Perm, requires
from accounts.requests import signed_in
from core import time
from core.forms import DayField
from core.toasts import toast, toast_error
from customers.models import Customer
from customers.views.form_page import FormPage, form_page
from metrics.nights import last_finished_day
from playbooks.alerts.kinds import KINDS
from playbooks.alerts.preview import hits
from playbooks.alerts.querysets import NOISE_OF
from playbooks.alerts.words import alert_sentence, rule_sentence
from playbooks.models import Alert, AlertRule
from playbooks.services.alerts import alert_dismiss, alert_snooze, alert_wake, rule_create, rule_update
from workspace.alert_forms import RuleForm
from workspace.day.page import scope_of

A_PAGE = 50
STATES = ("awake", "asleep", "over")


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """List alerts: those that stand, are put off, or are over."""
    user, asked, today = signed_in(request), request.GET, time.today()
    state = asked["state"] if asked.get("state") in STATES else STATES[0]
    scope = scope_of(user, asked)
    rows = Alert.objects.visible_to(user).filter(customer__archived_at=None)
    if scope == "mine":
        rows = rows.filter(customer__in=Customer.objects.owned_by(user))
    if state == "over":
        rows = rows.exclude(ended_at=None, dismissed_at=None)
    else:
        rows = rows.awake(today) if state == "awake" else rows.asleep(today)
    ordered = rows.select_related("rule", "customer").order_by("-mrr_cents", "-opened_at", "pk")
    page = Paginator(ordered, A_PAGE).get_page(asked.get("page"))
    context = {
        "page_of": page,
        "rows": [_told(alert) for alert in page.object_list],
        "scope": scope,
        "scopes": [("mine", _("My customers")), ("team", _("Team"))],
        "state": state,
        "states": [
            ("awake", _("Standing")),
            ("asleep", pgettext("alerts", "Put off")),
            ("over", _("Over or dismissed")),
        ],
    }
    return render(request, "workspace/alerts/page.html", context)


@requires(Perm.CUSTOMERS_VIEW)
@require_GET
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alert."""
    user = signed_in(request)
    rows = Alert.objects.visible_to(user).select_related("rule", "customer", "dismissed_by")
    row = get_object_or_404(rows, pk=pk)
    tomorrow = time.today() + dt.timedelta(days=1)
    context = _told(row) | {
        "rule_said": rule_sentence(row.rule),
        "may_edit": Alert.objects.editable_by(user).filter(pk=pk).exists(),
        "tomorrow": tomorrow,
    }
    return render(request, "workspace/alerts/alert.html", context)


@requires(Perm.CUSTOMERS_EDIT)
@require_POST
def alert_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alert off (`do=snooze`, `do=worse`), dismiss it (`do=dismiss`) or take that back (`do=wake`)."""
    user, sent = signed_in(request), request.POST
    row = get_object_or_404(Alert.objects.editable_by(user), pk=pk)
    do = sent.get("do") or request.GET.get("do")  # a toast's undo has it in its address
    try:
        if do == "snooze":
            alert_snooze(actor=user, alert=row, until=DayField().clean(sent.get("until", "")))
        elif do == "worse":
            alert_snooze(actor=user, alert=row)
        elif do == "dismiss":
            alert_dismiss(actor=user, alert=row, why=sent.get("why", ""))
        elif do == "wake":
            alert_wake(actor=user, alert=row)
    except ValidationError as wrong:
        toast_error(request, " ".join(wrong.messages))
        return redirect("alert", pk)
    undo = reverse("alert_do", args=[pk]) + "?do=wake"
    if do in ("snooze", "worse", "dismiss"):
        said = _("The alert is dismissed.") if do == "dismiss" else _("The alert is put off.")
        toast(request, said, undo_url=undo)
    elif do == "wake":
        toast(request, _("The alert stands again."))
    return redirect("alert", pk)


@requires(Perm.SETTINGS_MANAGE)
@require_GET
def alert_rules(request: HttpRequest) -> HttpResponse:
    """List the rules in a sentence each, with how often they are dismissed."""
    rows = [
        {
            "rule": rule,
            "name": KINDS[rule.kind].name,
            "said": rule_sentence(rule),
            "noise": rule.dismissed >= NOISE_OF and rule.dismissed * 2 >= rule.lately,
        }
        for rule in AlertRule.objects.with_counts()
        if rule.kind in KINDS
    ]
    return render(request, "workspace/alerts/rules.html", {"rows": rows, "kinds": list(KINDS.values())})


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def alert_rule_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Make a rule of a kind."""
    if kind not in KINDS:
        raise Http404
    user = signed_in(request)

    def save(data: dict[str, Any]) -> None:
        rule_create(actor=user, kind=kind, **data)

    return _form(request, RuleForm(request.POST or None, kind=KINDS[kind]), save, _("The rule is made."))


@requires(Perm.SETTINGS_MANAGE)
@require_http_methods(["GET", "POST"])
def alert_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    user, rule = signed_in(request), get_object_or_404(AlertRule, pk=pk, kind__in=KINDS)

    def save(data: dict[str, Any]) -> None:
        rule_update(actor=user, rule=rule, changes=data)

    form = RuleForm(request.POST or None, kind=KINDS[rule.kind], rule=rule)
    return _form(request, form, save, _("The rule is changed."))


def _form(request: HttpRequest, form: RuleForm, save: Any, done: str) -> HttpResponse:
    template = "workspace/alerts/rule.html"
    if request.method == "POST" and request.POST.get("do") == "preview":
        form.is_valid()
        page = FormPage(title=str(form.kind.name), submit=_("Save"), done=done, back=reverse("alert_rules"))
        told = {"form": form, "page": page, "hits": _hits(form)}
        return render(request, template, told)
    page = FormPage(
        title=str(form.kind.name), submit=_("Save"), done=done, back=reverse("alert_rules"), template=template
    )
    return form_page(request, page=page, form=form, save=save)


def _hits(form: RuleForm) -> dict[str, int] | None:
    """Return whom the rule as it is in the form would tell of, None where the form is wrong or no night is done."""
    night = last_finished_day()
    if night is None or form.errors:
        return None
    data = {name: form.cleaned_data.get(name) for name in ("days", "amount")}
    cell = {name: form.cleaned_data.get(name) or "" for name in ("segment", "stage")}
    rule = AlertRule(pk=form.rule.pk if form.rule else None, kind=form.kind.key, **data, **cell)
    customers, mrr = hits(rule, night)
    return {"customers": customers, "mrr": mrr}


def _told(row: Alert) -> dict[str, Any]:
    kind = KINDS[row.rule.kind]
    return {"alert": row, "name": kind.name, "said": alert_sentence(row), "tone": kind.tone}
