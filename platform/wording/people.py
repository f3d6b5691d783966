"""Words for seniors, their lists, and users."""

from domain.codes import AbsenceReason, Allergen, Category, ConsentKind, Diet, Relation, Skill, Speech
from extensions.babel import lazy as _l
from models import LivingArrangement, RiskTier, Role, SeniorStatus, Sex

from .core import Word, register

register({
    Sex.MALE: Word(_l("男")), Sex.FEMALE: Word(_l("女")), Sex.UNKNOWN: Word(_l("未知")),
})  # fmt: skip
register({
    SeniorStatus.ACTIVE: Word(_l("服务中"), "good", "check-circle"),
    SeniorStatus.PAUSED: Word(_l("暂停"), "watch", "pause-circle"),
    SeniorStatus.IN_HOSPITAL: Word(_l("住院"), "problem", "hospital"),
    SeniorStatus.IN_INSTITUTION: Word(_l("入住机构"), "information", "building"),
    SeniorStatus.MOVED: Word(_l("已迁出"), "neutral", "box-arrow-right"),
    SeniorStatus.DECEASED: Word(_l("已故"), "neutral", "dash-circle"),
})  # fmt: skip
register({
    LivingArrangement.ALONE: Word(_l("独居"), "watch", "person"), LivingArrangement.EMPTY_NEST: Word(_l("空巢")),
    LivingArrangement.LEFT_BEHIND: Word(_l("留守")), LivingArrangement.WITH_SPOUSE: Word(_l("与配偶同住")),
    LivingArrangement.WITH_CHILDREN: Word(_l("与子女同住")), LivingArrangement.OTHER: Word(_l("其他")),
})  # fmt: skip
register({
    RiskTier.A: Word(_l("A 红"), "problem", "exclamation-triangle"),
    RiskTier.B: Word(_l("B 橙"), "watch", "exclamation-circle"),
    RiskTier.C: Word(_l("C 黄"), "information", "info-circle"), RiskTier.D: Word(_l("D 绿"), "good", "check-circle"),
})  # fmt: skip
register({
    Role.CITY_OFFICER: Word(_l("市级管理员")), Role.COUNTY_OFFICER: Word(_l("县区管理员")),
    Role.TOWNSHIP_CLERK: Word(_l("乡镇民政专干")), Role.DISPATCHER: Word(_l("调度员")),
    Role.CENTRE_MANAGER: Word(_l("站点负责人")),
    Role.CANTEEN_MANAGER: Word(_l("餐厅负责人")), Role.HELPER: Word(_l("助老员")), Role.FAMILY: Word(_l("家属")),
    Role.AUDITOR: Word(_l("审计员")), Role.ADMINISTRATOR: Word(_l("系统管理员")),
})  # fmt: skip
register({
    Category.DESTITUTE_AT_HOME: Word(_l("分散特困")), Category.DESTITUTE_IN_HOME: Word(_l("集中特困")),
    Category.MINIMUM_LIVING: Word(_l("低保")), Category.LOW_INCOME: Word(_l("低收入")),
    Category.DISABLED: Word(_l("残疾")),
    Category.SEVERELY_DISABLED: Word(_l("重残")), Category.DISABILITY_OF_AGE: Word(_l("失能")),
    Category.PARTIAL_DISABILITY: Word(_l("半失能")), Category.DEMENTIA: Word(_l("失智")),
    Category.FAMILY_PLANNING_SPECIAL: Word(_l("计生特殊家庭")), Category.VETERAN: Word(_l("优抚对象")),
    Category.CENTENARIAN: Word(_l("百岁老人")),
})  # fmt: skip
register({
    Diet.SOFT: Word(_l("软食")), Diet.SEMI_LIQUID: Word(_l("半流食")), Diet.LOW_SALT: Word(_l("低盐")),
    Diet.LOW_SUGAR: Word(_l("低糖")), Diet.LOW_FAT: Word(_l("低脂")), Diet.LOW_PURINE: Word(_l("低嘌呤")),
    Diet.HALAL: Word(_l("清真")), Diet.VEGETARIAN: Word(_l("素食")),
})  # fmt: skip
register({
    Allergen.EGG: Word(_l("鸡蛋")), Allergen.MILK: Word(_l("牛奶")), Allergen.PEANUT: Word(_l("花生")),
    Allergen.NUTS: Word(_l("坚果")), Allergen.SOY: Word(_l("大豆")), Allergen.WHEAT: Word(_l("小麦")),
    Allergen.FISH: Word(_l("鱼")), Allergen.SHELLFISH: Word(_l("虾蟹贝")), Allergen.SESAME: Word(_l("芝麻")),
})  # fmt: skip
register({
    Skill.NURSING: Word(_l("护理")), Skill.REHABILITATION: Word(_l("康复")),
    Skill.VITAL_SIGNS: Word(_l("量血压测血糖")),
    Skill.BATHING: Word(_l("助浴")), Skill.COUNSELLING: Word(_l("心理慰藉")), Skill.ERRANDS: Word(_l("代买代办")),
})  # fmt: skip
register({
    Speech.MANDARIN: Word(_l("普通话")), Speech.SHAANBEI: Word(_l("陕北话")), Speech.GUANZHONG: Word(_l("关中话")),
    Speech.ENGLISH: Word(_l("英语")),
})  # fmt: skip
register({
    Relation.SELF: Word(_l("本人")), Relation.SPOUSE: Word(_l("配偶")), Relation.SON: Word(_l("儿子")),
    Relation.DAUGHTER: Word(_l("女儿")), Relation.CHILD_IN_LAW: Word(_l("儿媳或女婿")),
    Relation.GRANDCHILD: Word(_l("孙辈")),
    Relation.RELATIVE: Word(_l("亲戚")), Relation.NEIGHBOUR: Word(_l("邻居")), Relation.CADRE: Word(_l("村干部")),
    Relation.OTHER: Word(_l("其他")),
})  # fmt: skip
register({
    ConsentKind.SERVICE: Word(_l("接受服务")), ConsentKind.TEXTS: Word(_l("接收短信")),
    ConsentKind.PHOTOS: Word(_l("拍照")),
    ConsentKind.POSITION: Word(_l("记录位置")), ConsentKind.FAMILY_TOLD: Word(_l("告知家属")),
})  # fmt: skip
register({
    AbsenceReason.ILL: Word(_l("身体不适"), "watch", "thermometer"), AbsenceReason.WITH_FAMILY: Word(_l("家人来访")),
    AbsenceReason.TRAVEL: Word(_l("外出")), AbsenceReason.WEATHER: Word(_l("天气不好")),
    AbsenceReason.UNKNOWN: Word(_l("原因不明"), "problem", "question-circle"), AbsenceReason.OTHER: Word(_l("其他")),
})  # fmt: skip
