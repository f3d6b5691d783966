"""The short lists the field shares: what may stand in a list column, an import and a form."""

from enum import StrEnum


class Category(StrEnum):
    """Why a senior is entitled to something. One senior has many at once."""

    DESTITUTE_AT_HOME = "destitute_at_home"  # 分散特困
    DESTITUTE_IN_HOME = "destitute_in_home"  # 集中特困
    MINIMUM_LIVING = "minimum_living"  # 低保
    LOW_INCOME = "low_income"  # 低收入(低保边缘)
    DISABLED = "disabled"  # 残疾
    SEVERELY_DISABLED = "severely_disabled"  # 重残
    DISABILITY_OF_AGE = "disability_of_age"  # 失能
    PARTIAL_DISABILITY = "partial_disability"  # 半失能
    DEMENTIA = "dementia"  # 失智
    FAMILY_PLANNING_SPECIAL = "family_planning_special"  # 计生特殊家庭
    VETERAN = "veteran"  # 优抚
    CENTENARIAN = "centenarian"  # 百岁


class Diet(StrEnum):
    SOFT = "soft"  # 软食
    SEMI_LIQUID = "semi_liquid"  # 半流食
    LOW_SALT = "low_salt"
    LOW_SUGAR = "low_sugar"
    LOW_FAT = "low_fat"
    LOW_PURINE = "low_purine"
    HALAL = "halal"
    VEGETARIAN = "vegetarian"


class Allergen(StrEnum):
    EGG = "egg"
    MILK = "milk"
    PEANUT = "peanut"
    NUTS = "nuts"
    SOY = "soy"
    WHEAT = "wheat"
    FISH = "fish"
    SHELLFISH = "shellfish"
    SESAME = "sesame"


class Skill(StrEnum):
    NURSING = "nursing"  # 护理
    REHABILITATION = "rehabilitation"  # 康复
    VITAL_SIGNS = "vital_signs"  # 量血压测血糖
    BATHING = "bathing"  # 助浴
    COUNSELLING = "counselling"  # 心理慰藉
    ERRANDS = "errands"  # 代买代办


class Speech(StrEnum):
    """What a senior likes to be spoken to in."""

    MANDARIN = "zh"
    SHAANBEI = "shaanbei"  # 陕北话
    GUANZHONG = "guanzhong"  # 关中话
    ENGLISH = "en"


class Relation(StrEnum):
    """Who somebody is to a senior; also whose phone a number is."""

    SELF = "self"
    SPOUSE = "spouse"
    SON = "son"
    DAUGHTER = "daughter"
    CHILD_IN_LAW = "child_in_law"
    GRANDCHILD = "grandchild"
    RELATIVE = "relative"
    NEIGHBOUR = "neighbour"
    CADRE = "cadre"  # 村干部
    OTHER = "other"


class ConsentKind(StrEnum):
    SERVICE = "service"
    TEXTS = "texts"
    PHOTOS = "photos"
    POSITION = "position"
    FAMILY_TOLD = "family_told"  # family may be told of visits


class AbsenceReason(StrEnum):
    ILL = "ill"
    WITH_FAMILY = "with_family"
    TRAVEL = "travel"
    WEATHER = "weather"
    UNKNOWN = "unknown"
    OTHER = "other"


class AlertKind(StrEnum):
    NO_ANSWER = "no_answer"
    PROBLEM_FOUND = "problem_found"
    VISIT_OVERDUE = "visit_overdue"
    ABSENT_UNEXPLAINED = "absent_unexplained"
    ASKED_FOR_HELP = "asked_for_help"
    MESSAGE_STUCK = "message_stuck"
    STATUS_PROPOSED = "status_proposed"  # a visit found the senior in hospital, moved, …: a clerk decides
