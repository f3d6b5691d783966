"""The pages of the calendar: the month, the rules, one rule with what it would do, and the holidays."""

import uuid
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.filters import division_chips
from blueprints.forms import chosen, given, refusals_into
from domain.divisions import CITY
from domain.errors import NotFound
from domain.times import local_day, utc_now
from domain.workdays import LAST_YEAR, DayKind
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import CalendarKind
from policy import Permission, current_actor, requires
from queries import calendar_impact, calendar_months, workdays
from queries import calendar_rules as queries
from queries.calendar_impact import Impact
from services import calendar_days, calendar_rules

from .forms import CalendarRuleForm, DaysForm, EndForm, filled, started

blueprint = Blueprint("calendars", __name__, url_prefix="/calendar")


def _today() -> date:
    return local_day(utc_now())


def _place() -> str:
    """The place whose calendar is shown: the one in the address if it may be read, else the actor's own."""
    scope = current_actor().scope(Permission.CALENDAR_READ)
    asked = request.args.get("division", "")
    return asked if asked and scope.holds_division(asked) else min(scope.divisions, default=CITY)


def _month() -> date:
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return _today().replace(day=1)


@blueprint.get("")
@requires(Permission.CALENDAR_READ)
def index() -> str:
    """A month, day by day."""
    first, place = _month(), _place()
    later = (first + timedelta(days=32)).replace(day=1)
    return render_template(
        "calendars/index.html",
        weeks=calendar_months.month(place, first),
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=later,
        place=place,
        chips=division_chips(Permission.CALENDAR_READ, request.args.get("division", "")),
        is_known=first.year <= LAST_YEAR,
        kinds=list(CalendarKind),
    )


@blueprint.get("/rules")
@requires(Permission.CALENDAR_READ)
def rules() -> str:
    """Every rule in the scope, and those above it."""
    return _list(EndForm())


def _list(form: EndForm) -> str:
    actor, today = current_actor(), _today()
    kind, is_all = chosen(CalendarKind, "kind"), request.args.get("ended") == "1"
    return render_template(
        "calendars/rules.html",
        lines=queries.lines(
            actor.scope(Permission.CALENDAR_READ), kind=kind, since=None if is_all else today, on=_asked_day()
        ),
        kind=kind,
        is_all=is_all,
        on=_asked_day(),
        edits=actor.scope(Permission.CALENDAR_EDIT),
        kinds=list(CalendarKind),
        form=form,
    )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


@blueprint.get("/rules/new")
@requires(Permission.CALENDAR_EDIT)
def new() -> str:
    """A form with what rules of the kind usually say."""
    kind = chosen(CalendarKind, "kind") or CalendarKind.MARKET_DAY
    place = min(current_actor().scope(Permission.CALENDAR_EDIT).divisions, default=CITY)
    form = started(kind, place, max(_asked_day() or _today(), _today()))
    return render_template("calendars/form.html", form=form, rule_id=None, impact=None)


@blueprint.post("/rules/new")
@requires(Permission.CALENDAR_EDIT)
def create() -> Response | str | tuple[str, int]:
    """Save it; or, with `look`, only say what it would do."""
    return _saved_or_shown(None)


@blueprint.get("/rules/<uuid:rule_id>")
@requires(Permission.CALENDAR_EDIT)
def edit(rule_id: uuid.UUID) -> str:
    """What the rule says, to be changed."""
    rule = queries.one(current_actor().scope(Permission.CALENDAR_EDIT), rule_id)
    if rule is None:
        raise NotFound("")
    return render_template("calendars/form.html", form=filled(rule), rule_id=rule_id, impact=None)


@blueprint.post("/rules/<uuid:rule_id>")
@requires(Permission.CALENDAR_EDIT)
def update(rule_id: uuid.UUID) -> Response | str | tuple[str, int]:
    """Other terms from today on; or, with `look`, only what they would do."""
    return _saved_or_shown(rule_id)


def _saved_or_shown(rule_id: uuid.UUID | None) -> Response | str | tuple[str, int]:
    form = CalendarRuleForm()
    if form.validate_on_submit():
        if "look" in request.form:
            return _looked(form, rule_id)
        with refusals_into(form) as refused, unit_of_work():
            if rule_id is None:
                calendar_rules.create(form.draft(), by=current_actor(), now=utc_now())
            else:
                calendar_rules.change(rule_id, form.draft(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。以后排路线时会按它来；已经发布的路线不会自动改。"), "success")
            return redirect(url_for("calendars.rules"), 303)
    return render_template("calendars/form.html", form=form, rule_id=rule_id, impact=None), 422


def _looked(form: CalendarRuleForm, rule_id: uuid.UUID | None) -> str | tuple[str, int]:
    """What the rule would do. Nothing is saved."""
    impact: Impact | None = None
    with refusals_into(form):
        draft = form.draft()
        calendar_rules.check(draft, by=current_actor(), now=utc_now())
        rule = draft.as_rule()
        impact = calendar_impact.impact(
            draft.division_code, rule.recurrence, rule.effect, draft.extra_tiers, today=_today()
        )
    page = render_template("calendars/form.html", form=form, rule_id=rule_id, impact=impact)
    return page if impact is not None else (page, 422)


@blueprint.post("/rules/<uuid:rule_id>/end")
@requires(Permission.CALENDAR_EDIT)
def end(rule_id: uuid.UUID) -> Response | tuple[str, int]:
    """The last day of a rule."""
    form = EndForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            calendar_rules.end(rule_id, last_on=given(form.last_on), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已结束。没有安排的加访也收回了。"), "success")
            return redirect(url_for("calendars.rules"), 303)
    return _list(form), 422


@blueprint.get("/days")
@requires(Permission.CALENDAR_READ)
def days() -> str:
    """The holidays and make-up days of a year."""
    return _days_page(DaysForm())


def _days_page(form: DaysForm) -> str:
    today = _today()
    asked = request.args.get("year", type=int) or today.year
    year = min(max(asked, today.year - 5), today.year + 5)
    return render_template(
        "calendars/days.html",
        spans=workdays.spans_of(year),
        year=year,
        is_known=year <= LAST_YEAR,
        can_edit=current_actor().scope(Permission.CALENDAR_EDIT).holds_division(CITY),
        form=form,
    )


@blueprint.post("/days")
@requires(Permission.CALENDAR_EDIT)
def create_days() -> Response | tuple[str, int]:
    """A span of holidays, or of days that are worked."""
    form = DaysForm()
    if form.validate_on_submit():
        first, last = given(form.first), given(form.last)
        with refusals_into(form) as refused, unit_of_work():
            calendar_days.set_days(
                DayKind(form.kind.data), first, last, form.name.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            flash(_("已登记。以后安排探访和排路线都按它来。"), "success")
            return redirect(url_for("calendars.days", year=first.year), 303)
    return _days_page(form), 422


@blueprint.post("/days/<day:on>/remove")
@requires(Permission.CALENDAR_EDIT)
def remove_day(on: date) -> Response | tuple[str, int]:
    """The day is again what the built-in calendar says."""
    form = DaysForm()
    with refusals_into(form) as refused, unit_of_work():
        calendar_days.remove(on, by=current_actor(), now=utc_now())
    if refused:
        return _days_page(form), 422
    flash(_("已取消登记。"), "success")
    return redirect(url_for("calendars.days", year=on.year), 303)
