"""Helpers: enough of each county's for the visits its seniors are promised, with shifts, skills and bases."""

import math
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain import names
from domain.codes import Skill, Speech
from models import HelperKind, Means, Sex

from .dice import Dice, id_of
from .keys import phone_index, phone_of
from .places import City, Place
from .shape import COUNTIES, HOME_COUNTY
from .words import full_name, years_before

Rows = list[dict[str, Any]]
VISITS_A_DAY_PER_SENIOR = 0.075
"""Due visits of a working day per senior with a visit plan, from the tiers' shares and frequencies."""
VISITS_PER_HELPER = 7
LEAST = 3
PORTIONS = 12
"""What fits into a hot box on a motorcycle."""
KNOWN = "冯改娥"
"""The home county's first helper, whose account the demo has."""
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
"""The first helper of a county is there every day, so that no day is without anybody."""
_SKILLS = ((Skill.NURSING, 0.45), (Skill.VITAL_SIGNS, 0.75), (Skill.REHABILITATION, 0.25), (Skill.BATHING, 0.35),
           (Skill.COUNSELLING, 0.4), (Skill.ERRANDS, 0.8))  # fmt: skip
_KINDS = ((HelperKind.VILLAGE, 30), (HelperKind.PAIRED_POST, 22), (HelperKind.CARE_WORKER, 38),
          (HelperKind.VOLUNTEER, 10))  # fmt: skip


def count_for(county: str, seniors_visited: int) -> int:
    """How many helpers a county needs for the city's `seniors_visited`."""
    people = sum(shape.people for shape in COUNTIES)
    share = next(shape.people for shape in COUNTIES if shape.code == county) / people
    return max(LEAST, math.ceil(seniors_visited * share * VISITS_A_DAY_PER_SENIOR / VISITS_PER_HELPER) + 1)


def helper_id(county: str, number: int) -> Any:
    return id_of("helper", county, number, number=number)


def helpers(city: City, county: str, numbers: Iterable[int], today: date) -> tuple[Rows, Rows]:
    """Rows of helpers `numbers` of a county, and of their weekly shifts."""
    villages = city.villages_of(county)
    towns = [town for town in city.townships if town.county == county]
    rows = []
    shifts: Rows = []
    for number in numbers:
        town = towns[(number * 7) % len(towns)]
        dice = Dice("helper", county, number)
        base = dice.choice([village for village in villages if village.code.startswith(town.code)])
        rows.append(_helper(county, number, base, dice, today))
        days = _EVERY_DAY if number == 0 else _week(dice)
        shifts += _shifts(rows[-1]["id"], rows[-1]["kind"], days)
    return rows, shifts


def _helper(county: str, number: int, base: Place, dice: Dice, today: date) -> dict[str, Any]:
    is_known = (county, number) == (HOME_COUNTY, 0)
    is_woman = is_known or dice.happens(0.68)
    name = KNOWN if is_known else full_name(dice, is_woman=is_woman, is_old=dice.happens(0.3))
    kind = dice.one(_KINDS) if county != "610621" else dice.one(((HelperKind.VILLAGE, 8), (HelperKind.CARE_WORKER, 2)))
    skills = [skill.value for skill, share in _SKILLS if dice.happens(share)]
    if number % 3 == 0:  # whatever a senior needs, somebody in the county can do it
        skills = [skill.value for skill, _share in _SKILLS]
    phone = phone_of(dice)
    is_paired = kind is HelperKind.PAIRED_POST
    return {
        "id": helper_id(county, number), "name": name, "pinyin": names.pinyin(name), "kind": kind,
        "sex": Sex.FEMALE if is_woman else Sex.MALE, "phone": phone, "phone_index": phone_index(phone),
        "division_code": base.code, "latitude": base.latitude, "longitude": base.longitude, "skills": skills,
        "languages": [Speech.MANDARIN.value, *([Speech.SHAANBEI.value] if dice.happens(0.9) else []),
                      *([Speech.GUANZHONG.value] if county in {"610629", "610632", "610628"} else [])],
        "means": Means.MOTOR, "capacity": PORTIONS,
        "max_daily_minutes": 480 if kind is not HelperKind.VOLUNTEER else 300, "is_active": True,
        "hardship_proof": f"困难家庭认定 {county}-{number:03d}" if is_paired else "",
        "hardship_valid_to": years_before(today, -1) if is_paired else None,
        "post_monthly_hours": 60 if is_paired else None, "is_demo": True, **_working_day(county, number, kind),
    }  # fmt: skip


def _working_day(county: str, number: int, kind: HelperKind) -> dict[str, Any]:
    """What is paid, when they eat, and how much they carry: care workers work by contract and carry nothing."""
    dice = Dice("working day", county, number)
    has_break = kind is not HelperKind.VOLUNTEER and dice.happens(0.6)
    contracts = {HelperKind.CARE_WORKER: 420, HelperKind.VILLAGE: 390, HelperKind.PAIRED_POST: 360}
    return {
        "contracted_minutes": contracts.get(kind), "break_minutes": 45 if has_break else 0,
        "break_earliest": 690 if has_break else None, "break_latest": 780 if has_break else None,
        "capacity": 0 if kind is HelperKind.CARE_WORKER else dice.choice((8, 12, 16)),
    }  # fmt: skip


def _week(dice: Dice) -> list[int]:
    """Monday to Friday for most; some work Tuesday to Saturday, or at the weekend."""
    first = dice.choices((1, 2, 3), (5, 2, 2))[0]
    return sorted((first + number - 1) % 7 + 1 for number in range(5))


def _shifts(helper: Any, kind: HelperKind, days: Iterable[int]) -> Iterator[dict[str, Any]]:
    begins, ends = (510, 1080) if kind is not HelperKind.VOLUNTEER else (540, 960)
    for day in days:
        yield {"id": id_of("shift", helper, day), "helper_id": helper, "weekday": day,
               "start_minute": begins, "end_minute": ends}  # fmt: skip
