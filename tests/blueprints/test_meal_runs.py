"""The pages of meal runs: the day's board, a plan, together or apart, run sheets, couriers; and who may."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.meal_runs import searching
from dispatch import Limit
from domain.times import local_day
from extensions import db
from gateways.travel import StraightLine
from models import (
    AuditEntry,
    Canteen,
    CanteenCourier,
    Grant,
    Meal,
    MealRun,
    MealRunKind,
    MealRunPlan,
    ProposalStatus,
    Role,
    Visit,
    VisitStatus,
)
from policy import SYSTEM
from services import meal_run_days, meal_run_search, meal_runs
from services.joint_plans import Found
from tests.factories import (
    BAOTA,
    YANCHANG,
    make_canteen,
    make_dish,
    make_divisions,
    make_helper,
    make_senior,
    make_service,
    make_visit,
)
from tests.meal_runs import by_hand, make_courier, make_portion, plan_of
from tests.statements import counted


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def on(now):
    return local_day(now) + timedelta(days=1)


@pytest.fixture
def canteen():
    return make_canteen(name="河庄坪食堂")


@pytest.fixture
def portions(canteen, on):
    """Three lunches for two doors, counted."""
    dish = make_dish(canteen, name="清炖羊肉")
    service = make_service(canteen, on, dish, cut_off_at=datetime.now(UTC) - timedelta(hours=1))
    couple = {"latitude": 36.69, "longitude": 109.41, "address": "二组 3 号", "landmark": "大槐树下"}
    return [
        make_portion(service, dish, make_senior(name="张玉兰", **couple), allergens=["egg"], diets=["soft"]),
        make_portion(service, dish, make_senior(name="李满仓", **couple)),
        make_portion(service, dish, make_senior(name="薛占山", latitude=36.70, address="三组 1 号")),
    ]


def kept(on, now, **orders) -> MealRunPlan:
    day = meal_run_days.prepare(BAOTA, on, Meal.LUNCH, today=local_day(now), travel=StraightLine())
    plan = meal_run_search.keep(day, by_hand(day, orders or None), by=SYSTEM, now=now)
    db.session.commit()
    return plan


@pytest.fixture
def plan(portions, on, now):
    make_helper(capacity=20)
    return kept(on, now)


@pytest.fixture
def dispatcher(make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def posted(client, address, **options):
    """The page that comes after posting."""
    return client.get(client.post(address, **options).location).text


def run_of(plan):
    return db.session.scalars(select(MealRun).where(MealRun.plan_id == plan.id)).one()


def test_the_board_shows_what_has_no_bearer_and_leads_to_planning(dispatcher, portions, on, canteen):
    page = dispatcher.get(f"/meal-runs?on={on}").text
    assert "河庄坪食堂" in page
    assert "3 份没人送" in page
    assert f"canteen_id={canteen.id}" in page


def test_the_board_says_when_there_is_nothing_to_deliver(dispatcher):
    assert "没有要送到家的餐" in dispatcher.get("/meal-runs").text


def test_a_made_up_day_in_the_address_is_today(dispatcher):
    assert dispatcher.get("/meal-runs?on=yesterday").status_code == 200


def test_before_planning_one_sees_how_much_there_is(dispatcher, portions, on):
    page = dispatcher.get(f"/meal-runs/new?division_code={BAOTA}&on={on}&meal=lunch").text
    assert 'class="stat-number">3' in page
    assert "河庄坪食堂" in page
    assert "没有要送的" in dispatcher.get(f"/meal-runs/new?on={on}&meal=supper").text


def test_a_plan_shows_its_figures_runs_and_heat(dispatcher, plan):
    page = dispatcher.get(f"/meal-runs/{plan.id}").text
    assert "一份也没有落下" in page
    assert "李秀英" in page
    assert "取 3 份" in page
    assert "离开窗口" in page
    assert "张玉兰" not in page  # names are masked on a screen
    assert "<svg" in page


def test_a_plan_says_why_a_portion_is_left_out(dispatcher, portions, on, now):
    helper = make_helper(capacity=20)
    plan = kept(on, now, **{str(helper.id): [str(portions[2].id)]})
    page = dispatcher.get(f"/meal-runs/{plan.id}").text
    assert page.count("都排满了") == 2  # each of the couple's portions


def test_publishing_tells_the_bearer_and_the_canteen(dispatcher, plan, make_user, sign_in, canteen):
    assert "已发布" in posted(dispatcher, f"/meal-runs/{plan.id}/publish")
    run = run_of(plan)
    helper = sign_in(make_user(Role.HELPER, helper_id=run.helper_id))
    assert f"/meal-runs/sheets/{run.id}" in helper.get("/meal-runs").text
    sheet = helper.get(f"/meal-runs/sheets/{run.id}").text
    for text in ("张玉兰", "过敏：", "清炖羊肉", "大槐树下", "在河庄坪食堂取餐"):
        assert text in sheet
    manager = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=canteen.id))
    assert f"/meal-runs/sheets/{run.id}" in manager.get("/meal-runs").text
    assert "薛占山" in manager.get(f"/meal-runs/sheets/{run.id}").text


def test_a_draft_is_nobodys_but_the_planners(plan, make_user, sign_in, canteen):
    run = run_of(plan)
    for role, scope in (
        (Role.HELPER, {"helper_id": run.helper_id}),
        (Role.CANTEEN_MANAGER, {"canteen_id": canteen.id}),
    ):
        page = sign_in(make_user(role, **scope))
        assert page.get(f"/meal-runs/sheets/{run.id}").status_code == 404
        assert page.get(f"/meal-runs/{plan.id}").status_code == 404
        assert page.post(f"/meal-runs/{plan.id}/publish").status_code == 403


def test_a_canteen_reads_only_what_goes_over_its_own_counter(dispatcher, portions, on, now, make_user, sign_in):
    other = make_canteen(name="枣园食堂")
    dish = make_dish(other)
    service = make_service(other, on, dish, cut_off_at=now - timedelta(hours=1))
    make_portion(service, dish, make_senior(name="贺治军", address="别处", latitude=36.72))
    make_helper(capacity=20)
    plan = kept(on, now)
    meal_runs.publish(plan.id, by=SYSTEM, now=now)
    db.session.commit()
    manager = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=other.id))
    sheet = manager.get(f"/meal-runs/sheets/{run_of(plan).id}").text
    assert "贺治军" in sheet
    assert "张玉兰" not in sheet


def test_reading_a_sheet_is_written_down(dispatcher, plan):
    dispatcher.get(f"/meal-runs/sheets/{run_of(plan).id}")
    assert "meal_run.show" in db.session.scalars(select(AuditEntry.act)).all()


def test_a_refusal_is_said_on_the_plans_page(dispatcher, plan, portions):
    portions[0].status = "cancelled"
    db.session.commit()
    page = posted(dispatcher, f"/meal-runs/{plan.id}/publish")
    assert "1 份餐已经变了" in page


def test_taking_back_and_discarding(dispatcher, plan):
    dispatcher.post(f"/meal-runs/{plan.id}/publish")
    assert "已撤回" in posted(dispatcher, f"/meal-runs/{plan.id}/unpublish")
    assert "已放弃" in posted(dispatcher, f"/meal-runs/{plan.id}/discard")
    assert db.session.scalars(select(MealRunPlan.status)).one() == ProposalStatus.DISCARDED


@pytest.fixture
def joint(portions, on, now):
    helper = make_helper(capacity=20)
    visit = make_visit(make_senior(name="白生才", latitude=36.71), on)
    day = meal_run_days.prepare(BAOTA, on, Meal.LUNCH, is_joint=True, today=local_day(now), travel=StraightLine())
    first, second = day.drops
    together = plan_of(day.problem, {str(helper.id): [first, second, str(visit.id)]})
    apart = plan_of(day.problem, {str(helper.id): [second, first, str(visit.id)]})
    kept = meal_run_search.keep(day, Found(together, apart, together.figures), by=SYSTEM, now=now)
    db.session.commit()
    return kept


def test_a_joint_plan_says_what_it_saves_and_waits_for_a_decision(dispatcher, joint):
    page = dispatcher.get(f"/meal-runs/{joint.id}").text
    assert "合在一起少走" in page
    assert "1 次探访由送餐的人顺路做。" in page
    assert "用顺路单，发布" in page
    assert "不合，分开发布" in page


@pytest.mark.parametrize("kind", [MealRunKind.JOINT, MealRunKind.APART])
def test_either_way_the_visits_are_planned_too(dispatcher, joint, kind):
    plan = db.session.scalars(select(MealRunPlan).where(MealRunPlan.kind == kind)).one()
    page = posted(dispatcher, f"/meal-runs/{plan.id}/publish")
    assert "已发布" in page
    assert "用顺路单，发布" not in page
    assert db.session.scalars(select(Visit.status)).one() == VisitStatus.PLANNED


def create(client, on, **changes):
    data = {"division_code": BAOTA, "on": str(on), "meal": "lunch", "seconds": "5", "canteen_id": ""}
    return client.post("/meal-runs", data=data | changes)


@pytest.fixture
def hurried(monkeypatch):
    """Searches of some iterations only."""
    monkeypatch.setattr(searching, "Limit", lambda **_asked: Limit(iterations=20))


def finished(plan_id):
    """Wait for the thread of a search."""
    for thread in threading.enumerate():
        if thread.name == f"meal-runs-{plan_id}":
            thread.join(60)
    db.session.rollback()
    return db.session.scalars(select(MealRunPlan).where(MealRunPlan.id == plan_id)).one()


@pytest.mark.parametrize("joint", ["", "y"])
def test_pressing_the_button_searches_in_the_background(dispatcher, portions, on, hurried, joint):
    make_helper(capacity=20)
    make_visit(make_senior(name="白生才"), on)
    db.session.commit()
    answer = create(dispatcher, on, **({"is_joint": joint} if joint else {}))
    assert answer.status_code == 303
    kept = finished(uuid.UUID(answer.location.rsplit("/", 1)[-1]))
    assert kept.status == ProposalStatus.PROPOSED
    assert (kept.figures["delivered"], kept.figures["visits_served"]) == (3, 1 if joint else 0)
    assert dispatcher.get(f"/meal-runs/{kept.id}").status_code == 200
    assert dispatcher.get(f"/meal-runs/{kept.id}/progress").json["state"] == "proposed"


def test_what_cannot_be_planned_comes_back_with_a_sentence(dispatcher, portions, on, canteen):
    answer = create(dispatcher, on - timedelta(days=9))
    assert (answer.status_code, "已经过去" in answer.text) == (422, True)
    answer = create(dispatcher, on, canteen_id=str(canteen.id), is_joint="y")
    assert (answer.status_code, "连同全部餐厅" in answer.text) == (422, True)
    answer = create(dispatcher, on, division_code=YANCHANG)
    assert answer.status_code == 422


def test_a_search_that_runs_says_how_far_it_is_and_can_be_stopped(dispatcher, on, now):
    order = meal_run_search.Order(BAOTA, on, Meal.LUNCH)
    plan = meal_run_search.begin(order, seconds=20, seed=1, by=SYSTEM, now=now)
    meal_run_search.tell(plan.id, {"seconds": 3.0, "served": 2, "visits": 5, "cost": 1}, now=now)
    db.session.commit()
    assert "停止，用现在最好的" in dispatcher.get(f"/meal-runs/{plan.id}").text
    assert dispatcher.get(f"/meal-runs/{plan.id}/progress").json["served"] == 2
    assert "正在停下" in posted(dispatcher, f"/meal-runs/{plan.id}/stop")


def test_a_search_whose_process_died_says_so(dispatcher, on, now):
    order = meal_run_search.Order(BAOTA, on, Meal.LUNCH)
    plan = meal_run_search.begin(order, seconds=20, seed=1, by=SYSTEM, now=now - timedelta(minutes=5))
    db.session.commit()
    assert "规划中断了" in dispatcher.get(f"/meal-runs/{plan.id}").text


def test_a_canteen_enters_and_removes_its_couriers(make_user, sign_in, canteen):
    page = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=canteen.id))
    address = f"/canteens/{canteen.id}/couriers"
    assert "还没有登记送餐员" in page.get(address).text
    added = posted(page, address, data={"name": "王师傅", "means": "foot", "capacity": "8"})
    assert "王师傅" in added
    courier = db.session.scalars(select(CanteenCourier)).one()
    assert (courier.capacity, courier.means) == (8, "foot")
    page.post(f"{address}/{courier.id}/remove")
    assert "王师傅" not in page.get(address).text
    assert db.session.scalars(select(CanteenCourier)).one().is_active is False


def test_a_wrong_courier_comes_back_as_it_was_typed(make_user, sign_in, canteen):
    page = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=canteen.id))
    answer = page.post(f"/canteens/{canteen.id}/couriers", data={"name": "王师傅", "means": "foot", "capacity": "0"})
    assert answer.status_code == 422
    assert 'value="王师傅"' in answer.text
    assert "1 到 200" in answer.text


def test_anothers_couriers_do_not_exist(make_user, sign_in, canteen):
    other = make_canteen()
    courier = make_courier(other)
    page = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=canteen.id))
    assert page.get(f"/canteens/{other.id}/couriers").status_code == 404
    assert page.post(f"/canteens/{canteen.id}/couriers/{courier.id}/remove").status_code == 404


def test_a_plan_costs_the_same_statements_with_more_doors(dispatcher, plan, portions, on, now):
    with counted(db.engine) as few:
        dispatcher.get(f"/meal-runs/{plan.id}")
    dish = make_dish(make_canteen())
    service = make_service(db.session.get_one(Canteen, dish.canteen_id), on, dish)
    for number in range(12):
        make_portion(service, dish, make_senior(name=f"老人{number}", latitude=36.6 + number / 100))
    make_helper(name="另一位", capacity=20)
    bigger = kept(on, now)
    with counted(db.engine) as many:
        dispatcher.get(f"/meal-runs/{bigger.id}")
    assert many.count == few.count


def test_a_clerk_reads_and_does_not_plan(make_user, sign_in, plan):
    user = make_user(Role.TOWNSHIP_CLERK, division_code=BAOTA)
    user.grants.append(Grant(role=Role.TOWNSHIP_CLERK, division_code=YANCHANG))
    page = sign_in(user)
    assert "发布</button>" not in page.get(f"/meal-runs/{plan.id}").text
    assert page.get("/meal-runs/new").status_code == 403
