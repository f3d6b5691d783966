"""`flask meal-runs plan`: a meal's deliveries planned from the shell."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.times import local_day
from extensions import db
from models import MealRunKind, MealRunPlan, ProposalStatus
from tests.factories import BAOTA, make_canteen, make_dish, make_helper, make_senior, make_service, make_visit
from tests.meal_runs import make_portion


@pytest.fixture
def on(app):
    return local_day(datetime.now(UTC)) + timedelta(days=1)


@pytest.fixture
def canteen(on):
    """A lunch that a helper can bring, one that nobody can bring hot, and a visit."""
    canteen = make_canteen()
    dish = make_dish(canteen)
    service = make_service(canteen, on, dish, cut_off_at=datetime.now(UTC) - timedelta(hours=1))
    make_portion(service, dish, make_senior(latitude=36.69))
    make_portion(service, dish, make_senior(name="远处的", latitude=38.5, address="远处"))
    make_visit(make_senior(name="白生才", latitude=36.68), on)
    make_helper(capacity=10)
    db.session.commit()
    return canteen


def run(app, *words):
    return app.test_cli_runner().invoke(args=["meal-runs", "plan", "--iterations", "20", *words])


def test_a_meal_is_planned_and_published(app, canteen, on):
    answer = run(app, "--date", str(on), "--canteen", str(canteen.id), "--publish")
    assert answer.exit_code == 0, answer.output
    assert "1/2" in answer.output
    assert "已发布" in answer.output
    db.session.rollback()
    assert db.session.scalars(select(MealRunPlan.status)).all() == [ProposalStatus.PUBLISHED]


def test_a_joint_meal_shows_both_ways_and_publishes_the_better(app, canteen, on):
    answer = run(app, "--date", str(on), "--division", BAOTA, "--joint", "--publish")
    assert answer.exit_code == 0, answer.output
    assert "顺路单" in answer.output
    assert "分开排" in answer.output
    db.session.rollback()
    rows = db.session.execute(select(MealRunPlan.kind, MealRunPlan.status)).tuples().all()
    assert {kind for kind, _status in rows} == {MealRunKind.JOINT, MealRunKind.APART}
    assert sorted(status for _kind, status in rows) == [ProposalStatus.PROPOSED, ProposalStatus.PUBLISHED]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "2020-01-01", "--division", BAOTA), "已经过去"),
        (("--date", "2020-01-01"), "二者选一"),
        (("--date", "2999-01-01", "--division", BAOTA), "太远"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(app, canteen, words, sentence):
    answer = run(app, *words)
    assert answer.exit_code != 0
    assert sentence in answer.output


def test_a_meal_with_nothing_to_bring_says_so(app, canteen, on):
    answer = run(app, "--date", str(on), "--division", BAOTA, "--meal", "supper")
    assert (answer.exit_code, "没有要送的" in answer.output) == (1, True)
