"""What happened, in the words of the timeline."""

from collections.abc import Iterable
from typing import Any

from blueprints.frame import link
from domain.codes import AbsenceReason
from extensions.babel import gettext as _
from models import SeniorStatus
from queries.senior_timeline import Moment, MomentKind
from wording import tone_of, word, word_of
from wording.acts import act_word
from wording.seniors import fact_word


def items(moments: Iterable[Moment], *, for_family: bool = False) -> list[dict[str, Any]]:
    """Items of the timeline component. What a helper notes is for colleagues: a family reads how it went."""
    found = [{"at": one.at, "by": one.by, **_WORDS[one.kind](one)} for one in moments]
    return [item | {"text": ""} for item in found] if for_family else found


def _visit(moment: Moment) -> dict[str, Any]:
    return {
        "title": _("探访：%(what)s", what=word(moment.what)),
        "text": moment.text,
        "tone": tone_of(moment.what),
        "icon": word_of(moment.what).icon or "door-open",
        "href": link("visits.show", visit_id=moment.link_id),
    }


def _meal(moment: Moment) -> dict[str, Any]:
    title = _("订餐：%(dish)s（%(what)s）", dish=moment.text, what=word(moment.what))
    return {"title": title, "tone": tone_of(moment.what), "icon": "egg-fried"}


def _attendance(moment: Moment) -> dict[str, Any]:
    if moment.what is None:
        return {"title": _("到站点"), "text": moment.text, "tone": "good", "icon": "building"}
    known = moment.what in set(AbsenceReason)
    reason = AbsenceReason(moment.what) if known else AbsenceReason.UNKNOWN
    title = _("没有到站点：%(reason)s", reason=word(reason))
    return {"title": title, "text": moment.text, "tone": tone_of(reason), "icon": "building"}


def _text(moment: Moment) -> dict[str, Any]:
    purpose, status = moment.what
    return {
        "title": _("短信：%(what)s（%(status)s）", what=word(purpose), status=word(status)),
        "tone": tone_of(status),
        "icon": "chat-left-text",
        "href": link("messages.show", message_id=moment.link_id),
    }


def _note(moment: Moment) -> dict[str, Any]:
    return {"title": _("备注"), "text": moment.text, "icon": "pencil"}


def _change(moment: Moment) -> dict[str, Any]:
    changes = moment.changes or {}
    status = changes.get("status", [None, None])[-1]
    title = act_word(moment.what)
    if moment.what == "senior.status" and status in set(SeniorStatus):
        title = _("状态改为：%(status)s", status=word(SeniorStatus(status)))
    changed = "、".join(fact_word(name) for name in changes) if moment.what == "senior.edit" else ""
    return {"title": title, "text": changed or moment.text, "icon": "clock-history"}


_WORDS = {
    MomentKind.VISIT: _visit,
    MomentKind.MEAL: _meal,
    MomentKind.ATTENDANCE: _attendance,
    MomentKind.TEXT: _text,
    MomentKind.NOTE: _note,
    MomentKind.CHANGE: _change,
}
