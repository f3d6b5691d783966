"""What clashes, what does not suit, and what the kitchen counts."""

from hypothesis import given
from hypothesis import strategies as st

from domain.codes import Allergen, Diet
from domain.meals import Portion, clashing, distance_km, kitchen_count, texture_of, unsuited

PORTIONS = st.lists(
    st.builds(
        Portion,
        dish_id=st.sampled_from(["a", "b", "c"]),
        dish_name=st.just("套餐"),
        diets=st.lists(st.sampled_from([one.value for one in Diet]), unique=True),
        allergens=st.lists(st.sampled_from([one.value for one in Allergen]), unique=True),
        handover=st.sampled_from(["dine_in", "pick_up", "delivery"]),
        diet_note=st.sampled_from(["", "不吃香菜"]),
    )
)


def test_a_clash_is_named_once_each():
    assert clashing(["peanut", "egg"], ["egg", "milk", "peanut"]) == [Allergen.EGG, Allergen.PEANUT]
    assert clashing([], ["egg"]) == []


def test_a_dish_suits_only_the_diets_it_keeps():
    assert unsuited(["low_salt", "soft"], ["low_salt"]) == [Diet.SOFT]
    assert unsuited(["low_salt"], ["low_salt", "halal"]) == []


def test_semi_liquid_food_is_soft_enough():
    assert unsuited(["soft"], ["semi_liquid"]) == []
    assert unsuited(["semi_liquid"], ["soft"]) == [Diet.SEMI_LIQUID]


def test_the_softer_texture_counts():
    assert texture_of(["soft", "semi_liquid"]) == "semi_liquid"
    assert texture_of(["soft", "low_salt"]) == "soft"
    assert texture_of(["low_salt"]) == "regular"


def test_distance_is_unknown_without_a_pin():
    assert distance_km((36.6, 109.4), (None, 109.4)) is None
    assert round(distance_km((36.5854, 109.4843), (36.5792, 110.0069)) or 0) == 47


@given(PORTIONS)
def test_every_part_of_the_count_adds_up_to_the_portions(portions):
    count = kitchen_count(portions)
    assert count["portions"] == len(portions)
    for part in ("textures", "handovers"):
        assert sum(count[part].values()) == len(portions)
    assert sum(dish["portions"] for dish in count["dishes"]) == len(portions)
    assert sum(dish["special"] for dish in count["dishes"]) == count["special"]
    for diet, number in count["diets"].items():
        assert number == sum(diet in one.diets for one in portions)
