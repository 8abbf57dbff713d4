"""Whom we look after."""

from customers.models.commercial import AcquisitionCost, Contract, Payment, Product, Subscription
from customers.models.contact import Contact
from customers.models.customer import (
    AttributeDefinition,
    Customer,
    CustomerHistory,
    FactVersion,
    Segment,
    Stage,
    Tag,
)
from customers.models.hand_over import HandOver
from customers.models.insight import Insight, InsightKind, InsightTeam, InsightTheme, InsightTold, Team
from customers.models.privacy import DataRequest, ErasedMark
from customers.models.rules import SegmentRule, StageRule
from customers.models.service import Milestone, Objective, Ticket, Touchpoint
from customers.models.success import Attained, PlanTemplate, SuccessPlan, TemplateObjective
from customers.models.working import DayOff, WorkingHours
from customers.models.workspace import Attachment, Note, Reversal, SavedView

__all__ = [
    "AcquisitionCost",
    "Attachment",
    "Attained",
    "AttributeDefinition",
    "Contact",
    "Contract",
    "Customer",
    "CustomerHistory",
    "DataRequest",
    "DayOff",
    "ErasedMark",
    "FactVersion",
    "HandOver",
    "Insight",
    "InsightKind",
    "InsightTeam",
    "InsightTheme",
    "InsightTold",
    "Milestone",
    "Note",
    "Objective",
    "Payment",
    "PlanTemplate",
    "Product",
    "Reversal",
    "SavedView",
    "Segment",
    "SegmentRule",
    "Stage",
    "StageRule",
    "Subscription",
    "SuccessPlan",
    "Tag",
    "Team",
    "TemplateObjective",
    "Ticket",
    "Touchpoint",
    "WorkingHours",
]
