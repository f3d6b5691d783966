"""What is remembered: one file per table or tight family of tables."""

from .alert import Alert, AlertLevel, AlertStatus
from .audit import AuditEntry, AuditSeal
from .base import Base
from .canteen import Canteen, CanteenClosure, CanteenKind, CanteenMeal, Dish, Meal
from .centre import Attendance, Centre, CentreKind, CentreStaff, Enrolment
from .division import Division, DivisionAlias, DivisionLevel, prefix_bounds, subtree_prefix
from .helper import Helper, HelperKind, HelperLeave, HelperShift, Means
from .meal import BookingStatus, Handover, MealBooking, MealService, MealServiceStatus, MenuItem
from .round import Proposal, ProposalStatus, Round, Stop
from .rule import CalendarDay, DayKind, Rule
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
from .visit import Outcome, Visit, VisitEvent, VisitEventKind, VisitMode, VisitPlan, VisitStatus

__all__ = [
    "Alert",
    "AlertLevel",
    "AlertStatus",
    "Attendance",
    "AuditEntry",
    "AuditSeal",
    "Base",
    "BookingStatus",
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
    "Outcome",
    "Proposal",
    "ProposalStatus",
    "Residence",
    "RiskTier",
    "Role",
    "Round",
    "Rule",
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
    "User",
    "Visit",
    "VisitEvent",
    "VisitEventKind",
    "VisitMode",
    "VisitPlan",
    "VisitStatus",
    "prefix_bounds",
    "subtree_prefix",
]
