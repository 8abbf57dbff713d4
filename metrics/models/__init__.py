"""What the numbers say: usage, daily rows, nights, targets."""

from metrics.models.chi import ChiDay
from metrics.models.daily import CustomerDay
from metrics.models.forecast import ForecastCheck
from metrics.models.goals import BoardFigure, Target
from metrics.models.health import (
    AttributeValue,
    HealthDay,
    HealthFeed,
    HealthInput,
    HealthLayout,
    HealthOverride,
    HealthPulse,
    ScorecardVersion,
)
from metrics.models.health_lab import HealthMove, HealthShadow, LabTask
from metrics.models.history import FigureDay, PastDay, SliceDay
from metrics.models.integrity import IntegrityResult, SentReport, SuddenChange
from metrics.models.listing import CurrentRow
from metrics.models.months import MonthRecord, MonthValue
from metrics.models.nights import Night, NightShard, StaleSpan
from metrics.models.plans import ActionPlan, PlanStep
from metrics.models.risk import RiskDay, RiskModel, RiskTask
from metrics.models.success import ObjectiveDay
from metrics.models.usage import UsageDay, UsageEvent, UsageRolled
from metrics.models.value import ActivationCriteria, ActivationItem, FirstValueSign

__all__ = [
    "ActionPlan",
    "ActivationCriteria",
    "ActivationItem",
    "AttributeValue",
    "BoardFigure",
    "ChiDay",
    "CurrentRow",
    "CustomerDay",
    "FigureDay",
    "FirstValueSign",
    "ForecastCheck",
    "HealthDay",
    "HealthFeed",
    "HealthInput",
    "HealthLayout",
    "HealthMove",
    "HealthOverride",
    "HealthPulse",
    "HealthShadow",
    "IntegrityResult",
    "LabTask",
    "MonthRecord",
    "MonthValue",
    "Night",
    "NightShard",
    "ObjectiveDay",
    "PastDay",
    "PlanStep",
    "RiskDay",
    "RiskModel",
    "RiskTask",
    "ScorecardVersion",
    "SentReport",
    "SliceDay",
    "StaleSpan",
    "SuddenChange",
    "Target",
    "UsageDay",
    "UsageEvent",
    "UsageRolled",
]
