"""Names: how they are read, and by what they are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import names


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("张玉兰", "zhangyulan"), ("曾秀英", "zengxiuying"), ("单桂花", "shanguihua"), ("仇志强", "qiuzhiqiang"),
        ("解改莲", "xiegailian"), ("区明", "ouming"), ("查英", "zhaying"), ("盖叫天", "gejiaotian"),
        ("朴正花", "piaozhenghua"), ("折桂兰", "sheguilan"), ("吕凤英", "lvfengying"), ("欧阳修", "ouyangxiu"),
        ("尉迟敬德", "yuchijingde"), ("高长命", "gaochangming"), ("任秀华", "renxiuhua"), ("拓跋宏", "tuobahong"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name, pinyin):
    assert names.pinyin(name) == pinyin


def test_a_name_is_found_by_its_beginning_its_tail_and_its_sounds():
    keys = names.search_keys("张玉兰")
    assert keys == {"张玉兰", "玉兰", "zhangyulan", "yulan", "zhangyl", "zyl"}


def test_both_readings_and_both_spellings_find_a_name():
    assert {"shanguihua", "danguihua", "sgh", "dgh"} <= names.search_keys("单桂花")
    assert {"lvying", "luying", "ly"} <= names.search_keys("吕英")


def test_a_name_is_stored_in_one_form():
    assert names.normalise(" 张　玉 兰 ") == "张玉兰"
    assert names.normalise("买买提•吐尔逊") == "买买提·吐尔逊"
    assert names.normalise("Edgar  Snow ") == "Edgar Snow"


@pytest.mark.parametrize("name", ["张", "", "张3", "张玉兰!", "<b>张</b>", "·", "张" * 51])
def test_what_is_no_name_is_refused(name):
    assert not names.is_name(names.normalise(name))


@pytest.mark.parametrize("name", ["王伟", "买买提·吐尔逊", "Edgar Snow", "𠮷野秀英", "䶮某"])
def test_rare_characters_and_long_names_are_names(name):
    assert names.is_name(names.normalise(name))
    assert names.search_keys(name)


@given(st.text(max_size=60))
def test_any_text_has_bounded_keys(text):
    keys = names.search_keys(names.normalise(text))
    assert len(keys) <= 20
    assert all(0 < len(key) <= 120 for key in keys)
