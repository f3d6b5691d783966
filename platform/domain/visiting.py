"""What is looked at during a visit: the words a checklist is written in."""

from enum import StrEnum


class Block(StrEnum):
    """The five blocks of the checklist, in the order in which they are asked."""

    HEALTH = "health"  # 健康
    ECONOMY = "economy"  # 经济
    FAMILY = "family"  # 家庭
    SAFETY = "safety"  # 安全
    NEEDS = "needs"  # 服务需求


class Mark(StrEnum):
    NORMAL = "normal"
    WATCH = "watch"
    PROBLEM = "problem"


class Mood(StrEnum):
    """Five faces, from the best to the worst."""

    JOYFUL = "joyful"
    CONTENT = "content"
    CALM = "calm"
    LOW = "low"
    DISTRESSED = "distressed"


class Need(StrEnum):
    """What a senior would like help with."""

    CARE = "care"  # 照料
    REHABILITATION = "rehabilitation"  # 康复
    COMFORT = "comfort"  # 慰藉
    HOME_ADAPTATION = "home_adaptation"  # 适老化改造
    MEALS = "meals"
    MEDICAL = "medical"  # 看病拿药
    ERRANDS = "errands"
    POLICY = "policy"  # 政策待遇
