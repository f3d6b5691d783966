"""The list as a sheet: the same people, the same masks."""

from datetime import date

from domain.masks import masked_name
from domain.times import age_on, local
from extensions.babel import gettext as _
from gateways.sheets.writing import Cell, Column
from queries.seniors import SeniorRow
from wording import word


def columns() -> list[Column]:
    """The headers, in the reader's language."""
    labels = (
        (_("姓名"), 12), (_("性别"), 8), (_("年龄"), 8), (_("乡镇（街道）"), 18), (_("村（社区）"), 18),
        (_("居住情况"), 14), (_("关注等级"), 12), (_("状态"), 12), (_("最近平安"), 18),
    )  # fmt: skip
    return [Column(label, width) for label, width in labels]


def line(row: SeniorRow, today: date) -> list[Cell]:
    """One senior."""
    return [
        masked_name(row.name),
        word(row.sex),
        age_on(row.born_on, today),
        row.township or "",
        row.place,
        word(row.living),
        word(row.risk_tier),
        word(row.status),
        local(row.last_well_at) if row.last_well_at else None,
    ]
