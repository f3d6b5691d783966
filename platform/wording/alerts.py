"""Words for alerts."""

from domain.codes import AlertKind
from extensions.babel import lazy as _l
from models import AlertLevel, AlertStatus

from .core import Word, register

register({
    AlertLevel.RED: Word(_l("红色"), "problem", "exclamation-octagon"),
    AlertLevel.ORANGE: Word(_l("橙色"), "watch", "exclamation-triangle"),
    AlertLevel.YELLOW: Word(_l("黄色"), "information", "exclamation-circle"),
})  # fmt: skip
register({
    AlertStatus.OPEN: Word(_l("待接手"), "problem", "bell"),
    AlertStatus.TAKEN: Word(_l("处理中"), "watch", "person-check"),
    AlertStatus.CLOSED: Word(_l("已办结"), "good", "check-circle"),
})  # fmt: skip
register({
    AlertKind.NO_ANSWER: Word(_l("敲门无人应答"), "problem", "door-closed"),
    AlertKind.PROBLEM_FOUND: Word(_l("探访发现异常"), "problem", "clipboard-pulse"),
    AlertKind.VISIT_OVERDUE: Word(_l("探访超期"), "watch", "clock-history"),
    AlertKind.ABSENT_UNEXPLAINED: Word(_l("未到站，原因不明"), "watch", "person-x"),
    AlertKind.ASKED_FOR_HELP: Word(_l("老人求助"), "problem", "telephone"),
    AlertKind.MESSAGE_STUCK: Word(_l("短信发不出去"), "information", "chat-left-text"),
    AlertKind.STATUS_PROPOSED: Word(_l("状态可能要改"), "information", "person-gear"),
})  # fmt: skip
