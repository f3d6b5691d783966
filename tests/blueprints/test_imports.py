"""Importing a file through the pages: upload, look, decide, save."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from extensions import db
from models import ImportBatch, ImportRow, Role, Senior
from tests.factories import BAOTA, TOWNSHIP, make_divisions, make_senior
from tests.sheets import SENIOR, bomb, table, workbook

ZHANG = "610699194303050010"
GOOD, BAD = ["张玉兰", ZHANG, "赵家岸村", "", ""], ["李桂花", "123", "赵家岸村", "", ""]


@pytest.fixture
def officer(app, make_user, sign_in):
    make_divisions()
    return sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))


def _upload(client, content, name="名册.xlsx", into="seniors"):
    return client.post(f"/imports/{into}/new", data={"file": (BytesIO(content), name)})


def test_a_file_is_looked_at_and_then_saved(officer):
    answer = _upload(officer, workbook([SENIOR, GOOD, BAD]))
    assert answer.status_code == 303
    page = officer.get(answer.location).text
    assert "身份证号应为 18 位" in page
    assert "第 3 行" in page
    assert "张*兰" in officer.get(f"{answer.location}?kind=new").text
    saved = officer.post(f"{answer.location}/confirm", buffered=True)
    assert saved.status_code == 200
    assert "新登记 1 行" in saved.text
    assert db.session.scalar(select(func.count()).select_from(Senior)) == 1
    assert "等您确认" not in officer.get("/imports/seniors/new").text
    assert "一行也没有" in officer.post(f"{answer.location}/confirm", buffered=True).text


def test_the_bad_rows_come_back_to_be_mended_and_uploaded_again(officer):
    where = _upload(officer, workbook([SENIOR, GOOD, BAD])).location
    answer = officer.get(f"{where}/bad-rows.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["原来的行号", "要改的地方", "姓名", "身份证号"]
    assert rows[1][2:4] == ["李桂花", "123"]
    assert "18 位" in rows[1][1]
    again = _upload(officer, answer.data)
    assert "原来的行号" in officer.get(again.location).text


@pytest.mark.parametrize("into", ["seniors", "divisions", "centres", "canteens", "helpers"])
def test_every_template_can_be_filled_in_and_comes_back(officer, into):
    content = officer.get(f"/imports/{into}/template.xlsx").data
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any(header.endswith("*") for header in rows[0])
    assert rows[1][0].startswith("【说明】")
    answer = _upload(officer, content, into=into)
    assert answer.status_code == 422
    assert "没有数据" in answer.text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.xlsx", "没有数据"),
        (b"MZ\x90\x00" + b"\x00" * 99, "名册.xlsx", "这是一个程序"),
        (bomb(201), "名册.xlsx", "解压后大得不正常"),
        (table([["姓名"], ["张"]]), "名册.csv", "没有找到标题行"),
    ],
)
def test_a_hostile_file_gets_a_sentence_and_nothing_is_kept(officer, content, name, sentence):
    answer = _upload(officer, content, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_no_file_at_all_gets_a_sentence(officer):
    answer = officer.post("/imports/seniors/new", data={})
    assert answer.status_code == 422
    assert "请选择一个文件" in answer.text


def test_a_possible_duplicate_is_decided_on_the_page(officer):
    make_senior(name="张玉兰", pinyin="zhangyulan")
    db.session.commit()
    rows = [["姓名", "出生日期", "居住地", "怎么找"], ["张玉兰", "1943-03-05", "赵家岸村", "村口第二家"]]
    where = _upload(officer, workbook(rows)).location
    assert "姓名和生日相同" in officer.get(where).text
    assert officer.post(f"{where}/decisions", data={"row-2": "merge", "row-x": "new", "row-9": "no"}).status_code == 303
    officer.post(f"{where}/confirm", buffered=True)
    assert db.session.scalars(select(Senior)).one().landmark == "村口第二家"


def test_throwing_away_keeps_nothing(officer):
    where = _upload(officer, workbook([SENIOR, GOOD])).location
    assert officer.post(f"{where}/discard").status_code == 303
    assert db.session.scalars(select(ImportRow)).all() == []
    assert officer.post(f"{where}/recheck").status_code == 409


def test_imports_are_for_offices_and_for_ones_own(officer, make_user, sign_in):
    where = _upload(officer, workbook([SENIOR, GOOD])).location
    assert officer.get("/imports/palaces/new").status_code == 404
    clerk = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))
    assert clerk.get(where).status_code == 404
    assert clerk.get("/imports/seniors/new").status_code == 200
    assert clerk.get("/imports/centres/new").status_code == 404
    helper = sign_in(make_user(Role.CENTRE_MANAGER, division_code=TOWNSHIP))
    assert helper.get("/imports/seniors/new").status_code == 403
