"""A text's story as the lines of a timeline, in order."""

from dataclasses import dataclass
from datetime import datetime

from extensions.babel import gettext as _
from models import AttemptEvent
from queries.messages import Story
from wording import word_of
from wording.messages import cause_of

_RECEIPTS = {
    "delivered": ("good", "check-all"), "read": ("good", "check-all"), "undelivered": ("problem", "x-circle"),
    "failed": ("problem", "x-octagon"), "canceled": ("neutral", "dash-circle"),
}  # fmt: skip
_BY_PERSON = {AttemptEvent.RESENT, AttemptEvent.HANDLED}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of components/page.html's timeline."""

    at: datetime
    title: str
    text: str = ""
    by: str = ""
    tone: str = "neutral"
    icon: str = ""
    href: str = ""


def story_items(story: Story) -> list[Item]:
    """From planned to the last receipt."""
    message = story.message
    items = [Item(message.created_at, _("写入发件箱"), icon="pencil")]
    for attempt in story.attempts:
        its = word_of(attempt.event)
        by = attempt.by if attempt.event in _BY_PERSON else ""
        items.append(Item(attempt.at, str(its.text), _detail(attempt.code, attempt.detail, attempt.milliseconds),
                          by, its.tone, its.icon))  # fmt: skip
    for receipt in story.receipts:
        tone, icon = _RECEIPTS.get(receipt.status, ("information", "check"))
        text = _("错误代码 %(code)s", code=receipt.code) if receipt.code else ""
        items.append(Item(receipt.received_at, _said(receipt.status), text, tone=tone, icon=icon))
    return sorted(items, key=lambda item: item.at)


def _said(status: str) -> str:
    return {
        "accepted": _("回执：已受理"), "scheduled": _("回执：已排期"), "queued": _("回执：排队中"),
        "sending": _("回执：正在发出"), "sent": _("回执：已发出"), "delivered": _("回执：已送到手机"),
        "read": _("回执：已读"), "undelivered": _("回执：没有送到"), "failed": _("回执：发送失败"),
        "canceled": _("回执：已取消"),
    }.get(status, status)  # fmt: skip


def _detail(code: str, detail: str, milliseconds: int | None) -> str:
    parts = [cause_of(code), detail]
    if milliseconds is not None:
        parts.append(_("用时 %(count)d 毫秒", count=milliseconds))
    return " · ".join(part for part in parts if part)
