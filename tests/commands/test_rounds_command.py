"""`flask rounds plan`: a day planned from the shell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.times import local_day
from extensions import db
from models import PlanMethod, Proposal, ProposalStatus, Visit, VisitStatus
from tests.factories import BAOTA, YANCHANG, make_divisions, make_helper, make_senior, make_visit
from tests.gateways.workers import jobs


@pytest.fixture
def tomorrow(app):
    return local_day(datetime.now(UTC)) + timedelta(days=1)


@pytest.fixture
def day(tomorrow):
    """Two visits one helper can make, and one nobody can."""
    make_helper()
    for number in range(2):
        make_visit(make_senior(name=f"张玉兰{number}", latitude=36.68 + number / 100), tomorrow)
    make_visit(make_senior(name="薛占山"), tomorrow, skills=["bathing"])
    db.session.commit()
    return tomorrow


def run(app, *words):
    return app.test_cli_runner().invoke(args=["rounds", "plan", "--iterations", "20", *words])


def test_a_day_is_planned_in_processes_and_published(app, day):
    answer = run(app, "--date", str(day), "--division", BAOTA, "--division", YANCHANG, "--publish")
    assert answer.exit_code == 0, answer.output
    assert "2/3" in answer.output
    assert "已发布" in answer.output
    assert "没有要安排的" in answer.output
    assert "1 × 当班的助老员里没有人会“助浴”。" in answer.output
    db.session.rollback()
    assert db.session.scalars(select(Proposal.status)).all() == [ProposalStatus.PUBLISHED]
    assert sorted(db.session.scalars(select(Visit.status))) == [
        VisitStatus.DUE,
        VisitStatus.PLANNED,
        VisitStatus.PLANNED,
    ]
    again = run(app, "--date", str(day), "--division", BAOTA)
    assert again.exit_code == 1
    assert "已经发布" in again.output


@pytest.mark.parametrize(
    ("day", "code", "sentence"),
    [("2020-01-01", BAOTA, "已经过去"), ("2999-01-01", BAOTA, "太远"), ("2026-13-01", BAOTA, "Invalid value")],
)
def test_a_day_that_cannot_be_planned_is_refused(app, day, code, sentence):
    make_divisions()
    db.session.commit()
    answer = run(app, "--date", day, "--division", code)
    assert answer.exit_code != 0
    assert sentence in answer.output


def test_a_place_that_is_not_there_is_refused(app, tomorrow):
    answer = run(app, "--date", str(tomorrow), "--division", "610699")
    assert answer.exit_code == 1
    assert "没有这个区划" in answer.output


def test_the_whole_city_is_planned_but_for_what_is_published(app, day):
    make_divisions()
    db.session.commit()
    assert run(app, "--date", str(day), "--division", BAOTA, "--publish").exit_code == 0
    answer = run(app, "--date", str(day), "--all-counties")
    assert answer.exit_code == 0, answer.output
    assert "已经发布" in answer.output
    assert answer.output.count("没有要安排的") == 1
    assert len(db.session.scalars(select(Proposal)).all()) == 1


@pytest.mark.parametrize("words", [(), ("--division", BAOTA, "--all-counties")])
def test_what_to_plan_is_said_once(app, tomorrow, words):
    answer = run(app, "--date", str(tomorrow), *words)
    assert answer.exit_code == 2
    assert "--all-counties" in answer.output


def test_a_county_that_kills_its_process_is_planned_for_emergencies_and_the_command_says_so(app, day, monkeypatch):
    monkeypatch.setattr("services.city_search.searched", jobs.die_whatever)
    answer = run(app, "--date", str(day), "--division", BAOTA)
    assert answer.exit_code == 0, answer.output
    assert "停了 2 次，这里用的是应急方案" in answer.output
    db.session.rollback()
    assert db.session.scalars(select(Proposal.method)).all() == [PlanMethod.CHEAPEST_INSERTION]


@pytest.mark.server
def test_a_cluster_out_of_reach_is_told_of(app, day, monkeypatch):
    monkeypatch.setattr("gateways.workers.cluster.PATIENCE", "0.3s")
    monkeypatch.setitem(
        app.extensions, "settings", replace(app.extensions["settings"], planning_executor="dask://127.0.0.1:9")
    )
    answer = run(app, "--date", str(day), "--division", BAOTA)
    assert answer.exit_code == 0, answer.output
    assert "dask://127.0.0.1:9 连不上，改用本机的进程。" in answer.output
    assert "2/3" in answer.output
