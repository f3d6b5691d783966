"""The demo city has the real one's shape, and the same seed gives the same city."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from demo import load as loading
from demo import menus, places, shape, sites
from demo.births import birth
from demo.people import Census
from domain import divisions, identity
from domain.codes import Diet
from domain.times import utc_now
from extensions import db
from models import Centre, CentreKind, Division, Helper, Senior, SeniorKey, User, VisitPlan

TODAY = date(2026, 11, 23)


class _Nobody:
    """Watches no progress."""

    def begin(self, label: str, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


@pytest.fixture(scope="module")
def city() -> places.City:
    counties, _aliases = divisions.reference()
    return places.build([(c.code, c.name, c.latitude, c.longitude) for c in counties if not c.code.endswith("00")])


def test_it_is_divided_as_the_real_one(city):
    assert (len(city.counties), len(city.townships), len(city.villages)) == (13, 117, 1797)
    assert sum(town.is_urban for town in city.townships) == 21
    assert len({place.code for place in (*city.townships, *city.villages)}) == 117 + 1797


def test_every_place_lies_in_the_city_and_nearest_to_its_own_county(city):
    for village in city.villages:
        assert divisions.is_in_city(village.latitude, village.longitude)
    for town in city.townships:
        point = (town.latitude, town.longitude)
        nearest = min(city.counties, key=lambda one, p=point: places.distance_km(p, (one.latitude, one.longitude)))
        assert nearest.code == town.county


def test_it_has_as_many_centres_of_each_kind_and_beds_in_all(city):
    rows = sites.centres(city)
    assert Counter(row["kind"] for row in rows) == {
        CentreKind.DAY_CARE: 114, CentreKind.MUTUAL_AID: 1450, CentreKind.EMBEDDED: 5, CentreKind.REGIONAL: 6,
        CentreKind.INSTITUTION: 46,
    }  # fmt: skip
    assert sum(row["beds"] for row in rows) == 13_500


def test_its_canteens_are_all_in_the_home_county_and_cook_for_every_diet(city):
    canteens = sites.canteens(city)
    assert len(canteens) == 15
    assert {row["division_code"][:6] for row in canteens} == {shape.HOME_COUNTY}
    dishes = {row["id"]: set(row["diets"]) for row in menus.dishes(canteens)}
    meals = sites.canteen_meals(canteens)
    numbers = {row["id"]: number for number, row in enumerate(canteens)}
    for_whom: dict[tuple, set[str]] = {}
    for item in menus.weeks(meals, numbers, TODAY):
        for_whom.setdefault((item["canteen_id"], item["on"], item["meal"]), set()).update(dishes[item["dish_id"]])
    lacking = {key: set(Diet) - diets for key, diets in for_whom.items() if key[2] == "lunch" and set(Diet) - diets}
    assert lacking == {}


def test_half_a_million_people_share_no_identity_number():
    births = {birth(number) for number in range(500_000)}
    assert len(births) == 500_000
    assert max(ordinal for _day, ordinal in births) < 500, "three digits hold 500 orders of each sex"


def test_every_identity_number_is_right_and_says_what_the_person_is(city):
    census = Census(city)
    for person in (census.person(number, TODAY) for number in range(0, 400_000, 400)):
        if person.identity_number:
            found = identity.read(person.identity_number, today=TODAY, allow_demo=True)
            assert (found.born_on, found.is_male) == (person.born_on, person.sex == "male")


def test_the_same_person_comes_out_twice(city):
    one, other = Census(city).person(4711, TODAY), Census(city).person(4711, TODAY)
    assert (one.id, one.name, one.address, one.diets) == (other.id, other.name, other.address, other.diets)


def test_loading_twice_adds_nothing_and_loading_more_goes_on(app):
    first = loading.load(60, now=utc_now(), progress=_Nobody())
    assert (first.seniors, first.added) == (60, 60)
    users = db.session.scalar(select(func.count()).select_from(User))
    assert loading.load(60, now=utc_now(), progress=_Nobody()).added == 0
    assert loading.load(80, now=utc_now(), progress=_Nobody()).added == 20
    assert db.session.scalar(select(func.count()).select_from(User)) == users == 10
    assert db.session.scalar(select(func.count()).select_from(Centre)) == 1621
    assert db.session.scalar(select(func.count()).select_from(Division)) == 1 + 13 + 117 + 1797
    assert db.session.scalar(select(func.count()).select_from(Helper)) >= 13 * 3
    assert db.session.scalar(select(func.count()).select_from(VisitPlan)) == 80
    known = select(Senior.name).join(SeniorKey, SeniorKey.senior_id == Senior.id).where(SeniorKey.key == "zhangyulan")
    assert "张玉兰" in db.session.scalars(known).all()


def test_its_visits_and_helpers_ask_for_what_rounds_can_do(app):
    loading.load(600, now=utc_now(), progress=_Nobody())
    for said in (VisitPlan.needs_two, VisitPlan.is_soft, VisitPlan.wishes_sex, VisitPlan.needs_language):
        share = db.session.scalar(select(func.count()).select_from(VisitPlan).where(said)) / 600
        assert 0 < share < 0.2, said
    both = db.session.scalars(select(VisitPlan).where(VisitPlan.needs_two)).all()
    assert {skill for plan in both for skill in plan.skills} >= {"bathing"}
    assert any(len(plan.spans) == 2 for plan in db.session.scalars(select(VisitPlan)))
    helpers = db.session.scalars(select(Helper)).all()
    assert any(helper.break_minutes for helper in helpers)
    assert any(helper.contracted_minutes for helper in helpers)
    assert any(helper.capacity for helper in helpers)
