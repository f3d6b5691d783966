"""A helper's working day in a file: out, in again, and what is said of what cannot be read."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from domain.times import utc_now
from extensions import db, unit_of_work
from models import Helper, ImportRegistry, ImportRow, Role
from policy import Permission, actor_of
from queries import helpers as helper_queries
from queries.helpers import HelperFilter
from services import imports
from services.import_columns import helpers as helper_columns
from tests.factories import BAOTA, VILLAGE, make_centre, make_divisions, make_helper
from tests.sheets import workbook


@pytest.fixture
def by(app, make_user):
    """A county officer of 宝塔区."""
    make_divisions()
    return actor_of(make_user(Role.COUNTY_OFFICER, division_code=BAOTA), utc_now().date())


def _stage(by, content):
    with unit_of_work():
        return imports.stage(ImportRegistry.HELPERS, "助老员.xlsx", content, by=by, now=utc_now()).id


def _confirm(by, batch_id):
    with unit_of_work():
        return imports.confirm(batch_id, by=by, now=utc_now()).saved


def _rows(batch_id):
    db.session.expire_all()
    return list(db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)))


def _kinds(batch_id):
    return [row.kind.value for row in _rows(batch_id)]


def _reasons(batch_id):
    return [(one["column"], one["reason"]) for row in _rows(batch_id) for one in json.loads(row.payload)["issues"]]


def test_a_helpers_working_day_goes_out_and_comes_in_again(by):
    station = make_centre(name="枣园站", division_code=VILLAGE)
    workday = {
        "contracted_minutes": 420, "break_minutes": 60, "break_earliest": 690, "break_latest": 780, "capacity": 12,
        "end_centre_id": station.id, "division_code": VILLAGE,
    }  # fmt: skip
    make_helper(name="李秀英", **workday)
    db.session.commit()
    records = helper_queries.export(by.scope(Permission.HELPER_EDIT), HelperFilter(), today=date(2026, 11, 24))
    headers = [column.label for column in helper_columns.importer.written_columns()]
    rows = [headers, *helper_columns.importer.written(records)]
    assert _kinds(_stage(by, workbook(rows))) == ["same"]
    db.session.delete(db.session.scalars(select(Helper)).one())
    db.session.commit()
    assert _confirm(by, _stage(by, workbook(rows))) == {"new": 1, "changed": 0}
    helper = db.session.scalars(select(Helper)).one()
    assert {name: getattr(helper, name) for name in workday} == workday


def test_a_station_nobody_has_and_a_break_without_a_time_are_said(by):
    make_centre(name="同名站", division_code=VILLAGE)
    make_centre(name="同名站", division_code=VILLAGE)
    db.session.commit()
    rows = [
        ["姓名", "类型", "所在区划", "收工站点", "午休分钟", "午休最早"],
        ["李秀英", "爱心助老员", "赵家岸村", "没有的站", "", ""],
        ["王强", "志愿者", "赵家岸村", "同名站", "", ""],
        ["赵刚", "志愿者", "赵家岸村", "", 60, "中午"],
        ["赵铁", "志愿者", "赵家岸村", "", 60, ""],
    ]
    batch = _stage(by, workbook(rows))
    assert _kinds(batch) == ["bad"] * 4
    assert {
        ("收工站点", "没有这个站点，请写登记的名称。"),
        ("收工站点", "有几个站点叫这个名字，请到页面上选。"),
        ("午休最早", "请按 08:30 这样填写时间。"),
        ("午休最早", "请填写午休最早几点开始。"),
    } <= set(_reasons(batch))
