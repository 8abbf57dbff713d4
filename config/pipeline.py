"""The way of the data, top to bottom. Read this first.

    accept      a file, a call or a webhook becomes a `Batch`            ingest
    record      its rows become facts in the tables of their apps        ingest → customers, surveys, metrics
    roll up     raw usage → usage per customer, person, feature and day  metrics/rollup.py
    measure     facts → one wide `CustomerDay` per customer and day      metrics/daily.py and the files it names
    objectives  events, figures, milestones → what plans have reached    metrics/objectives.py
    score       facts → `HealthDay` with all its inputs                  metrics/health/night.py
    shadow      the same inputs by a draft, beside what is published     metrics/health/shadow.py
    risk        the same inputs → how likely each customer is to leave   metrics/risk/night.py
    alert       scores, daily rows and facts → alerts                    playbooks/alerts/night.py
    register    movements of the MRR → the register of losses            playbooks/losses/night.py
    renewals    contracts → renewals ahead, won and lost                 playbooks/renewals/night.py
    wins        won opportunities ↔ the expansion that followed          playbooks/opportunities/night.py
    tell        the rows of a finished day → its sums by slice            metrics/closing.py
    show        pages and API read these daily rows only                 workspace

Accepting and recording happen when something arrives; the rest is the *night*, once per closed local date.
Everything to be done is a row with a state and a lease; the broker only rings a bell for a *kind of work*
(config/tasks.py), and a sweep rings again every minute for what nobody holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accounts.webhooks import deliver as webhooks
from config import delivery, tidying
from core import bells, letters, mail
from core.models import Event
from customers.services import hand_overs
from customers.services.ruled import segments_apply, stages_apply
from ingest import jobs, warehouse
from ingest.connected import working as deliveries
from ingest.intake import held
from ingest.problems import digest
from metrics import closing, daily, nights, objectives, refill, rollup, shards, stages, staleness
from metrics.forecast import checks as forecast_checks
from metrics.health import hearing, lab_tasks, shadow
from metrics.health import night as health
from metrics.risk import night as risk
from metrics.risk import work as risk_work
from metrics.services import targets
from playbooks.alerts import night as alerts
from playbooks.losses import night as losses
from playbooks.notices import opening
from playbooks.notices import telling as telling_alerts
from playbooks.opportunities import night as wins
from playbooks.plays import looking
from playbooks.plays.letters import MAIL_KIND as PLAYBOOK_MAIL
from playbooks.plays.letters import PlaybookWriter
from playbooks.renewals import night as renewals
from playbooks.services import advancing, case_tasks, hooks, many_tasks, studies
from surveys import audience
from surveys.case_letter import CaseWriter
from surveys.services import loop, plan_asks, planning, telling, themes
from surveys.services.sending import SurveyWriter
from workspace import happenings
from workspace.insights import letter as insight_letter
from workspace.portfolio import audience as portfolio_audience
from workspace.reports import letter, sending

# Before the newest night: who belongs where, by the rules as they are now. Never when old days are refilled.
RULES = (
    stages.Rule("segment rules", lambda day: segments_apply(day=day)),
    stages.Rule("stage rules", lambda day: stages_apply(day=day)),
)

# The night, for a run of days and a cell of customers, in this order.
NIGHT = (
    stages.Stage(rollup.ROLL_UP, rollup.roll_up_missing),
    stages.Stage("measure", daily.measure),
    stages.Stage("objectives", objectives.measure),
    stages.Stage("score", health.score),
    stages.Stage("shadow", shadow.score),
    stages.Stage("risk", risk.score),
    stages.Stage("alert", alerts.alert),
    stages.Stage("register", losses.register),
    stages.Stage("renewals", renewals.find),
    stages.Stage("wins", wins.meet),
)

# What travels upwards: a kind of event and who hears it.
HEARD: Mapping[str, Sequence[Callable[[list[Event]], None]]] = {
    "fact.changed": (
        staleness.hear_facts_changed,
        hearing.hear_facts_changed,
        alerts.hear_facts_changed,
        renewals.hear_facts_changed,
    ),
    "owner.changed": (many_tasks.hear_owner_changed, case_tasks.hear_owner_changed),
    "case.opened": (case_tasks.hear_cases_opened,),
    "case.closed": (case_tasks.hear_cases_closed,),
    "person.joined": (hand_overs.hear_people_joined,),
    "person.email_changed": (targets.hear_addresses_changed,),
    "workspace.changed": (staleness.hear_workspace_changed,),
    "insighttheme.routed": (insight_letter.hear_routed,),
    alerts.OPENED: (looking.hear_alerts_opened, opening.hear_alerts_opened),
}

# Kinds of mail whose text is written only when they leave.
LETTERS: Mapping[str, letters.Writer] = {
    letter.KIND: letter.ReportWriter(),
    planning.MAIL_KIND: SurveyWriter(),
    telling.KIND: telling.InsightWriter(),
    plan_asks.KIND: plan_asks.PlanWriter(),
    loop.MAIL_KIND: CaseWriter(),
    PLAYBOOK_MAIL: PlaybookWriter(),
}


@dataclass(frozen=True)
class Work:
    """A kind of work: `due` tells cheaply whether some waits; `do` takes a share and returns how much it was."""

    due: Callable[[], bool]
    do: Callable[[], int]


WORK: Mapping[str, Work] = {
    "events": Work(delivery.due, lambda: delivery.deliver(HEARD)),
    "nights": Work(shards.due, shards.work),
    "stale days": Work(refill.due, refill.refill),
    "telling": Work(closing.due, closing.work),
    "campaigns": Work(planning.due, planning.plan_due),
    "reports": Work(sending.due, sending.queue_due),
    "baselines": Work(targets.baselines_due, targets.baselines_take),
    "plan asks": Work(plan_asks.due, plan_asks.ask),
    "insight asks": Work(telling.asks_due, telling.asks_queue),
    looking.KIND: Work(looking.due, looking.look),
    advancing.KIND: Work(advancing.due, advancing.work),
    hooks.KIND: Work(hooks.due, hooks.send),
    studies.KIND: Work(studies.due, studies.work),
    opening.KIND: Work(telling_alerts.due, telling_alerts.work),
    "mails": Work(mail.due, mail.send_due),
    themes.WORK: Work(themes.due, themes.read_some),
    "imports": Work(jobs.due, jobs.work),
    lab_tasks.KIND: Work(lab_tasks.due, lab_tasks.work),
    risk_work.KIND: Work(risk_work.due, risk_work.work),
    forecast_checks.KIND: Work(forecast_checks.due, forecast_checks.work),
    held.KIND: Work(held.due, held.work),
    warehouse.KIND: Work(warehouse.due, warehouse.work),
    "source digests": Work(digest.due, digest.tell),
    deliveries.WORK: Work(deliveries.due, deliveries.work),
    happenings.KIND: Work(happenings.due, happenings.tell),
    "webhooks": Work(webhooks.due, webhooks.bring),
    hand_overs.KIND: Work(hand_overs.due, hand_overs.work),
    "tidying": Work(tidying.due, tidying.tidy),
}

# What a finished night leaves to be done, in this order: `nightly` does it at once, the sweep within a minute.
AFTER_NIGHTS = ("events", "stale days", "telling", "reports")

# What is learned from finished nights: `nightly` does it last, the workers when they have time.
LEARNING = (risk_work.KIND, forecast_checks.KIND)


def connect(ring: Callable[[str], None]) -> None:
    """Hand the pipeline down to the apps, and the bells (done once, when the process starts)."""
    stages.use(rules=RULES, stages=NIGHT)
    letters.use(LETTERS)
    audience.use(portfolio_audience.audience)
    bells.connect(ring)


def open_nights() -> bool:
    """Open the night of every closed date that has none; tell whether shards wait for workers."""
    nights.open_nights()
    nights.close_finished()
    return shards.due()


def finish(kinds: Sequence[str]) -> None:
    """Do all that is due of these kinds, here and now."""
    while sum(WORK[kind].do() for kind in kinds):
        pass
