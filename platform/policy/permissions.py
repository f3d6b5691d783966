"""Who may do what kind of thing: permissions as data. Which things, is a matter of scope (`policy.scope`)."""

from enum import StrEnum

from models import Role


class Permission(StrEnum):
    HOME = "home"  # everybody who is signed in
    DIVISION_READ = "division.read"
    DIVISION_EDIT = "division.edit"
    SENIOR_READ = "senior.read"
    SENIOR_EDIT = "senior.edit"
    SENIOR_REVEAL = "senior.reveal"  # see an identity number or phone in full, with a reason
    SENIOR_CONFIRM_DEATH = "senior.confirm_death"
    SENIOR_IMPORT = "senior.import"
    SENIOR_EXPORT = "senior.export"
    CENTRE_READ = "centre.read"
    CENTRE_EDIT = "centre.edit"
    ROSTER_READ = "roster.read"
    ATTENDANCE_RECORD = "attendance.record"
    CANTEEN_READ = "canteen.read"
    CANTEEN_EDIT = "canteen.edit"
    MENU_EDIT = "menu.edit"
    MEAL_BOOK = "meal.book"
    KITCHEN_READ = "kitchen.read"
    MEAL_SERVE = "meal.serve"  # tick portions off, take late changes after the cut-off
    MEAL_RUN_READ = "meal_run.read"
    MEAL_RUN_PLAN = "meal_run.plan"
    HELPER_READ = "helper.read"
    HELPER_EDIT = "helper.edit"
    ROUND_READ = "round.read"
    ROUND_PLAN = "round.plan"
    TRAVEL_READ = "travel.read"
    TRAVEL_EDIT = "travel.edit"  # close roads, forget what was learned of a way
    VISIT_READ = "visit.read"
    VISIT_PLAN = "visit.plan"
    VISIT_LOG = "visit.log"
    ALERT_READ = "alert.read"
    ALERT_HANDLE = "alert.handle"
    MESSAGE_READ = "message.read"
    MESSAGE_HANDLE = "message.handle"
    CALENDAR_READ = "calendar.read"
    CALENDAR_EDIT = "calendar.edit"  # market days, festivals, weather
    RULE_READ = "rule.read"
    RULE_EDIT = "rule.edit"
    REPORT_READ = "report.read"
    USER_READ = "user.read"
    USER_EDIT = "user.edit"
    AUDIT_READ = "audit.read"


P = Permission

_REGISTERS = {P.DIVISION_READ, P.SENIOR_READ, P.CENTRE_READ, P.CANTEEN_READ, P.HELPER_READ}
_OVERSIGHT = _REGISTERS | {
    P.ROSTER_READ,
    P.ROUND_READ,
    P.TRAVEL_READ,
    P.MEAL_RUN_READ,
    P.VISIT_READ,
    P.ALERT_READ,
    P.RULE_READ,
    P.REPORT_READ,
    P.CALENDAR_READ,
}
_TOWNSHIP = _OVERSIGHT | {
    P.SENIOR_EDIT,
    P.SENIOR_REVEAL,
    P.SENIOR_CONFIRM_DEATH,
    P.SENIOR_IMPORT,
    P.SENIOR_EXPORT,
    P.HELPER_EDIT,
    P.VISIT_PLAN,
    P.VISIT_LOG,
    P.TRAVEL_EDIT,
    P.ALERT_HANDLE,
    P.MEAL_BOOK,
    P.MESSAGE_READ,
    P.CALENDAR_EDIT,
}
_COUNTY = _TOWNSHIP | {P.CENTRE_EDIT, P.CANTEEN_EDIT, P.KITCHEN_READ, P.RULE_EDIT, P.ROUND_PLAN, P.MEAL_RUN_PLAN}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITY_OFFICER: frozenset(_COUNTY | {P.DIVISION_EDIT, P.MESSAGE_HANDLE} - {P.VISIT_LOG}),
    Role.COUNTY_OFFICER: frozenset(_COUNTY | {P.DIVISION_EDIT}),
    Role.TOWNSHIP_CLERK: frozenset(_TOWNSHIP),
    Role.DISPATCHER: frozenset(
        _OVERSIGHT
        | {
            P.ROUND_PLAN,
            P.TRAVEL_EDIT,
            P.MEAL_RUN_PLAN,
            P.VISIT_PLAN,
            P.VISIT_LOG,
            P.ALERT_HANDLE,
            P.MESSAGE_READ,
            P.MESSAGE_HANDLE,
            P.SENIOR_REVEAL,
            P.MEAL_BOOK,
            P.CALENDAR_EDIT,
        }
    ),
    Role.CENTRE_MANAGER: frozenset(
        {P.CENTRE_READ, P.CENTRE_EDIT, P.ROSTER_READ, P.ATTENDANCE_RECORD, P.SENIOR_READ, P.ALERT_READ, P.ALERT_HANDLE}
    ),
    Role.CANTEEN_MANAGER: frozenset(
        {
            P.CANTEEN_READ,
            P.CANTEEN_EDIT,
            P.MENU_EDIT,
            P.MEAL_BOOK,
            P.KITCHEN_READ,
            P.MEAL_SERVE,
            P.MEAL_RUN_READ,
        }
    ),
    Role.HELPER: frozenset({P.ROUND_READ, P.MEAL_RUN_READ, P.VISIT_READ, P.VISIT_LOG, P.SENIOR_READ}),
    Role.FAMILY: frozenset({P.SENIOR_READ, P.VISIT_READ, P.MEAL_BOOK}),
    Role.AUDITOR: frozenset({P.AUDIT_READ, P.USER_READ}),
    Role.ADMINISTRATOR: frozenset({P.USER_READ, P.USER_EDIT, P.DIVISION_READ, P.RULE_READ}),
}


_WITH_HOME = {role: permissions | {Permission.HOME} for role, permissions in ROLE_PERMISSIONS.items()}


def permissions_of(role: Role) -> frozenset[Permission]:
    """What a role may do; HOME is everybody's."""
    return _WITH_HOME[role]
