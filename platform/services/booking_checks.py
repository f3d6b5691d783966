"""Why a portion cannot be had: each refusal says the reason and the nearest thing that is possible."""

import uuid
from datetime import date, datetime, timedelta

from domain.meals import MealRefused, Obstacle
from domain.times import local_day
from extensions.babel import gettext as _
from formatting import near_day, near_time
from models import Handover, Meal, Senior, SeniorStatus
from queries.portions import ServiceLine
from queries.served import why_not_served
from wording import word

from . import offers
from .offers import Offer


def _refused(
    sentence: str,
    obstacle: Obstacle,
    senior: Senior,
    service: ServiceLine,
    now: datetime,
    *,
    not_dish: uuid.UUID | None = None,
    like: uuid.UUID | None = None,
) -> MealRefused:
    """The refusal with the nearest alternative, in words and as data. `like`: the dish that was wanted."""
    instead = offers.nearest(senior, service, service.on, service.meal, not_dish=not_dish, like=like, now=now)
    return MealRefused(sentence, obstacle, suggestion=offers.in_words(instead, now), alternative=instead)


def check_day(senior: Senior, service: ServiceLine, *, now: datetime) -> None:
    """The senior is served on that day, and the day is neither past nor too far away."""
    today = local_day(now)
    day = near_day(service.on, today)
    if service.on < today:
        raise MealRefused(_("%(day)s已经过去了。", day=day), Obstacle.PAST, suggestion=_("请选今天以后的餐。"))
    if (service.on - today).days >= offers.BOOKABLE_DAYS:
        last = near_day(today + timedelta(days=offers.BOOKABLE_DAYS - 1), today)
        raise MealRefused(_("现在只能订到%(last)s的餐。", last=last), Obstacle.TOO_FAR_AHEAD)
    why = why_not_served(senior.id, service.on)
    if why is not None:
        raise _not_served(senior, why, day)


def _not_served(senior: Senior, why: SeniorStatus, day: str) -> MealRefused:
    sentence = _("%(name)s在%(day)s的状态是“%(status)s”，这一天不供餐。", name=senior.name, day=day, status=word(why))
    if why is SeniorStatus.DECEASED:
        return MealRefused(sentence, Obstacle.NOT_SERVED)
    return MealRefused(
        sentence, Obstacle.NOT_SERVED, suggestion=_("如果情况变了，请告诉社区的工作人员更新状态，更新后马上就能订。")
    )


def check_open(senior: Senior, service: ServiceLine, *, like: uuid.UUID | None = None, now: datetime) -> None:
    """The canteen cooks that day, the cut-off has not passed, and a place is left."""
    if service.is_shut:
        raise shut(senior, service, now, like)
    if service.is_past_cut_off(now):
        raise too_late(senior, service, now, like)
    if service.left == 0:
        raise full(senior, service, now, like)
    if not service.dishes:
        sentence = _("%(canteen)s还没有公布这一餐的菜单。", canteen=service.canteen_name)
        raise _refused(sentence, Obstacle.NO_MENU, senior, service, now)


def reason_shut(service: ServiceLine, now: datetime) -> str:
    """Why nothing can be booked there, in a few words for a list; empty where something can."""
    if service.is_shut:
        return _("这天不营业：%(reason)s", reason=service.shut_reason) if service.shut_reason else _("这天不营业")
    if service.is_past_cut_off(now):
        return _("%(time)s 已截止", time=near_time(service.cut_off_at, now))
    if service.left == 0:
        return _("已订满")
    return "" if service.dishes else _("菜单还没公布")


def nobody_cooks(senior: Senior, on: date, meal: Meal, now: datetime) -> MealRefused:
    day = near_day(on, local_day(now))
    instead = offers.nearest(senior, None, on, meal, now=now)
    return MealRefused(
        _("附近的餐厅%(day)s不供应%(meal)s。", day=day, meal=word(meal)), Obstacle.NO_MENU,
        suggestion=offers.in_words(instead, now), alternative=instead,
    )  # fmt: skip


def counted(service: ServiceLine, now: datetime) -> MealRefused:
    """The portion stands: the kitchen cooks by the count. Who cannot come calls the canteen."""
    return MealRefused(
        _("%(time)s 已截止，厨房按这个数备餐，不能再改了。", time=near_time(service.cut_off_at, now)), Obstacle.CUT_OFF,
        suggestion=_("如果不能来吃，请打电话告诉%(canteen)s：%(phone)s。", canteen=service.canteen_name,
                     phone=service.phone or "12349"),
    )  # fmt: skip


def shut(senior: Senior, service: ServiceLine, now: datetime, like: uuid.UUID | None = None) -> MealRefused:
    day = near_day(service.on, local_day(now))
    if service.shut_reason:
        sentence = _(
            "%(canteen)s%(day)s不营业：%(reason)s。", canteen=service.canteen_name, day=day, reason=service.shut_reason
        )
    else:
        sentence = _("%(canteen)s%(day)s不营业。", canteen=service.canteen_name, day=day)
    return _refused(sentence, Obstacle.SHUT, senior, service, now, like=like)


def too_late(senior: Senior | None, service: ServiceLine, now: datetime, like: uuid.UUID | None = None) -> MealRefused:
    sentence = _("%(time)s 已截止，厨房已经按订数备餐。", time=near_time(service.cut_off_at, now))
    if senior is None:
        return MealRefused(sentence, Obstacle.CUT_OFF)
    return _refused(sentence, Obstacle.CUT_OFF, senior, service, now, like=like)


def full(senior: Senior, service: ServiceLine, now: datetime, like: uuid.UUID | None = None) -> MealRefused:
    sentence = _(
        "%(canteen)s%(day)s这一餐的 %(capacity)d 份已经订满了。",
        canteen=service.canteen_name, day=near_day(service.on, local_day(now)), capacity=service.capacity,
    )  # fmt: skip
    return _refused(sentence, Obstacle.FULL, senior, service, now, like=like)


def second_portion(senior: Senior, service: ServiceLine, now: datetime) -> MealRefused:
    return MealRefused(
        _(
            "%(name)s%(day)s的%(meal)s已经订过了，每人每餐一份。",
            name=senior.name, day=near_day(service.on, local_day(now)), meal=word(service.meal),
        ),
        Obstacle.BOOKED_ALREADY,
        suggestion=_("想换菜或换餐厅，请改已经订的那一份。"),
    )  # fmt: skip


def check_dish(
    senior: Senior,
    service: ServiceLine,
    dish_id: uuid.UUID,
    handover: Handover,
    *,
    is_diet_waived: bool,
    now: datetime,
) -> Offer:
    """The dish is on the menu, holds nothing the senior must not eat, and suits the diets or was confirmed."""
    dish = next((one for one in service.dishes if one.id == dish_id), None)
    if dish is None:
        sentence = _("%(canteen)s这一餐没有这道菜了。", canteen=service.canteen_name)
        raise _refused(sentence, Obstacle.NO_MENU, senior, service, now, not_dish=dish_id)
    offer = offers.offer(senior, dish, service.on)
    words = {"name": senior.name, "dish": dish.name}
    if offer.clashes:
        what = _("、").join(word(one) for one in offer.clashes)
        sentence = _("%(name)s对%(what)s过敏，“%(dish)s”里有%(what)s，不能订。", what=what, **words)
        raise _refused(sentence, Obstacle.ALLERGEN, senior, service, now, not_dish=dish_id)
    if offer.unsuited and not is_diet_waived:
        what = _("、").join(word(one) for one in offer.unsuited)
        sentence = _("“%(dish)s”不符合%(name)s的饮食要求：%(what)s。", what=what, **words)
        raise _refused(sentence, Obstacle.DIET, senior, service, now, not_dish=dish_id)
    if handover is Handover.DELIVERY and not service.delivers:
        raise MealRefused(
            _("%(canteen)s不送餐。", canteen=service.canteen_name), Obstacle.NO_DELIVERY,
            suggestion=_("可以改为到店吃，或请家人、邻居来取。"),
        )  # fmt: skip
    return offer
