"""Files from outside: what they are is told by their bytes, and nothing hostile reaches the parser."""

import datetime as dt

import pytest

from gateways.sheets.archive import Unsafe, measure
from gateways.sheets.reading import BadSheet, SheetProblem, as_text, read
from tests.sheets import bomb, far_corner, table, workbook

KNOWN = {"姓名": "姓名", "电话": "电话", "手机": "电话", "身份证号": "身份证号"}
ROWS = [["姓名", "身份证号"], ["张玉兰", "610699194303050010"]]


def _problem(content):
    with pytest.raises(BadSheet) as bad:
        read(content, KNOWN)
    return bad.value.problem


def _cells(content):
    return [row.cells for row in read(content, KNOWN).rows]


GOOD = [{"姓名": "张玉兰", "身份证号": "610699194303050010"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_in_every_encoding_offices_use(encoding, delimiter):
    assert _cells(table(ROWS, encoding, delimiter)) == GOOD


def test_a_workbook_is_read_whatever_its_name():
    assert _cells(workbook(ROWS)) == GOOD


def test_headers_may_stand_under_a_title_and_wear_ornaments():
    rows = [["2026 年老人名册"], [], ["姓名*", "身份证号（18位）：", "备注"], ["张玉兰", "610699194303050010", "x"]]
    found = read(workbook(rows), KNOWN)
    assert [row.cells for row in found.rows] == GOOD
    assert found.rows[0].number == 4
    assert found.ignored == ("备注",)


def test_hints_and_empty_rows_are_no_data():
    rows = [ROWS[0], ["【说明】如：张玉兰", "18 位"], ["", ""], ROWS[1]]
    assert _cells(workbook(rows)) == GOOD


def test_a_second_sheet_is_found_when_the_first_is_a_cover():
    import io

    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.add_worksheet("封面").write(0, 0, "名册")
    page = book.add_worksheet("数据")
    for number, row in enumerate(ROWS):
        page.write_row(number, 0, row)
    book.close()
    assert _cells(target.getvalue()) == GOOD


def test_a_long_number_that_excel_has_cut_shows_as_what_it_is():
    rows = [["姓名", "身份证号"], ["张玉兰", 610699194303050010]]
    assert _cells(workbook(rows))[0]["身份证号"] == "6.10699E+17"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13800000000.0, "13800000000"), (0.5, "0.5"), (True, "是"), (None, ""), (" 张 ", "张"), ('="123"', "123"),
        (dt.date(1943, 3, 5), "1943-03-05"), (dt.time(8, 30), "08:30"),
        (dt.timedelta(hours=8, minutes=30), "08:30"), ("'=1+1", "=1+1"), ("\u3000张玉兰\u200b", "张玉兰"),
    ],
)  # fmt: skip
def test_cells_become_text(cell, text):
    assert as_text(cell) == text


def test_cells_lost_in_a_merge_are_named():
    rows = [["姓名", "身份证号"], ["张玉兰", "a"], ["李桂花", "b"], ["王芳", "c"]]
    found = read(workbook(rows, merges=["B2:B3"]), KNOWN)
    assert [sorted(row.merged) for row in found.rows] == [[], ["身份证号"], []]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", SheetProblem.EMPTY),
        (b"\x00" * 100, SheetProblem.EMPTY),
        (b"MZ\x90\x00" + b"\x00" * 300, SheetProblem.PROGRAM),
        (b"\x7fELF" + b"\x01" * 300, SheetProblem.PROGRAM),
        (b"%PDF-1.7\n", SheetProblem.NOT_A_TABLE),
        (b"\x89PNG\r\n", SheetProblem.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, SheetProblem.OLD_EXCEL),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), SheetProblem.PASSWORD),
        (b"PK\x03\x04 not a zip at all", SheetProblem.DAMAGED),
        (bytes(range(1, 32)) * 20, SheetProblem.NOT_A_TABLE),
        ("你好，这是一封信。\n没有标题行。".encode(), SheetProblem.NO_HEADER),
        ("姓名,身份证号\r\n".encode(), SheetProblem.EMPTY),
        ("姓名,手机,电话\r\n张,1,2\r\n".encode(), SheetProblem.TWICE),
    ],
)
def test_what_is_no_table_is_told_apart(content, problem):
    assert _problem(content) == problem


def test_a_zip_that_is_no_workbook_is_refused():
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert _problem(target.getvalue()) == SheetProblem.NOT_A_TABLE


def test_a_bomb_is_not_opened_even_when_it_lies_about_its_size():
    assert _problem(bomb(201)) == SheetProblem.UNPACKS_TOO_LARGE
    with pytest.raises(Unsafe):
        measure(bomb(3, lies=True), limit=2 * 1024 * 1024)


def test_a_sheet_without_end_is_not_opened():
    assert _problem(far_corner()) == SheetProblem.TOO_WIDE


def test_a_damaged_workbook_is_told_apart():
    content = workbook(ROWS)
    middle = len(content) // 2
    assert _problem(content[:middle]) == SheetProblem.DAMAGED


def test_too_many_rows_are_refused():
    content = table([ROWS[0], *([ROWS[1]] * 3)])
    with pytest.raises(BadSheet) as bad:
        read(content, KNOWN, row_limit=2)
    assert bad.value.problem == SheetProblem.TOO_MANY_ROWS
