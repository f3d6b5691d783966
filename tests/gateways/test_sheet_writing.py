"""What leaves as .xlsx: text stays text, and nothing can become a formula."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from gateways.sheets.writing import Column, escaped, unescaped, write


def _written(rows):
    target = BytesIO()
    write(target, "老人", [Column("姓名"), Column("身份证号", 22), Column("日期"), Column("份数")], rows)
    return CalamineWorkbook.from_filelike(BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()


def test_an_identity_number_stays_text_and_a_day_a_day():
    rows = _written([["张玉兰", "610699194303050010", date(2026, 11, 23), 2]])
    assert rows == [["姓名", "身份证号", "日期", "份数"], ["张玉兰", "610699194303050010", date(2026, 11, 23), 2.0]]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(text):
    assert _written([[text]])[1][0] == "'" + text
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["张=玉", "'quoted'", "", "0911-2112345"])
def test_other_text_is_left_alone(text):
    assert escaped(text) == text == unescaped(text)
