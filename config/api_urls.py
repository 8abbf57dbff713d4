"""Every resource of the API, by name."""

from rest_framework.routers import DefaultRouter

from accounts.api import AuditViewSet, UserViewSet
from accounts.webhooks.api import WebhookMessageViewSet, WebhookViewSet
from customers.api.commercial import ContractViewSet, PaymentViewSet, SubscriptionViewSet
from customers.api.contacts import ContactViewSet
from customers.api.costs import CostViewSet
from customers.api.rules import RuleViewSet, SegmentViewSet, StageViewSet
from customers.api.service import MilestoneViewSet, TicketViewSet, TouchpointViewSet
from customers.api.success import ObjectiveViewSet
from ingest.api import ImportViewSet
from metrics.api.behaviours import BehavioursViewSet
from metrics.api.figures import CohortViewSet, KpiViewSet
from metrics.api.forecast import ForecastViewSet
from metrics.api.health import HealthViewSet
from metrics.api.integrity import IntegrityViewSet
from metrics.api.months import MonthViewSet
from metrics.api.plans import PlanViewSet
from metrics.api.risk import RiskModelViewSet
from metrics.api.scorecards import ScorecardViewSet
from metrics.api.targets import TargetViewSet
from playbooks.api.alerts import AlertViewSet
from playbooks.api.escalations import EscalationViewSet
from playbooks.api.losses import LossViewSet
from playbooks.api.opportunities import OpportunityViewSet
from playbooks.api.playbooks import PlaybookViewSet, RunViewSet
from playbooks.api.renewals import RenewalViewSet
from playbooks.api.tasks import TaskViewSet
from surveys.api.campaigns import CampaignViewSet
from surveys.api.responses import ResponseViewSet
from surveys.api.surveys import InvitationViewSet, SurveyViewSet
from workspace.insights.api import InsightThemeViewSet, InsightViewSet
from workspace.portfolio.api import PortfolioViewSet, SavedViewViewSet
from workspace.success.api import SuccessPlanViewSet
from workspace.timeline.api import CustomerTimelineViewSet

router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("users", UserViewSet, basename="api-user")
router.register("audit", AuditViewSet, basename="api-audit")
router.register("customers", CustomerTimelineViewSet, basename="api-customer")
router.register("contacts", ContactViewSet, basename="api-contact")
router.register("subscriptions", SubscriptionViewSet, basename="api-subscription")
router.register("contracts", ContractViewSet, basename="api-contract")
router.register("payments", PaymentViewSet, basename="api-payment")
router.register("costs", CostViewSet, basename="api-cost")
router.register("tickets", TicketViewSet, basename="api-ticket")
router.register("touchpoints", TouchpointViewSet, basename="api-touchpoint")
router.register("milestones", MilestoneViewSet, basename="api-milestone")
router.register("objectives", ObjectiveViewSet, basename="api-objective")
router.register("success-plans", SuccessPlanViewSet, basename="api-success-plan")
router.register("insights", InsightViewSet, basename="api-insight")
router.register("insight-themes", InsightThemeViewSet, basename="api-insight-theme")
router.register("segments", SegmentViewSet, basename="api-segment")
router.register("stages", StageViewSet, basename="api-stage")
router.register("rules", RuleViewSet, basename="api-rule")
router.register("portfolio", PortfolioViewSet, basename="api-portfolio")
router.register("views", SavedViewViewSet, basename="api-view")
router.register("surveys", SurveyViewSet, basename="api-survey")
router.register("campaigns", CampaignViewSet, basename="api-campaign")
router.register("invitations", InvitationViewSet, basename="api-invitation")
router.register("responses", ResponseViewSet, basename="api-response")
router.register("kpis", KpiViewSet, basename="api-kpi")
router.register("cohorts", CohortViewSet, basename="api-cohort")
router.register("integrity", IntegrityViewSet, basename="api-integrity")
router.register("months", MonthViewSet, basename="api-month")
router.register("health", HealthViewSet, basename="api-health")
router.register("behaviours", BehavioursViewSet, basename="api-behaviour")
router.register("forecast", ForecastViewSet, basename="api-forecast")
router.register("risk-models", RiskModelViewSet, basename="api-risk-model")
router.register("scorecards", ScorecardViewSet, basename="api-scorecard")
router.register("targets", TargetViewSet, basename="api-target")
router.register("action-plans", PlanViewSet, basename="api-plan")
router.register("alerts", AlertViewSet, basename="api-alert")
router.register("renewals", RenewalViewSet, basename="api-renewal")
router.register("opportunities", OpportunityViewSet, basename="api-opportunity")
router.register("escalations", EscalationViewSet, basename="api-escalation")
router.register("losses", LossViewSet, basename="api-loss")
router.register("playbooks", PlaybookViewSet, basename="api-playbook")
router.register("runs", RunViewSet, basename="api-run")
router.register("tasks", TaskViewSet, basename="api-task")
router.register("imports", ImportViewSet, basename="api-import-batch")
router.register("webhooks", WebhookViewSet, basename="api-webhook")
router.register("webhook-messages", WebhookMessageViewSet, basename="api-webhook-message")
