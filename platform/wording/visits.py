"""Words for visits and what is found on them."""

from domain.visiting import Block, Mark, Mood, Need
from extensions.babel import lazy as _l
from models import Approval, Outcome, VisitEventKind, VisitMode, VisitStatus

from .core import Word, register

# An enumeration each: members of two enumerations may have the same value.
register(
    {
        VisitStatus.DUE: Word(_l("待安排"), "information", "calendar"),
        VisitStatus.PLANNED: Word(_l("已安排"), "information", "calendar-check"),
        VisitStatus.UNDER_WAY: Word(_l("未完成"), "watch", "hourglass-split"),
        VisitStatus.DONE: Word(_l("已完成"), "good", "check-circle"),
        VisitStatus.NOT_MET: Word(_l("没见到人"), "watch", "person-x"),
        VisitStatus.UNREPORTED: Word(_l("未回报"), "problem", "question-circle"),
        VisitStatus.CANCELLED: Word(_l("已取消"), "neutral", "x-circle"),
    }
)
register(
    {
        VisitMode.DOOR: Word(_l("上门"), "neutral", "house-door"),
        VisitMode.PHONE: Word(_l("电话"), "neutral", "telephone"),
    }
)
register(
    {
        Outcome.MET: Word(_l("见到了老人"), "good", "check-circle"),
        Outcome.NOT_AT_HOME: Word(_l("不在家，知道去向"), "information", "door-open"),
        Outcome.NO_ANSWER: Word(_l("敲门没人应"), "problem", "door-closed"),
        Outcome.GONE_TO_HOSPITAL: Word(_l("看病去了"), "watch", "hospital"),
        Outcome.IN_HOSPITAL: Word(_l("住院了"), "watch", "hospital"),
        Outcome.IN_INSTITUTION: Word(_l("住进养老机构了"), "information", "building"),
        Outcome.MOVED: Word(_l("搬走了"), "information", "box-arrow-right"),
        Outcome.REFUSED: Word(_l("不愿意见"), "watch", "hand-index"),
        Outcome.DECEASED: Word(_l("过世了"), "neutral", "dash-circle"),
    }
)
register(
    {
        Approval.WAITING: Word(_l("补录待审核"), "watch", "hourglass-split"),
        Approval.APPROVED: Word(_l("补录已认可"), "good", "check-circle"),
        Approval.REFUSED: Word(_l("补录未认可"), "problem", "x-circle"),
    }
)
register(
    {
        VisitEventKind.ARRIVED: Word(_l("到了"), "information", "geo-alt"),
        VisitEventKind.CHECKED: Word(_l("查看"), "neutral", "clipboard-check"),
        VisitEventKind.MOOD: Word(_l("心情"), "neutral", "emoji-smile"),
        VisitEventKind.NEEDS: Word(_l("需要"), "neutral", "basket"),
        VisitEventKind.NOTE: Word(_l("备注"), "neutral", "pencil"),
        VisitEventKind.OUTCOME: Word(_l("没见到人"), "watch", "person-x"),
        VisitEventKind.DONE: Word(_l("完成"), "good", "check-circle"),
        VisitEventKind.REOPENED: Word(_l("撤回重填"), "neutral", "arrow-counterclockwise"),
    }
)
register(
    {
        Block.HEALTH: Word(_l("身体"), "neutral", "heart-pulse"),
        Block.ECONOMY: Word(_l("吃穿用"), "neutral", "wallet2"),
        Block.FAMILY: Word(_l("家里人"), "neutral", "people"),
        Block.SAFETY: Word(_l("安全"), "neutral", "shield-check"),
        Block.NEEDS: Word(_l("要帮忙的事"), "neutral", "hand-thumbs-up"),
    }
)
register(
    {
        Mark.NORMAL: Word(_l("正常"), "good", "check-circle"),
        Mark.WATCH: Word(_l("留意"), "watch", "exclamation-circle"),
        Mark.PROBLEM: Word(_l("异常"), "problem", "exclamation-triangle"),
    }
)
register(
    {
        Mood.JOYFUL: Word(_l("很高兴"), "good", "emoji-laughing"),
        Mood.CONTENT: Word(_l("不错"), "good", "emoji-smile"),
        Mood.CALM: Word(_l("还行"), "neutral", "emoji-neutral"),
        Mood.LOW: Word(_l("不太好"), "watch", "emoji-frown"),
        Mood.DISTRESSED: Word(_l("很难过"), "problem", "emoji-tear"),
    }
)
register(
    {
        Need.CARE: Word(_l("照料")),
        Need.REHABILITATION: Word(_l("康复")),
        Need.COMFORT: Word(_l("陪伴说话")),
        Need.HOME_ADAPTATION: Word(_l("家里改造")),
        Need.MEALS: Word(_l("送饭")),
        Need.MEDICAL: Word(_l("看病拿药")),
        Need.ERRANDS: Word(_l("代买代办")),
        Need.POLICY: Word(_l("政策待遇")),
    }
)
