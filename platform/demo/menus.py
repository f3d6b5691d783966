"""Dishes and two weeks of published menus: what is cooked around here, and whom it suits."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from domain.codes import Allergen, Diet
from models import Meal

from .dice import Dice, id_of

DAYS = 14
_ALL = (Diet.LOW_SALT, Diet.LOW_SUGAR, Diet.LOW_FAT, Diet.LOW_PURINE)
_Dish = tuple[str, int, tuple[Diet, ...], tuple[Allergen, ...]]

_BREAKFAST: tuple[_Dish, ...] = (
    ("小米粥、馒头、拌土豆丝", 500, (Diet.VEGETARIAN, Diet.LOW_FAT, Diet.HALAL, Diet.LOW_PURINE), (Allergen.WHEAT,)),
    ("南瓜粥、蒸蛋羹、花卷", 600, (Diet.SOFT, Diet.VEGETARIAN, Diet.LOW_SALT, Diet.LOW_PURINE),
     (Allergen.EGG, Allergen.WHEAT)),
    ("红枣小米糊", 400, (Diet.SEMI_LIQUID, Diet.SOFT, Diet.VEGETARIAN, Diet.LOW_SALT, Diet.LOW_FAT), ()),
)  # fmt: skip
_LUNCH: tuple[_Dish, ...] = (
    ("洋芋擦擦套餐：洋芋擦擦、西红柿鸡蛋、小米粥", 1000, (Diet.VEGETARIAN, Diet.HALAL, Diet.LOW_PURINE),
     (Allergen.EGG, Allergen.WHEAT)),
    ("羊肉饸饹套餐：荞面饸饹、拌胡萝卜丝", 1300, (Diet.HALAL, Diet.LOW_SUGAR), (Allergen.WHEAT,)),
    ("猪肉白菜炖豆腐、米饭、紫菜汤", 1200, (Diet.LOW_SUGAR,), (Allergen.SOY,)),
    ("土豆烧鸡块、炒青菜、米饭", 1200, (Diet.LOW_SALT, Diet.LOW_SUGAR), (Allergen.SOY,)),
    ("清蒸鱼块、蒜蓉油麦菜、米饭", 1500, (Diet.LOW_SALT, Diet.LOW_SUGAR, Diet.LOW_FAT), (Allergen.FISH,)),
    ("肉末烩茄子、馒头、绿豆汤", 1000, (Diet.LOW_SUGAR,), (Allergen.WHEAT, Allergen.SOY)),
    ("素炒三丝、蒸南瓜、杂粮饭", 900, (Diet.VEGETARIAN, Diet.HALAL, *_ALL), ()),
    ("软食套餐：烂面条、肉末豆腐、冬瓜泥", 1000, (Diet.SOFT, Diet.LOW_SALT, Diet.LOW_SUGAR),
     (Allergen.WHEAT, Allergen.SOY)),
    ("软烂羊肉粥、蒸山药", 1200, (Diet.SOFT, Diet.HALAL, Diet.LOW_SUGAR), ()),
    ("半流食套餐：蔬菜肉糜粥、蛋羹", 1000, (Diet.SEMI_LIQUID, Diet.SOFT, Diet.LOW_SALT), (Allergen.EGG,)),
    ("半流食素餐：南瓜小米糊、山药泥", 800, (Diet.SEMI_LIQUID, Diet.SOFT, Diet.VEGETARIAN, Diet.HALAL, *_ALL), ()),
)  # fmt: skip
_SUPPER: tuple[_Dish, ...] = (
    ("杂面抿节、拌豆芽", 700, (Diet.VEGETARIAN, Diet.HALAL, Diet.LOW_FAT), (Allergen.WHEAT, Allergen.SOY)),
    ("小米粥、洋芋饼、凉拌黄瓜", 700, (Diet.VEGETARIAN, Diet.HALAL, Diet.LOW_PURINE), (Allergen.WHEAT,)),
    ("软面片、炖冬瓜", 700, (Diet.SOFT, Diet.VEGETARIAN, Diet.LOW_SALT, Diet.LOW_FAT), (Allergen.WHEAT,)),
    ("藕粉、蒸苹果泥", 500, (Diet.SEMI_LIQUID, Diet.SOFT, Diet.VEGETARIAN, Diet.LOW_SALT, Diet.LOW_FAT), ()),
)  # fmt: skip
_DISHES = {Meal.BREAKFAST: _BREAKFAST, Meal.LUNCH: _LUNCH, Meal.SUPPER: _SUPPER}
_PLAIN = {Meal.BREAKFAST: 1, Meal.LUNCH: 2, Meal.SUPPER: 1}
"""How many dishes change from day to day; beside them one soft, one semi-liquid and at noon one vegetarian stay."""


def dishes(canteen_rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every canteen's dishes."""
    return [
        {
            "id": dish_id(number, meal, place), "canteen_id": canteen["id"], "name": name, "diets": list(diets),
            "allergens": list(allergens), "price_fen": price_fen, "is_active": True,
        }
        for number, canteen in enumerate(canteen_rows)
        for meal, known in _DISHES.items()
        for place, (name, price_fen, diets, allergens) in enumerate(known)
    ]  # fmt: skip


def dish_id(canteen: int, meal: Meal, place: int) -> Any:
    return id_of("dish", canteen, meal, place)


def weeks(meal_rows: Sequence[dict[str, Any]], numbers: dict[Any, int], first: date) -> Iterator[dict[str, Any]]:
    """Published menus of DAYS days from `first`, for each canteen's meals on its weekdays."""
    for offered in meal_rows:
        canteen = numbers[offered["canteen_id"]]
        for day in (first + timedelta(days=number) for number in range(DAYS)):
            if day.isoweekday() in offered["weekdays"]:
                for place in _of_the_day(offered["meal"], canteen, day):
                    yield {
                        "id": id_of("menu", canteen, offered["meal"], day, place),
                        "canteen_id": offered["canteen_id"], "on": day, "meal": offered["meal"],
                        "dish_id": dish_id(canteen, offered["meal"], place), "is_published": True,
                    }  # fmt: skip


def _of_the_day(meal: Meal, canteen: int, day: date) -> list[int]:
    """Which dishes of the list: some that change, and always something for every diet."""
    known = _DISHES[meal]
    changing = [p for p, dish in enumerate(known) if not {Diet.SOFT, Diet.SEMI_LIQUID} & set(dish[2])]
    steady = [p for p, dish in enumerate(known) if {Diet.SOFT, Diet.SEMI_LIQUID} & set(dish[2])]
    dice = Dice("menu", canteen, meal, day)
    everyone = [p for p in changing if set(_ALL) <= set(known[p][2])]
    soft = [p for p in steady if Diet.SEMI_LIQUID not in known[p][2]]
    liquid = [p for p in steady if Diet.SEMI_LIQUID in known[p][2]]
    chosen = {*dice.sample(changing, _PLAIN[meal]), *everyone, dice.choice(soft), dice.choice(liquid)}
    return sorted(chosen)
