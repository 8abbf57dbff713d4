"""Every resource of the API, by name."""

from rest_framework.routers import DefaultRouter

from accounts.api import AuditViewSet, UserViewSet
from customers.api.commercial import ContractViewSet, PaymentViewSet, SubscriptionViewSet
from customers.api.contacts import ContactViewSet
from customers.api.costs import CostViewSet
from customers.api.rules import RuleViewSet, SegmentViewSet, StageViewSet
from customers.api.service import MilestoneViewSet, TicketViewSet, TouchpointViewSet
from ingest.api import ImportViewSet
from metrics.api.figures import CohortViewSet, KpiViewSet
from metrics.api.targets import TargetViewSet
from workspace.portfolio.api import PortfolioViewSet, SavedViewViewSet
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
router.register("segments", SegmentViewSet, basename="api-segment")
router.register("stages", StageViewSet, basename="api-stage")
router.register("rules", RuleViewSet, basename="api-rule")
router.register("portfolio", PortfolioViewSet, basename="api-portfolio")
router.register("views", SavedViewViewSet, basename="api-view")
router.register("kpis", KpiViewSet, basename="api-kpi")
router.register("cohorts", CohortViewSet, basename="api-cohort")
router.register("targets", TargetViewSet, basename="api-target")
router.register("imports", ImportViewSet, basename="api-import-batch")
