"""What the fields of the audit trail are called where a thing's history is shown."""

from typing import Any

from extensions.babel import lazy as _l

FIELDS: dict[str, str] = {
    "name": _l("名称"), "kind": _l("类型"), "division_code": _l("区划"), "address": _l("地址"),
    "latitude": _l("纬度"), "longitude": _l("经度"), "phone": _l("电话"), "manager_name": _l("负责人"),
    "places": _l("日间名额"), "beds": _l("床位"), "opens_minute": _l("开门时间"), "closes_minute": _l("关门时间"),
    "weekdays": _l("开放日"), "is_exemplary": _l("示范"), "is_open": _l("开办"), "licence": _l("食品经营许可证"),
    "delivers": _l("送餐"), "breakfast": _l("早餐"), "lunch": _l("午餐"), "supper": _l("晚餐"), "closed": _l("停餐"),
    "sex": _l("性别"), "centre_id": _l("所属站点"), "skills": _l("技能"), "languages": _l("语言"),
    "means": _l("出行方式"), "max_daily_minutes": _l("每天最多分钟"), "is_active": _l("在岗"),
    "contracted_minutes": _l("每天应工作分钟"), "break_minutes": _l("午休分钟"), "break_earliest": _l("午休最早"),
    "break_latest": _l("午休最晚"), "capacity": _l("一次能带几份饭"), "end_centre_id": _l("收工站点"),
    "hardship_proof": _l("困难家庭证明"), "hardship_valid_to": _l("证明有效期"),
    "post_monthly_hours": _l("每月应服务小时"), "shifts": _l("班次"), "leave": _l("请假"), "staff": _l("工作人员"),
    "post": _l("岗位"), "ruggedness": _l("地形起伏"), "valid_from": _l("启用日期"), "valid_to": _l("停用日期"),
    "senior": _l("老人"), "from_on": _l("开始"), "to_on": _l("结束"), "rows": _l("行数"),
}  # fmt: skip


def field_word(field: str) -> str:
    """What a field is called; itself where nobody gave it a name."""
    return str(FIELDS.get(field, field))


def value_word(value: Any) -> str:
    """A value of the trail as a person reads it."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return str(_l("是") if value else _l("否"))
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
