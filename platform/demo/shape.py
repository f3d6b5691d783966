"""The city's shape in figures: what there is of each thing, as the city stated it in November 2021.

Codes and points of the 13 counties are real; townships, villages and everybody in them are generated.
"""

from dataclasses import dataclass

CITY_CODE = "610600"
HOME_COUNTY = "610602"  # 宝塔区: the demo accounts live here
VILLAGES = 1797
DAY_CARE_CENTRES = 114
MUTUAL_AID_HOMES = 1450
EMBEDDED_HOMES = 5
REGIONAL_CENTRES = 6
INSTITUTIONS = 46
BEDS = 13_500
CANTEENS = 15


@dataclass(frozen=True, slots=True)
class CountyShape:
    """How a county is divided, and its share of the city's people. `ruggedness` 0 plain .. 1 deep valleys."""

    code: str
    streets: int
    townships: int
    people: int
    ruggedness: float


COUNTIES = (
    CountyShape("610602", 8, 12, 476_900, 0.60),
    CountyShape("610603", 3, 8, 172_900, 0.75),
    CountyShape("610621", 1, 7, 126_000, 0.75),
    CountyShape("610622", 1, 7, 169_300, 0.80),
    CountyShape("610625", 1, 7, 141_600, 0.80),
    CountyShape("610626", 1, 8, 145_600, 0.85),
    CountyShape("610627", 1, 5, 77_800, 0.60),
    CountyShape("610628", 1, 7, 150_500, 0.50),
    CountyShape("610629", 1, 8, 204_000, 0.25),
    CountyShape("610630", 1, 6, 117_000, 0.65),
    CountyShape("610631", 0, 7, 49_000, 0.55),
    CountyShape("610632", 1, 5, 130_000, 0.45),
    CountyShape("610681", 1, 9, 218_000, 0.75),
)
