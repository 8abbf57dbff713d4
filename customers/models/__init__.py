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
from customers.models.rules import SegmentRule, StageRule
from customers.models.service import Milestone, Objective, Ticket, Touchpoint
from customers.models.workspace import Attachment, Note, Reversal, SavedView

__all__ = [
    "AcquisitionCost",
    "Attachment",
    "AttributeDefinition",
    "Contact",
    "Contract",
    "Customer",
    "CustomerHistory",
    "FactVersion",
    "Milestone",
    "Note",
    "Objective",
    "Payment",
    "Product",
    "Reversal",
    "SavedView",
    "Segment",
    "SegmentRule",
    "Stage",
    "StageRule",
    "Subscription",
    "Tag",
    "Ticket",
    "Touchpoint",
]
