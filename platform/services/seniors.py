"""Registering seniors and changing what is written down about them, one by one or by the thousand."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from domain.errors import NotFound, Refusal, Stale
from domain.masks import masked_name
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Division, Residence, Senior
from models.keyring import identity_index
from policy import Actor, Permission, reach

from . import audit, search_keys
from .search_keys import Findable
from .senior_changes import apply, described, differences
from .senior_facts import Checked, SeniorFacts, check

CHUNK = 500
WITH_CHILDREN = (selectinload(Senior.phones), selectinload(Senior.contacts), selectinload(Senior.categories))


def find(
    senior_id: uuid.UUID,
    *,
    by: Actor,
    permission: Permission = Permission.SENIOR_EDIT,
    today: date,
    options: Sequence[ORMOption] = (),
) -> Senior:
    """The senior, if `by` may use `permission` on her; a merged record is no longer one. Raises NotFound."""
    statement = select(Senior).where(
        Senior.id == senior_id, Senior.merged_into_id.is_(None), reach.seniors(by.scope(permission), today)
    )
    senior = db.session.scalars(statement.options(*options)).one_or_none()
    if senior is None:
        raise NotFound("")
    return senior


def note_read(senior_id: uuid.UUID, *, by: Actor, now: datetime) -> uuid.UUID | None:
    """Write down that `by` reads the whole record; gives the record it was merged into, if it was.

    A family reading of its own senior is not written down. Raises NotFound outside the scope.
    """
    within = reach.seniors(by.scope(Permission.SENIOR_READ), local_day(now))
    row = db.session.execute(
        select(Senior.residence_code, Senior.merged_into_id).where(Senior.id == senior_id, within)
    ).one_or_none()
    if row is None:
        raise NotFound("")
    code: str = row[0]
    merged_into_id: uuid.UUID | None = row[1]
    if merged_into_id is None and not is_family(senior_id, code, by):
        audit.record("senior.show", "senior", senior_id, by=by, now=now, division_code=code)
    return merged_into_id


def is_family(senior_id: uuid.UUID, residence_code: str, by: Actor) -> bool:
    """Whether `by` reads this senior as her family, and by no office."""
    scope = by.scope(Permission.SENIOR_READ)
    is_officer = scope.holds_division(residence_code) or bool(scope.centres or scope.helpers)
    return senior_id in scope.seniors and not is_officer


def checked(facts: SeniorFacts, *, today: date) -> Checked:
    """The facts in their stored form, with every problem that needs no database."""
    return check(facts, today=today, allow_demo=current_app.extensions["settings"].is_demo)


def register(facts: SeniorFacts, *, by: Actor, now: datetime) -> Senior:
    """Write down a new senior. Raises Refusal with the first thing that is wrong."""
    return register_all([facts], by=by, now=now)[0]


def register_all(many: Sequence[SeniorFacts], *, by: Actor, now: datetime) -> list[Senior]:
    """Write down new seniors, all or none, in a number of statements that grows only with `CHUNK`s of them."""
    today = local_day(now)
    ready = [_refuse_first(checked(facts, today=today)) for facts in many]
    _refuse_unknown_places(ready, by)
    _refuse_known_identities([(facts.identity_number, None) for facts in ready])
    seniors = []
    for facts in ready:
        senior = Senior(phones=[], contacts=[], categories=[], residences=[], is_demo=facts.is_demo)
        apply(senior, facts)
        senior.residences = [_home(senior, today)]
        seniors.append(senior)
    db.session.add_all(seniors)
    _flush()
    search_keys.write([findable(senior) for senior in seniors], are_new=True)
    for senior in seniors:
        audit.record("senior.register", "senior", senior.id, by=by, now=now, division_code=senior.residence_code)
    return seniors


def update(senior_id: uuid.UUID, facts: SeniorFacts, *, base_version: int | None, by: Actor, now: datetime) -> Senior:
    """Change what is written down. Raises Stale if somebody else did since version `base_version`."""
    today = local_day(now)
    senior = find(senior_id, by=by, today=today, options=WITH_CHILDREN)
    ready = _refuse_first(checked(facts, today=today))
    if base_version is not None and senior.version != base_version:
        raise Stale(
            _("您填写的时候，别人改过这位老人的资料。请核对下面的不同之处，再保存一次。"),
            version=senior.version,
            theirs=differences(senior, ready),
        )
    _change([(senior, ready)], by=by, now=now)
    return senior


def update_all(many: Mapping[uuid.UUID, SeniorFacts], *, by: Actor, now: datetime) -> list[Senior]:
    """Change many seniors, all or none; as they are now, without a base version. For imports."""
    today = local_day(now)
    found: dict[uuid.UUID, Senior] = {}
    ids = list(many)
    within = reach.seniors(by.scope(Permission.SENIOR_EDIT), today)
    for start in range(0, len(ids), CHUNK):
        statement = select(Senior).where(
            Senior.id.in_(ids[start : start + CHUNK]), Senior.merged_into_id.is_(None), within
        )
        found |= {senior.id: senior for senior in db.session.scalars(statement.options(*WITH_CHILDREN))}
    if len(found) < len(many):
        raise NotFound("")
    pairs = [(found[key], _refuse_first(checked(facts, today=today))) for key, facts in many.items()]
    _change(pairs, by=by, now=now)
    return [senior for senior, _facts in pairs]


def findable(senior: Senior) -> Findable:
    """A senior with loaded phones and contacts, for the search keys."""
    own = [phone.number for phone in senior.phones]
    return Findable(senior, tuple(own + [contact.phone for contact in senior.contacts if contact.phone]))


def _change(pairs: Sequence[tuple[Senior, SeniorFacts]], *, by: Actor, now: datetime) -> None:
    _refuse_unknown_places([facts for _senior, facts in pairs], by)
    _refuse_known_identities([(facts.identity_number, senior.id) for senior, facts in pairs])
    moved, changed = [], []
    for senior, facts in pairs:
        before = described(senior)
        lived_in = senior.residence_code
        apply(senior, facts)
        changes = _compared(before, described(senior))
        if not changes:
            continue
        senior.updated_at = now  # a change of a phone alone raises the version too
        changed.append((senior, changes))
        moved.append((senior, lived_in))
    _flush()
    _keep_residences(moved, local_day(now))
    search_keys.write([findable(senior) for senior, _changes in changed])
    for senior, changes in changed:
        audit.record(
            "senior.edit", "senior", senior.id, by=by, now=now, division_code=senior.residence_code, changes=changes
        )


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """field -> [before, after], both masked. `described` holds masks and digests, so equal means unchanged."""
    return {key: [before[key].shown, after[key].shown] for key in after if before[key].compared != after[key].compared}


def _refuse_first(checked_facts: Checked) -> SeniorFacts:
    if checked_facts.problems:
        raise checked_facts.problems[0]
    return checked_facts.facts


def _refuse_unknown_places(many: Iterable[SeniorFacts], by: Actor) -> None:
    many = list(many)
    wanted = {facts.residence_code for facts in many} | {facts.household_code for facts in many} - {None}
    known: set[str] = set()
    codes = sorted(code for code in wanted if code)
    for start in range(0, len(codes), CHUNK):
        known |= set(db.session.scalars(select(Division.code).where(Division.code.in_(codes[start : start + CHUNK]))))
    scope = by.scope(Permission.SENIOR_EDIT)
    for facts in many:
        if facts.residence_code not in known:
            raise Refusal(_("请选择居住地。"), field="residence_code")
        if not scope.holds_division(facts.residence_code):
            raise Refusal(_("这个居住地不在您的管理范围内。"), field="residence_code")
        if facts.household_code and facts.household_code not in known:
            raise Refusal(_("没有这个户籍地，请重新选择。"), field="household_code")


def _refuse_known_identities(owners: Sequence[tuple[str, uuid.UUID | None]]) -> None:
    """No two records may hold one identity number; `owners` says whose each number is to be."""
    by_index: dict[str, uuid.UUID | None] = {}
    for number, owner in owners:
        if number and identity_index(number) in by_index:
            raise _identity_taken()
        if number:
            by_index[identity_index(number)] = owner
    indexes = list(by_index)
    for start in range(0, len(indexes), CHUNK):
        statement = select(Senior.id, Senior.name, Senior.identity_index).where(
            Senior.identity_index.in_(indexes[start : start + CHUNK]), Senior.merged_into_id.is_(None)
        )
        for senior_id, name, index in db.session.execute(statement):
            if by_index[index] != senior_id:
                raise _identity_taken(masked_name(name))


def _identity_taken(name: str = "") -> Refusal:
    sentence = _("这个身份证号已经登记过（%(name)s）。", name=name) if name else _("这个身份证号已经登记过。")
    return Refusal(sentence, field="identity_number", suggestion=_("请先用身份证号搜索，在原来的记录上修改。"))


def _flush() -> None:
    """Write, and say so if somebody registered the same identity number in this very moment."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if "identity_index" in str(error.orig):
            raise _identity_taken() from error
        raise


def _home(senior: Senior, from_on: date) -> Residence:
    return Residence(
        kind="home",
        division_code=senior.residence_code,
        address=senior.address,
        landmark=senior.landmark,
        latitude=senior.latitude,
        longitude=senior.longitude,
        from_on=from_on,
    )


def _keep_residences(many: Sequence[tuple[Senior, str]], today: date) -> None:
    """The history of homes: a move closes the last one and opens another; a better address mends it."""
    by_id = {senior.id: (senior, lived_in) for senior, lived_in in many}
    open_home = select(Residence).where(
        Residence.senior_id.in_(by_id), Residence.kind == "home", Residence.to_on.is_(None)
    )
    homes = {home.senior_id: home for home in db.session.scalars(open_home)}
    for senior_id, (senior, lived_in) in by_id.items():
        home, new = homes.get(senior_id), _home(senior, today)
        new.senior_id = senior_id
        if home is None:
            db.session.add(new)
        elif lived_in != senior.residence_code and home.from_on < today:
            home.to_on = date.fromordinal(today.toordinal() - 1)
            db.session.add(new)
        else:
            for name in ("division_code", "address", "landmark", "latitude", "longitude"):
                setattr(home, name, getattr(new, name))
    db.session.flush()
