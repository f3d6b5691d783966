"""A file is judged row by row, waits for one decision, and is saved whole or not at all."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain import identity
from domain.errors import NotFound, Refusal
from domain.times import utc_now
from extensions import db, unit_of_work
from models import (
    AuditEntry,
    Canteen,
    CanteenMeal,
    Centre,
    Decision,
    Division,
    Helper,
    ImportBatch,
    ImportRegistry,
    ImportRow,
    ImportStatus,
    LivingArrangement,
    Role,
    RowKind,
    Senior,
    SeniorKey,
    SeniorPhone,
    Sex,
)
from models.keyring import identity_index, phone_index
from policy import actor_of
from services import imports
from tests.factories import BAOTA, OTHER_VILLAGE, VILLAGE, make_centre, make_divisions, make_helper, make_senior
from tests.sheets import SENIOR, table, workbook
from tests.statements import counted

SENIORS = ImportRegistry.SENIORS
ZHANG = "610699194303050010"


def _number(n):
    """A demo identity number for the n-th person, with the right last digit."""
    first = f"6106991940{n // 990 % 12 + 1:02d}{n // 45000 % 28 + 1:02d}{n % 990:03d}"
    return first + identity.check_digit(first)


@pytest.fixture
def by(app, make_user):
    """A county officer of 宝塔区."""
    make_divisions()
    return actor_of(make_user(Role.COUNTY_OFFICER, division_code=BAOTA), utc_now().date())


def _stage(by, content, into=SENIORS):
    with unit_of_work():
        return imports.stage(into, "名册.xlsx", content, by=by, now=utc_now()).id


def _seniors(by, *rows):
    return _stage(by, workbook([SENIOR, *rows]))


def _confirm(by, batch_id):
    with unit_of_work():
        return imports.confirm(batch_id, by=by, now=utc_now()).saved


def _rows(batch_id):
    db.session.expire_all()
    statement = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)
    return list(db.session.scalars(statement))


def _kinds(batch_id):
    return [row.kind.value for row in _rows(batch_id)]


def _reasons(batch_id):
    return [(one["column"], one["reason"]) for row in _rows(batch_id) for one in json.loads(row.payload)["issues"]]


def test_a_new_senior_waits_and_is_then_registered_whole(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "河庄坪镇 赵家岸村", "19900001234", "独居"])
    assert _kinds(batch) == ["new"]
    assert db.session.scalars(select(Senior)).all() == []
    assert _confirm(by, batch) == {"new": 1, "changed": 0}
    senior = db.session.scalars(select(Senior)).one()
    assert (senior.residence_code, senior.living, f"{senior.born_on}") == (
        VILLAGE,
        LivingArrangement.ALONE,
        "1943-03-05",
    )
    assert db.session.scalars(select(SeniorPhone)).one().number == "19900001234"
    assert db.session.scalar(select(func.count()).select_from(SeniorKey)) > 3
    assert _rows(batch) == []


def test_the_same_file_again_changes_nothing(by):
    row = ["张玉兰", ZHANG, "赵家岸村", "19900001234", "独居"]
    _confirm(by, _seniors(by, row))
    assert _kinds(_seniors(by, row)) == ["same"]


def test_a_change_is_shown_before_and_after_and_masked(by):
    _confirm(by, _seniors(by, ["张玉兰", ZHANG, "赵家岸村", "19900001234", "独居"]))
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村", "19900005678", "与子女同住"])
    changes = json.loads(_rows(batch)[0].payload)["changes"]
    assert changes["living"] == ["alone", "with_children"]
    assert changes["phones"][1] == ["199****1234", "199****5678"]
    assert _confirm(by, batch) == {"new": 0, "changed": 1}
    assert db.session.scalars(select(Senior)).one().living is LivingArrangement.WITH_CHILDREN


def test_an_empty_cell_and_a_missing_column_change_nothing(by):
    _confirm(by, _seniors(by, ["张玉兰", ZHANG, "赵家岸村", "19900001234", "独居"]))
    again = workbook([["姓名", "身份证号", "居住地", "居住情况"], ["张玉兰", ZHANG, "赵家岸村", ""]])
    assert _kinds(_stage(by, again)) == ["same"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (["张玉兰", 610699194303050010, "赵家岸村"], "身份证号", "1.23E+17"),
        (["张玉兰", "610699194303050011", "赵家岸村"], "身份证号", "最后一位"),
        (["张玉兰", ZHANG, "槐里坪村"], "居住地", "不在您的管理范围内"),
        (["张玉兰", ZHANG, OTHER_VILLAGE], "居住地", "不在您的管理范围内"),
        (["张玉兰", ZHANG, "无名村"], "居住地", "没有找到"),
        (["张玉兰", ZHANG, ""], "居住地", "不能空着"),
        (["", ZHANG, "赵家岸村"], "姓名", "不能空着"),
        (["张玉兰", ZHANG, "赵家岸村", "123"], "电话", "电话号码不对"),
        (["张玉兰", ZHANG, "赵家岸村", "", "合租"], "居住情况", "选一个"),
        (["张玉兰", "", "赵家岸村"], "出生日期", "出生日期"),
    ],
)
def test_a_bad_row_is_told_by_row_column_value_and_reason(by, row, column, reason):
    batch = _seniors(by, row)
    assert _kinds(batch) == ["bad"]
    assert any(one == column and reason in why for one, why in _reasons(batch))
    assert _rows(batch)[0].number == 2


def test_good_rows_are_saved_and_bad_ones_kept_for_the_report(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"], ["李桂花", "1", "赵家岸村"])
    assert _confirm(by, batch) == {"new": 1, "changed": 0}
    assert _kinds(batch) == ["bad"]
    assert db.session.get(ImportBatch, batch).status is ImportStatus.SAVED


def test_of_two_rows_with_one_number_the_second_is_bad(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"], ["张玉兰", ZHANG, "赵家岸村"])
    assert _kinds(batch) == ["new", "bad"]
    assert "第 2 行重复" in _reasons(batch)[0][1]


def test_somebody_registered_elsewhere_is_not_ours_to_change(by):
    make_senior(residence_code=OTHER_VILLAGE, identity_number=ZHANG, identity_index=identity_index(ZHANG))
    db.session.commit()
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    assert _kinds(batch) == ["bad"]
    assert "登记在别的地方" in _reasons(batch)[0][1]


def _twin(by):
    known = make_senior(name="张玉兰", pinyin="zhangyulan")
    db.session.commit()
    row = ["姓名", "出生日期", "居住地", "居住情况"], ["张玉兰", "1943/3/5", "赵家岸村", "空巢"]
    return known.id, _stage(by, workbook(row))


@pytest.mark.parametrize(
    ("decision", "seniors", "saved"),
    [
        (None, 1, {"new": 0, "changed": 0}),
        (Decision.NEW, 2, {"new": 1, "changed": 0}),
        (Decision.MERGE, 1, {"new": 0, "changed": 1}),
    ],
)
def test_a_possible_duplicate_waits_for_a_person(by, decision, seniors, saved):
    known, batch = _twin(by)
    assert _kinds(batch) == ["duplicate"]
    if decision:
        with unit_of_work():
            imports.decide(batch, {2: decision}, by=by)
    assert _confirm(by, batch) == saved
    assert db.session.scalar(select(func.count()).select_from(Senior)) == seniors
    assert (db.session.get(Senior, known).living is LivingArrangement.EMPTY_NEST) == (decision is Decision.MERGE)


def test_nothing_half_is_saved_when_the_registry_has_moved_on(by):
    batch = _seniors(by, ["李桂花", _number(1), "赵家岸村"], ["张玉兰", ZHANG, "赵家岸村"])
    make_senior(identity_number=ZHANG, identity_index=identity_index(ZHANG), sex=Sex.MALE)
    db.session.commit()
    with pytest.raises(Refusal):
        _confirm(by, batch)
    assert db.session.scalar(select(func.count()).select_from(Senior)) == 1
    with unit_of_work():
        imports.recheck(batch, by=by, now=utc_now())
    assert _kinds(batch)[0] == "new"
    assert _kinds(batch)[1] in {"same", "changed"}, _reasons(batch)
    assert _confirm(by, batch)["new"] == 1


def test_a_file_is_saved_once(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    _confirm(by, batch)
    with pytest.raises(Refusal):
        _confirm(by, batch)
    assert db.session.scalar(select(func.count()).select_from(Senior)) == 1


def test_what_is_thrown_away_leaves_nothing(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    with unit_of_work():
        imports.discard(batch, by=by, now=utc_now())
    assert _rows(batch) == []
    with pytest.raises(Refusal):
        _confirm(by, batch)


def test_a_file_nobody_decides_on_is_forgotten_after_a_week(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    with unit_of_work():
        imports.forget_old(utc_now() + timedelta(days=6))
    assert len(_rows(batch)) == 1
    with unit_of_work():
        imports.forget_old(utc_now() + timedelta(days=8))
    assert _rows(batch) == []


def test_anybody_elses_import_does_not_exist(by, make_user):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    other = actor_of(make_user(Role.COUNTY_OFFICER, division_code=BAOTA), utc_now().date())
    for act in (lambda: _confirm(other, batch), lambda: imports.get(batch, by=other)):
        with pytest.raises(NotFound):
            act()


def test_what_waits_is_kept_encrypted(by):
    batch = _seniors(by, ["张玉兰", ZHANG, "赵家岸村"])
    with db.engine.connect() as connection:
        raw = bytes(connection.exec_driver_sql("SELECT payload FROM import_rows").scalar())
    assert "张玉兰".encode() not in raw
    assert ZHANG.encode() not in raw
    assert _rows(batch)[0].label == "张*兰"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有数据"),
        (b"MZ" + b"\x00" * 200, "这是一个程序"),
        (table([["姓名", "身份证号"], ["张玉兰", ZHANG]]), "缺少这些列：居住地"),
        (table([["甲", "乙"], ["1", "2"]]), "没有找到标题行"),
        (table([["姓名", "电话", "手机", "居住地"], ["张", "1", "2", "x"]]), "有两列都叫"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(by, content, sentence):
    with pytest.raises(Refusal) as refusal:
        _stage(by, content)
    assert sentence in refusal.value.sentence
    assert refusal.value.field == "file"
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_merged_cells_are_a_reason_not_a_guess(by):
    content = workbook([SENIOR, ["张玉兰", ZHANG, "x"], ["李桂花", _number(1), "x"]], merges=["C2:C3"])
    batch = _stage(by, content)
    assert _kinds(batch) == ["bad", "bad"]
    assert any("合并" in reason for _column, reason in _reasons(batch))


def test_former_codes_and_names_mean_the_same_place(by):
    from models import DivisionAlias

    db.session.add(DivisionAlias(old_code="612601", code=BAOTA))
    db.session.commit()
    batch = _seniors(by, ["张玉兰", ZHANG, VILLAGE], ["李桂花", _number(1), "延安市宝塔区河庄坪镇赵家岸村"])
    assert _kinds(batch) == ["new", "new"]


def _acts():
    return set(db.session.scalars(select(AuditEntry.act)))


def test_centres_are_found_by_name_and_place(by):
    make_centre(name="枣园中心", places=10, division_code=VILLAGE)
    db.session.commit()
    rows = [
        ["名称", "类型", "所在区划", "日间名额", "开放时间", "开放日"],
        ["枣园中心", "日间照料中心", "赵家岸村", 30, "08:00-18:00", "每天"],
        ["新中心", "互助幸福院", "赵家岸村", 20, "08:30-17:30", "周一至周五"],
        ["坏中心", "宫殿", "赵家岸村", 20, "", ""],
        ["反了", "幸福院", "赵家岸村", 20, "18:00-08:00", ""],
    ]
    batch = _stage(by, workbook(rows), ImportRegistry.CENTRES)
    assert _kinds(batch) == ["changed", "new", "bad", "bad"]
    assert _confirm(by, batch) == {"new": 1, "changed": 1}
    found = {one.name: (one.places, one.opens_minute) for one in db.session.scalars(select(Centre))}
    assert found == {"枣园中心": (30, 480), "新中心": (20, 510)}
    assert {"centre.create", "centre.update", "centre.import"} <= _acts()


def test_canteens_come_with_their_meals(by):
    rows = [
        ["名称", "类型", "所在区划", "午餐份数", "午餐时间", "供餐日"],
        ["枣园食堂", "社区老年食堂", "赵家岸村", 60, "11:30-13:00", "周一至周五"],
    ]
    assert _confirm(by, _stage(by, workbook(rows), ImportRegistry.CANTEENS)) == {"new": 1, "changed": 0}
    meal = db.session.scalars(select(CanteenMeal)).one()
    assert (meal.capacity, meal.weekdays) == (60, [1, 2, 3, 4, 5])
    assert _kinds(_stage(by, workbook(rows), ImportRegistry.CANTEENS)) == ["same"]
    rows[1][3] = 80
    assert _confirm(by, _stage(by, workbook(rows), ImportRegistry.CANTEENS)) == {"new": 0, "changed": 1}
    assert db.session.scalars(select(CanteenMeal)).one().capacity == 80
    assert db.session.scalars(select(Canteen)).one()


HELPERS = ["姓名", "类型", "所在区划", "手机", "技能", "周一班次", "困难家庭证明", "证明有效期"]


def test_helpers_are_found_by_phone_and_namesakes_are_offered(by):
    make_helper(name="李秀英", phone="19900001234", phone_index=phone_index("19900001234"), division_code=VILLAGE)
    db.session.commit()
    rows = [
        HELPERS,
        ["李秀英", "爱心助老员", "赵家岸村", "19900001234", "助浴、护理", "08:30-12:00", "", ""],
        ["李秀英", "爱心助老员", "赵家岸村", "19900009999", "", "", "", ""],
        ["王强", "一岗双助", "赵家岸村", "19900005555", "", "", "", ""],
        ["赵刚", "志愿者", "赵家岸村", "", "飞行", "早上", "", ""],
    ]
    batch = _stage(by, workbook(rows), ImportRegistry.HELPERS)
    assert _kinds(batch) == ["changed", "duplicate", "bad", "bad"]
    assert ("困难家庭证明", "一岗双助岗位要填写困难家庭证明。") in _reasons(batch)
    with unit_of_work():
        imports.decide(batch, {3: Decision.MERGE}, by=by)
    _confirm(by, batch)
    helper = db.session.scalars(select(Helper)).one()
    assert (helper.skills, helper.phone) == (["bathing", "nursing"], "19900009999")


def test_divisions_come_in_order_under_what_exists(by):
    rows = [
        ["区划代码", "名称"],
        ["610602103", "枣园街道"],
        ["610602103001", "枣园社区"],
        ["610602109001", "孤村"],
        ["610621103", "别县"],
        ["61060210", "短码"],
        [6.10602104, "小数"],
    ]
    batch = _stage(by, workbook(rows), ImportRegistry.DIVISIONS)
    assert _kinds(batch) == ["new", "new", "bad", "bad", "bad", "bad"]
    assert _confirm(by, batch) == {"new": 2, "changed": 0}
    assert db.session.get(Division, "610602103001").parent_code == "610602103"
    assert _kinds(_stage(by, workbook(rows[:3]), ImportRegistry.DIVISIONS)) == ["same", "same"]


def test_a_preview_costs_statements_by_chunks_not_by_rows(by):
    costs = []
    for many in (40, 240):
        rows = [[f"张{'一二三四五六七八九十'[n % 10]}", _number(n), "赵家岸村", f"199{n:08d}", ""] for n in range(many)]
        with counted(db.engine) as sent:
            batch = _seniors(by, *rows)
        costs.append(sent.count)
        assert RowKind.BAD not in {row.kind for row in _rows(batch)}
    assert costs[0] == costs[1] < 40
