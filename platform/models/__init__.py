"""What is remembered: one file per table or tight family of tables."""

from domain.workdays import DayKind

from .alert import Alert, AlertLevel, AlertStatus
from .audit import AuditEntry, AuditSeal
from .base import Base
from .calendar_rule import CalendarKind, CalendarRule, ExtraVisit
from .canteen import Canteen, CanteenClosure, CanteenKind, CanteenMeal, Dish, Meal
from .centre import Attendance, Centre, CentreKind, CentreStaff, Enrolment
from .division import Division, DivisionAlias, DivisionLevel, prefix_bounds, subtree_prefix
from .helper import Helper, HelperKind, HelperLeave, HelperShift, Means
from .import_batch import Decision, ImportBatch, ImportRegistry, ImportRow, ImportStatus, RowKind
from .meal import BookingStatus, Handover, MealBooking, MealService, MealServiceStatus, MenuItem
from .message import OUT, RANKS, Message, MessageStatus, Purpose, Recipient, WrongMove
from .message_log import AppendOnly, AttemptEvent, MessageAttempt, MessageReceipt, MessageSubject, SubjectType
from .proposal_edit import EditKind, ProposalEdit
from .round import PlanMethod, Proposal, ProposalStatus, Round, Stop
from .round_change import ChangeKind, ChangeStatus, RoundChange
from .rule import CalendarDay, Rule
from .sending import Breaker, BreakerState, Heartbeat, OptOut, SenderBucket
from .senior import (
    Consent,
    Contact,
    LivingArrangement,
    Residence,
    RiskTier,
    Senior,
    SeniorCategory,
    SeniorKey,
    SeniorNote,
    SeniorPhone,
    SeniorStatus,
    SeniorStatusPeriod,
    Sex,
    UnwantedHelper,
)
from .tally import VisitTally
from .travel import ClosureShape, RoadClosure, TravelFactor
from .user import Grant, Role, SignInAttempt, User
from .visit import (
    Approval,
    Outcome,
    Visit,
    VisitEvent,
    VisitEventKind,
    VisitMode,
    VisitPlan,
    VisitPlanPause,
    VisitStatus,
)
from .what_if import Question, WhatIf, WhatIfStatus

__all__ = [
    "OUT",
    "RANKS",
    "Alert",
    "AlertLevel",
    "AlertStatus",
    "AppendOnly",
    "Approval",
    "AttemptEvent",
    "Attendance",
    "AuditEntry",
    "AuditSeal",
    "Base",
    "BookingStatus",
    "Breaker",
    "BreakerState",
    "CalendarDay",
    "CalendarKind",
    "CalendarRule",
    "Canteen",
    "CanteenClosure",
    "CanteenKind",
    "CanteenMeal",
    "Centre",
    "CentreKind",
    "CentreStaff",
    "ChangeKind",
    "ChangeStatus",
    "ClosureShape",
    "Consent",
    "Contact",
    "DayKind",
    "Decision",
    "Dish",
    "Division",
    "DivisionAlias",
    "DivisionLevel",
    "EditKind",
    "Enrolment",
    "ExtraVisit",
    "Grant",
    "Handover",
    "Heartbeat",
    "Helper",
    "HelperKind",
    "HelperLeave",
    "HelperShift",
    "ImportBatch",
    "ImportRegistry",
    "ImportRow",
    "ImportStatus",
    "LivingArrangement",
    "Meal",
    "MealBooking",
    "MealService",
    "MealServiceStatus",
    "Means",
    "MenuItem",
    "Message",
    "MessageAttempt",
    "MessageReceipt",
    "MessageStatus",
    "MessageSubject",
    "OptOut",
    "Outcome",
    "PlanMethod",
    "Proposal",
    "ProposalEdit",
    "ProposalStatus",
    "Purpose",
    "Question",
    "Recipient",
    "Residence",
    "RiskTier",
    "RoadClosure",
    "Role",
    "Round",
    "RoundChange",
    "RowKind",
    "Rule",
    "SenderBucket",
    "Senior",
    "SeniorCategory",
    "SeniorKey",
    "SeniorNote",
    "SeniorPhone",
    "SeniorStatus",
    "SeniorStatusPeriod",
    "Sex",
    "SignInAttempt",
    "Stop",
    "SubjectType",
    "TravelFactor",
    "UnwantedHelper",
    "User",
    "Visit",
    "VisitEvent",
    "VisitEventKind",
    "VisitMode",
    "VisitPlan",
    "VisitPlanPause",
    "VisitStatus",
    "VisitTally",
    "WhatIf",
    "WhatIfStatus",
    "WrongMove",
    "prefix_bounds",
    "subtree_prefix",
]
