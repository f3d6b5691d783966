"""What the facts of a senior's record are called, and what an all-right came from."""

from extensions.babel import lazy as _l

FACTS: dict[str, str] = {
    "name": _l("姓名"), "identity_number": _l("身份证号"), "born_on": _l("出生日期"), "sex": _l("性别"),
    "identity_note": _l("与证件不符的原因"), "lunar_month": _l("农历生日：月"), "lunar_day": _l("农历生日：日"),
    "is_lunar_leap": _l("闰月"), "residence_code": _l("现居住地"), "household_code": _l("户籍地"),
    "address": _l("门牌地址"), "landmark": _l("怎么找到门"), "latitude": _l("纬度"), "longitude": _l("经度"),
    "living": _l("居住情况"), "language": _l("说什么话"), "risk_tier": _l("关注等级"), "diets": _l("饮食要求"),
    "allergens": _l("过敏的食物"), "diet_note": _l("饮食备注"), "phones": _l("电话"), "contacts": _l("联系人"),
    "categories": _l("类别"), "regular_helper_id": _l("固定助老员"),
}  # fmt: skip
WELL_BY: dict[str, str] = {
    "visit": _l("探访时见到"), "meal": _l("用了餐"), "attendance": _l("到了站点"), "message": _l("回了短信"),
}  # fmt: skip


def fact_word(name: str) -> str:
    """The word of a fact; its name where nobody gave it one."""
    return str(FACTS.get(name, name))


def well_by(source: str | None) -> str:
    """How one knows that somebody was all right: 探访时见到."""
    return str(WELL_BY.get(source or "", ""))
