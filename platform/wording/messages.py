"""Words for texts: their states, purposes, and why one went no further."""

from enum import StrEnum

from extensions.babel import lazy as _l
from models import AttemptEvent, BreakerState, MessageStatus, Purpose, Recipient

from .core import Word, register, word


class Cause(StrEnum):
    """Why a text was dropped, put on a person's list, or asked about: our own codes, and the provider's common ones."""

    NO_PHONE = "no_phone"
    TOO_LATE = "too_late"
    OPTED_OUT = "opted_out"
    NOT_WANTED = "not_wanted"
    WITHDRAWN = "withdrawn"
    MOVED_NUMBER = "moved_number"
    DAILY_CAP = "daily_cap"
    NEVER_KNOWN = "never_known"
    ATTEMPTS = "attempts"
    LEASE_OVER = "lease_over"
    NO_CONNECTION = "no_connection"
    BAD_NUMBER = "21211"
    PROVIDER_OPT_OUT = "21610"
    NOT_A_MOBILE = "21614"
    LANDLINE = "21635"
    UNREACHABLE = "30003"
    UNKNOWN_PHONE = "30005"
    FILTERED = "30007"


register({
    MessageStatus.PENDING: Word(_l("待发送"), "neutral", "clock"),
    MessageStatus.SENDING: Word(_l("发送中"), "information", "send"),
    MessageStatus.SENT: Word(_l("已发出"), "information", "check"),
    MessageStatus.DELIVERED: Word(_l("已送达"), "good", "check-all"),
    MessageStatus.UNKNOWN: Word(_l("正在核实"), "watch", "question-circle"),
    MessageStatus.UNDELIVERED: Word(_l("没有送达"), "problem", "x-circle"),
    MessageStatus.FAILED: Word(_l("发送失败"), "problem", "x-octagon"),
    MessageStatus.CANCELLED: Word(_l("已取消"), "neutral", "dash-circle"),
    MessageStatus.EXPIRED: Word(_l("过期未发"), "watch", "hourglass-bottom"),
    MessageStatus.DEAD: Word(_l("需要人办"), "problem", "person-exclamation"),
})  # fmt: skip
register({
    Purpose.VISIT_EVE: Word(_l("探访前一晚提醒"), "neutral", "moon"),
    Purpose.VISIT_MORNING: Word(_l("探访当天提醒"), "neutral", "sunrise"),
    Purpose.VISIT_CANCELLED: Word(_l("探访取消通知"), "neutral", "calendar-x"),
    Purpose.VISIT_DONE: Word(_l("探访完成告知家属"), "neutral", "house-check"),
    Purpose.MEAL_BOOKED: Word(_l("订餐确认"), "neutral", "bag-check"),
    Purpose.MEAL_CHANGED: Word(_l("订餐更改通知"), "neutral", "arrow-repeat"),
    Purpose.MEAL_CANCELLED: Word(_l("订餐取消通知"), "neutral", "bag-x"),
})  # fmt: skip
register({
    Recipient.SENIOR: Word(_l("老人本人")),
    Recipient.CONTACT: Word(_l("联系人")),
    Recipient.NOBODY: Word(_l("没有可发短信的号码")),
})  # fmt: skip
register({
    AttemptEvent.CLAIMED: Word(_l("开始发送"), "information", "send"),
    AttemptEvent.ACCEPTED: Word(_l("运营商已接收"), "good", "check"),
    AttemptEvent.LATER: Word(_l("运营商暂时不收，稍后再试"), "watch", "arrow-repeat"),
    AttemptEvent.REFUSED: Word(_l("运营商拒收"), "problem", "x-octagon"),
    AttemptEvent.DOUBT: Word(_l("没听清运营商的回答，先去核实"), "watch", "question-circle"),
    AttemptEvent.RELEASED: Word(_l("来不及发出，放回队列"), "neutral", "arrow-counterclockwise"),
    AttemptEvent.LAPSED: Word(_l("发送程序中断，先去核实"), "watch", "question-circle"),
    AttemptEvent.ADOPTED: Word(_l("核实：运营商已经收到"), "good", "check-circle"),
    AttemptEvent.ABSENT: Word(_l("核实：运营商没有收到"), "neutral", "search"),
    AttemptEvent.NO_ANSWER: Word(_l("暂时问不到运营商"), "watch", "wifi-off"),
    AttemptEvent.GAVE_UP: Word(_l("机器查不明，交给人办"), "problem", "person-exclamation"),
    AttemptEvent.DROPPED: Word(_l("不再发送"), "neutral", "dash-circle"),
    AttemptEvent.RESENT: Word(_l("有人要求再发一次"), "information", "send-plus"),
    AttemptEvent.HANDLED: Word(_l("有人已处理"), "good", "person-check"),
})  # fmt: skip
register({
    BreakerState.CLOSED: Word(_l("通道正常"), "good", "check-circle"),
    BreakerState.OPEN: Word(_l("通道暂停"), "problem", "pause-circle"),
    BreakerState.PROBING: Word(_l("通道试探中"), "watch", "arrow-repeat"),
})  # fmt: skip
register({
    Cause.NO_PHONE: Word(_l("没有可以收短信的手机号")),
    Cause.TOO_LATE: Word(_l("再发已经没有用了")),
    Cause.OPTED_OUT: Word(_l("对方不想收短信")),
    Cause.NOT_WANTED: Word(_l("事情有变，不用提醒了")),
    Cause.WITHDRAWN: Word(_l("事情取消或改期了")),
    Cause.MOVED_NUMBER: Word(_l("手机号换了，另发到新号码")),
    Cause.DAILY_CAP: Word(_l("这个号码今天收得够多了")),
    Cause.NEVER_KNOWN: Word(_l("一直查不明有没有发出")),
    Cause.ATTEMPTS: Word(_l("试了多次都没有发成")),
    Cause.LEASE_OVER: Word(_l("发送程序中断")),
    Cause.NO_CONNECTION: Word(_l("连不上运营商")),
    Cause.BAD_NUMBER: Word(_l("号码不对")),
    Cause.PROVIDER_OPT_OUT: Word(_l("对方已向运营商退订")),
    Cause.NOT_A_MOBILE: Word(_l("不是手机号")),
    Cause.LANDLINE: Word(_l("是固定电话，收不了短信")),
    Cause.UNREACHABLE: Word(_l("手机关机或不在服务区")),
    Cause.UNKNOWN_PHONE: Word(_l("号码停用了")),
    Cause.FILTERED: Word(_l("被运营商拦截")),
})  # fmt: skip


def cause_of(code: str) -> str:
    """Why, in words, for our own codes; the provider's code as it is."""
    return word(Cause(code)) if code in set(Cause) else code
