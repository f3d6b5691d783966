"""Words for divisions, centres, canteens, helpers and rules."""

from domain.rules import RuleKey
from extensions.babel import lazy as _l
from models import CanteenKind, CentreKind, DivisionLevel, HelperKind, Means

from .core import Word, register

register({
    DivisionLevel.CITY: Word(_l("市")),
    DivisionLevel.COUNTY: Word(_l("县区")),
    DivisionLevel.TOWNSHIP: Word(_l("乡镇街道")),
    DivisionLevel.VILLAGE: Word(_l("村和社区")),
})  # fmt: skip
register({
    CentreKind.DAY_CARE: Word(_l("日间照料中心"), "information", "sun"),
    CentreKind.MUTUAL_AID: Word(_l("互助幸福院"), "good", "people"),
    CentreKind.EMBEDDED: Word(_l("嵌入式机构"), "information", "house-heart"),
    CentreKind.REGIONAL: Word(_l("区域中心"), "information", "buildings"),
    CentreKind.INSTITUTION: Word(_l("养老机构"), "information", "hospital"),
})  # fmt: skip
register({
    CanteenKind.CENTRAL_KITCHEN: Word(_l("中央厨房"), "information", "fire"),
    CanteenKind.CANTEEN: Word(_l("社区老年食堂"), "good", "cup-hot"),
    CanteenKind.MEAL_POINT: Word(_l("老年助餐点"), "information", "geo-alt"),
    CanteenKind.RESTAURANT: Word(_l("老年餐桌"), "information", "shop"),
    CanteenKind.MUTUAL_STOVE: Word(_l("互助灶"), "information", "fire"),
})  # fmt: skip
register({
    HelperKind.VILLAGE: Word(_l("爱心助老员"), "good", "person-heart"),
    HelperKind.PAIRED_POST: Word(_l("一岗双助"), "information", "people"),
    HelperKind.CARE_WORKER: Word(_l("护理员"), "information", "heart-pulse"),
    HelperKind.VOLUNTEER: Word(_l("志愿者"), "neutral", "person-raised-hand"),
})  # fmt: skip
register({
    Means.FOOT: Word(_l("步行"), "neutral", "person-walking"),
    Means.MOTOR: Word(_l("骑车或开车"), "neutral", "bicycle"),
})  # fmt: skip
register({
    RuleKey.VISIT_EVERY_DAYS: Word(_l("探访频次")),
    RuleKey.VISIT_REMINDERS: Word(_l("探访提醒")),
    RuleKey.VISIT_REPORTING: Word(_l("探访回报")),
    RuleKey.WELL_PATIENCE: Word(_l("平安钟时限")),
    RuleKey.MEAL_CUT_OFF: Word(_l("订餐截止")),
    RuleKey.MEAL_SUBSIDY: Word(_l("用餐补贴")),
    RuleKey.QUIET_HOURS: Word(_l("短信静默时段")),
    RuleKey.ALERT_DEADLINES: Word(_l("预警时限")),
    RuleKey.ROSTER_ABSENCE: Word(_l("未到站预警")),
    RuleKey.PAIRED_POST: Word(_l("一岗双助岗位")),
    RuleKey.ROUND_WEIGHTS: Word(_l("排路线的权衡")),
    RuleKey.ROUND_DAYLIGHT: Word(_l("天黑前回来")),
    RuleKey.MEAL_RUNS: Word(_l("送餐时限")),
})  # fmt: skip

RULE_MEANINGS: dict[RuleKey, str] = {
    RuleKey.VISIT_EVERY_DAYS: _l("每一级风险的老人，最多隔几天必须有人探访一次。"),
    RuleKey.VISIT_REMINDERS: _l("探访前一天晚上和当天早上，几点给老人发提醒。"),
    RuleKey.VISIT_REPORTING: _l("约定时间过后多久没有消息算“未回报”；超过多少小时补录要写原因。"),
    RuleKey.WELL_PATIENCE: _l("多少天没有任何平安的消息，就提醒人去看看。"),
    RuleKey.MEAL_CUT_OFF: _l("每一餐最晚提前几天、几点订或取消。"),
    RuleKey.MEAL_SUBSIDY: _l("每份餐的公共补贴，按最高的一项计算，老人至少自付最后一项。"),
    RuleKey.QUIET_HOURS: _l("这段时间不发短信，紧急情况除外。"),
    RuleKey.ALERT_DEADLINES: _l("每一级预警多久之内要有人接手、多久之内要办结。"),
    RuleKey.ROSTER_ABSENCE: _l("站点开门后多久，应到的老人还没来又没有原因，就发预警。"),
    RuleKey.ROUND_DAYLIGHT: _l(
        "排路线时，助老员最早什么时候出门、最晚什么时候要回到出发地，跟着日出日落走。整个在夜里的班不受影响。"
    ),
    RuleKey.ROUND_WEIGHTS: _l(
        "排路线时，漏掉一次探访、换一位助老员、迟到、加班，各相当于多走多少分钟的路。数越大，越不愿意它发生。"
    ),
    RuleKey.MEAL_RUNS: _l("每一餐几点可以从窗口取走、最晚几点送到，离开窗口多久之内算热的，取餐和交餐各要几分钟。"),
    RuleKey.PAIRED_POST: _l("一岗双助每月应服务的小时数，困难家庭证明多久复核一次。"),
}

_TIERS = {"A": _l("A 红"), "B": _l("B 橙"), "C": _l("C 黄"), "D": _l("D 绿")}
RULE_TERMS: dict[RuleKey, dict[str, str]] = {
    RuleKey.VISIT_EVERY_DAYS: _TIERS,
    RuleKey.VISIT_REMINDERS: {"evening": _l("前一天晚上"), "morning": _l("当天早上")},
    RuleKey.VISIT_REPORTING: {"unreported_after": _l("多久算未回报"), "backdate": _l("补录期限")},
    RuleKey.WELL_PATIENCE: _TIERS,
    RuleKey.MEAL_CUT_OFF: {
        "breakfast_days_before": _l("早餐提前天数"), "breakfast_at": _l("早餐截止时间"),
        "lunch_days_before": _l("午餐提前天数"), "lunch_at": _l("午餐截止时间"),
        "supper_days_before": _l("晚餐提前天数"), "supper_at": _l("晚餐截止时间"),
    },
    RuleKey.MEAL_SUBSIDY: {
        "age_60": _l("60 岁以上"), "age_75": _l("75 岁以上"), "age_85": _l("85 岁以上"), "age_95": _l("95 岁以上"),
        "destitute": _l("特困"), "minimum_living": _l("低保"), "disabled": _l("失能或重残"),
        "family_planning_special": _l("计生特殊家庭"), "veteran": _l("优抚对象"), "self_at_least": _l("至少自付"),
    },
    RuleKey.QUIET_HOURS: {"from": _l("从"), "to": _l("到")},
    RuleKey.ALERT_DEADLINES: {
        "red_take": _l("红色，接手"), "red_close": _l("红色，办结"), "orange_take": _l("橙色，接手"),
        "orange_close": _l("橙色，办结"), "yellow_take": _l("黄色，接手"), "yellow_close": _l("黄色，办结"),
    },
    RuleKey.ROSTER_ABSENCE: {"alert_after": _l("开门后")},
    RuleKey.ROUND_DAYLIGHT: {
        "applies": _l("按日出日落排"), "before_sunrise": _l("日出前多久可以出门"),
        "after_sunset": _l("日落后多久要回来"),
    },
    RuleKey.ROUND_WEIGHTS: {
        "urgent": _l("漏掉紧急的"), "normal": _l("漏掉一般的"), "can_wait": _l("漏掉可以等的"),
        "change": _l("换了助老员"), "language": _l("说话不合"), "sex": _l("没按愿望派男或女助老员"),
        "late": _l("迟到 10 分钟"), "overtime": _l("加班 10 分钟"),
        "fairness": _l("忙了一整天的人再干 10 分钟"), "pair_wait": _l("两人同去，一人等 10 分钟"),
        "handover": _l("临时换人"), "retime": _l("临时改时间"),
    },
    RuleKey.MEAL_RUNS: {
        "breakfast_ready": _l("早餐几点可取"), "breakfast_deadline": _l("早餐最晚送到"),
        "lunch_ready": _l("午餐几点可取"), "lunch_deadline": _l("午餐最晚送到"),
        "supper_ready": _l("晚餐几点可取"), "supper_deadline": _l("晚餐最晚送到"),
        "hot": _l("离开窗口多久还是热的"), "counter": _l("在窗口取餐"), "door": _l("在门口交餐"),
    },
    RuleKey.PAIRED_POST: {"monthly_hours": _l("每月小时数"), "proof_days": _l("证明有效天数")},
}  # fmt: skip
