"""What is remembered: one file per table or tight family of tables."""

from .alert import Alert, AlertLevel, AlertStatus
from .audit import AuditEntry, AuditSeal
from .base import Base
from .canteen import Canteen, CanteenClosure, CanteenKind, CanteenMeal, Dish, Meal
from .centre import Attendance, Centre, CentreKind, CentreStaff, Enrolment
from .division import Division, DivisionAlias, DivisionLevel, prefix_bounds, subtree_prefix
from .helper import Helper, HelperKind, HelperLeave, HelperShift, Means
from .meal import BookingStatus, Handover, MealBooking, MealService, MealServiceStatus, MenuItem
<<<<<<< ours
from .message import OUT, RANKS, Message, MessageStatus, Purpose, Recipient, WrongMove
from .message_log import AppendOnly, AttemptEvent, MessageAttempt, MessageReceipt, MessageSubject, SubjectType
from .round import Proposal, ProposalStatus, Round, Stop
=======
from .round import PlanMethod, Proposal, ProposalStatus, Round, Stop
>>>>>>> theirs
from .rule import CalendarDay, DayKind, Rule
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
)
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
    "Canteen",
    "CanteenClosure",
    "CanteenKind",
    "CanteenMeal",
    "Centre",
    "CentreKind",
    "CentreStaff",
    "Consent",
    "Contact",
    "DayKind",
    "Dish",
    "Division",
    "DivisionAlias",
    "DivisionLevel",
    "Enrolment",
    "Grant",
    "Handover",
    "Heartbeat",
    "Helper",
    "HelperKind",
    "HelperLeave",
    "HelperShift",
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
    "ProposalStatus",
    "Purpose",
    "Recipient",
    "Residence",
    "RiskTier",
    "Role",
    "Round",
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
    "User",
    "Visit",
    "VisitEvent",
    "VisitEventKind",
    "VisitMode",
    "VisitPlan",
    "VisitPlanPause",
    "VisitStatus",
    "WrongMove",
    "prefix_bounds",
    "subtree_prefix",
]
