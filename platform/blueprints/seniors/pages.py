"""What several views of this room render."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request

from domain.errors import NotFound, Refusal, Stale
from domain.rules import RuleKey
from domain.times import local_day, utc_now
from extensions.babel import gettext as _
from models import Senior
from policy import Actor, Permission, Scope, current_actor
from queries import divisions, places, senior_page
from queries.senior_timeline import LIFE, MomentKind, parse_cursor, timeline
from services import rules, seniors

from .forms import SeniorForm, values_of
from .happened import items
from .life_forms import NoteForm, RevealForm


def found(senior_id: uuid.UUID, actor: Actor, permission: Permission = Permission.SENIOR_READ) -> Senior:
    """The senior with all parts, within the reach of `permission`. Raises NotFound."""
    senior = senior_page.find(senior_id, actor.scope(permission), local_day(utc_now()))
    if senior is None or senior.merged_into_id is not None:
        raise NotFound("")
    return senior


def senior_pages(senior_id: uuid.UUID, **more: Any) -> str:
    """The page of a senior: the family's plain one for her family, the full one for all others."""
    actor, now = current_actor(), utc_now()
    senior = found(senior_id, actor)
    page = senior_page.show(senior, local_day(now))
    is_family = seniors.is_family(senior.id, senior.residence_code, actor)
    sees_changes = actor.can(Permission.SENIOR_EDIT) or actor.can(Permission.SENIOR_REVEAL)
    kinds = LIFE if is_family else frozenset(MomentKind) - (frozenset() if sees_changes else {MomentKind.CHANGE})
    moments = timeline(senior.id, today=local_day(now), kinds=kinds, before=parse_cursor(request.args.get("after")))
    shown: dict[str, Any] = {"note_form": NoteForm(), "reveal_form": RevealForm(), "revealed": {}} | more
    return render_template(
        "seniors/family.html" if is_family else "seniors/show.html",
        page=page, senior=senior, moments=moments, happened=items(moments.items, for_family=is_family), now=now,
        patience_ends=patience_ends(senior), **shown,
    )  # fmt: skip


def patience_ends(senior: Senior) -> datetime | None:
    """When the 平安钟 runs out if nobody sees or hears of her until then."""
    if senior.last_well_at is None:
        return None
    days = rules.value(RuleKey.WELL_PATIENCE, senior.residence_code, local_day(senior.last_well_at)).value
    return senior.last_well_at + timedelta(days=days[senior.risk_tier.value])


def record_form(actor: Actor, senior: Senior | None = None) -> SeniorForm:
    """The form, offering the places of the county that the address names, or that the senior lives in."""
    scope = actor.scope(Permission.SENIOR_EDIT)
    counties = places.counties(scope)
    county = request.args.get("county") or (senior.residence_code[:6] if senior else "")
    if county not in {one.code for one in counties}:
        county = counties[0].code if counties else ""
    grouped = _grouped(scope, county)
    households = [("", _("没有登记")), *((one.code, one.name) for one in places.all_counties())]
    if senior is not None and senior.household_code and senior.household_code not in dict(households):
        households.append((senior.household_code, divisions.path(senior.household_code)))
    return SeniorForm(
        grouped, households, counties=counties, county=county, **({"data": values_of(senior)} if senior else {})
    )


def city_places(usual: str) -> tuple[list[places.Choice], str, dict[str, list[tuple[str, str]]]]:
    """Every county, the one the address names (else `usual`), and its places: a stay may be anywhere in the city."""
    counties, asked = places.all_counties(), request.args.get("county", "")
    county = asked if asked in {one.code for one in counties} else usual
    return counties, county, _grouped(Scope(divisions=frozenset({county})), county)


def _grouped(scope: Scope, county: str) -> dict[str, list[tuple[str, str]]]:
    """The places of a county within the scope, by township."""
    found = {}
    for town, villages in places.choices(scope, county) if county else []:
        itself = (town.code, _("%(town)s（不知道哪个村）", town=town.name))
        found[town.name] = [itself, *((one.code, one.name) for one in villages)]
    return found


def show_problems(form: SeniorForm, problems: list[Refusal]) -> bool:
    """Put every problem beside its field; says whether there are any."""
    for problem in problems:
        sentence = " ".join(filter(None, (problem.sentence, problem.suggestion)))
        field = form[problem.field] if problem.field and problem.field in form else None
        if field is None or field.type == "FieldList":
            form.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
    return bool(problems)


def differences(form: SeniorForm, stale: Stale) -> list[tuple[str, str]]:
    """(label of the field, what stands in the record now): for somebody whose form was overtaken."""
    found = []
    for name, theirs in stale.theirs.items():
        field = form[name] if name in form else None  # noqa: SIM401  a form has no get()
        choices = dict(getattr(field, "choices", None) or []) if field is not None and not _has_groups(field) else {}
        words = "、".join(str(choices.get(part, part)) for part in theirs.split("、"))
        found.append((str(field.label.text) if field is not None else name, words or "—"))
    form.version.data = stale.version
    form.version.raw_data = [str(stale.version)]
    return found


def _has_groups(field: Any) -> bool:
    return isinstance(getattr(field, "choices", None), dict)
