"""Words for what happens to a published day, and for questions about one."""

from extensions.babel import lazy as _l
from models import ChangeKind, ChangeStatus, Question, WhatIfStatus

from .core import Word, register

register({
    ChangeKind.ILL: Word(_l("有人去不了"), "problem", "person-x"),
    ChangeKind.LATE: Word(_l("有一站耽误了"), "watch", "hourglass-split"),
    ChangeKind.ADDED: Word(_l("加一次探访"), "information", "plus-circle"),
    ChangeKind.CLOSED: Word(_l("路断了或通了"), "watch", "signpost-split"),
    ChangeKind.CANCELLED: Word(_l("有一家不用去了"), "neutral", "calendar-x"),
})  # fmt: skip
register({
    ChangeStatus.SUGGESTED: Word(_l("等您决定"), "watch", "question-circle"),
    ChangeStatus.ACCEPTED: Word(_l("已采用"), "good", "check-circle"),
    ChangeStatus.DISMISSED: Word(_l("没有采用"), "neutral", "x-circle"),
    ChangeStatus.UNDONE: Word(_l("已撤销"), "neutral", "arrow-counterclockwise"),
})  # fmt: skip
register({
    Question.WITHOUT: Word(_l("少一个人"), "neutral", "person-x"),
    Question.ONE_MORE: Word(_l("多一个人"), "neutral", "person-plus"),
    Question.WIDER: Word(_l("上门时间放宽"), "neutral", "clock"),
    Question.FREQUENCY: Word(_l("换一个探访频次"), "neutral", "arrow-repeat"),
})  # fmt: skip
register({
    WhatIfStatus.SEARCHING: Word(_l("正在算"), "information", "hourglass-split"),
    WhatIfStatus.ANSWERED: Word(_l("算好了"), "good", "check-circle"),
    WhatIfStatus.ENDED: Word(_l("中断了"), "problem", "exclamation-triangle"),
})  # fmt: skip
