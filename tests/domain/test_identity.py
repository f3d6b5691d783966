"""Identity numbers: what is accepted, what they say, and why one is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import BadIdentity, IdentityProblem, check_digit, read

TODAY = date(2026, 11, 23)
DEMO = ("610699194303050010", "610699193809170023", "610699195002020031", "610699193212310046", "610699196002290052")


def problem_of(text, **more):
    with pytest.raises(BadIdentity) as caught:
        read(text, today=TODAY, **more)
    return caught.value.problem


@pytest.mark.parametrize("number", ["360426199101010071", "120103198806018241", "11010519491231002X"])
def test_known_good_numbers_are_accepted(number):
    assert read(number, today=TODAY).number == number


def test_a_wrong_last_digit_is_told():
    assert problem_of("360426199101010072") is IdentityProblem.CHECK


def test_birth_date_and_sex_come_from_the_number():
    found = read("11010519491231002x", today=TODAY)
    assert (found.number, found.born_on, found.is_male) == ("11010519491231002X", date(1949, 12, 31), False)


@pytest.mark.parametrize("area", ["612601", "612629", "610624", "810000", "820000", "830000", "710000"])
def test_areas_of_old_cards_and_beyond_the_mainland_are_accepted(area):
    first = f"{area}19430305001"
    assert read(first + check_digit(first), today=TODAY).area == area


@pytest.mark.parametrize("number", DEMO)
def test_demo_numbers_pass_in_demo_mode_only(number):
    assert read(number, today=TODAY, allow_demo=True).number == number
    assert problem_of(number) is IdentityProblem.DEMO


def test_a_number_of_fifteen_digits_becomes_eighteen():
    found = read("612601430305001", today=TODAY)
    assert found.was_15_digits
    assert found.number[:17] == "61260119430305001"
    assert problem_of("612601431305001") is IdentityProblem.BIRTH


@pytest.mark.parametrize("text", ["1.23457E+17", "6.10699194303E+17", "610699194303050000", "610602194303050000.0"])
def test_what_a_spreadsheet_spoilt_is_recognised(text):
    assert problem_of(text, allow_demo=True) is IdentityProblem.EXCEL


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", IdentityProblem.SHAPE),
        ("身份证", IdentityProblem.SHAPE),
        ("36042619910101007", IdentityProblem.SHAPE),
        ("994260199101010071", IdentityProblem.AREA),
        ("360426199102300071", IdentityProblem.BIRTH),
        ("360426209901010071", IdentityProblem.BIRTH),
        ("' OR 1=1 --", IdentityProblem.SHAPE),
    ],
)
def test_a_bad_number_says_what_is_wrong(text, problem):
    assert problem_of(text) is problem


def test_spaces_dashes_and_full_width_digits_are_forgiven():
    assert read(" 110105 19491231-002ｘ ", today=TODAY).number == "11010519491231002X"
    assert read("３６０４２６１９９１０１０１００７１", today=TODAY).number == "360426199101010071"


@given(
    st.sampled_from(["612601", "610602", "110105", "810000"]),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_one_wrong_digit_never_passes_unnoticed(area, born_on, order, place, shift):
    first = f"{area}{born_on:%Y%m%d}{order:03d}"
    number = first + check_digit(first)
    assert read(number, today=TODAY).born_on == born_on
    if place == 17 or number[place] == "X":
        return
    changed = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(BadIdentity):
        read(changed, today=TODAY)
