"""How a report, and a visit's outcome, are told in a sentence: the room's two filters."""

from collections.abc import Callable
from typing import Any

from domain.visiting import Block, Mark, Mood, Need
from extensions.babel import gettext as _
from models import Outcome, VisitEventKind, VisitStatus
from queries.visit_pages import FamilyVisit, Told
from wording import word

from .room import blueprint


@blueprint.app_template_filter("told")
def told(line: Told) -> str:
    """One line of a visit's history."""
    if line.kind is None:
        return _act(line.act)
    payload = line.payload
    telling = _TELLINGS.get(line.kind)
    if telling is not None:
        return telling(payload)
    return _noted(word(line.kind), payload.get("note") or payload.get("reason") or "")


def _wanted(payload: dict[str, Any]) -> str:
    return _("想要：%(needs)s", needs="、".join(word(Need(need)) for need in payload["needs"]) or "—")


def _noted(text: str, note: str) -> str:
    return _("%(text)s：%(note)s", text=text, note=note) if note else text


def _marked(payload: dict[str, Any]) -> str:
    found = _("%(block)s %(mark)s", block=word(Block(payload["block"])), mark=word(Mark(payload["mark"])))
    return _noted(found, payload.get("note", ""))


_TELLINGS: dict[VisitEventKind, Callable[[dict[str, Any]], str]] = {
    VisitEventKind.CHECKED: _marked,
    VisitEventKind.MOOD: lambda payload: _("心情：%(mood)s", mood=word(Mood(payload["mood"]))),
    VisitEventKind.NEEDS: _wanted,
    VisitEventKind.NOTE: lambda payload: _("备注：%(note)s", note=payload["note"] or "—"),
    VisitEventKind.OUTCOME: lambda payload: _noted(word(Outcome(payload["outcome"])), payload.get("note", "")),
}


def _act(act: str) -> str:
    return {
        "visit.add": _("加上这次探访"),
        "visit.move": _("改了日子"),
        "visit.cancel": _("取消了"),
        "visit.reopen": _("恢复了"),
        "visit.decide": _("审核了补录"),
    }.get(act, act)


@blueprint.app_template_filter("family_words")
def family_words(visit: FamilyVisit, name: str) -> str:
    """What happened, as one would say it to a daughter."""
    if visit.status == VisitStatus.DONE:
        return _("去看过了，见到了%(name)s。", name=name)
    kind = {
        Outcome.NOT_AT_HOME: _("去过，%(name)s 出门了，邻里知道去处。", name=name),
        Outcome.NO_ANSWER: _("去过，没有人应门，工作人员正在联系。"),
        Outcome.GONE_TO_HOSPITAL: _("去过，听说%(name)s 看病去了，工作人员会和您联系。", name=name),
        Outcome.IN_HOSPITAL: _("去过，听说%(name)s 住院了，工作人员会和您联系。", name=name),
        Outcome.IN_INSTITUTION: _("去过，听说%(name)s 住进了养老机构。", name=name),
        Outcome.MOVED: _("去过，听说%(name)s 搬走了。", name=name),
        Outcome.REFUSED: _("去过，%(name)s 那天不想见人，过些天再去。", name=name),
        Outcome.DECEASED: _("工作人员会和您联系。"),
    }
    if visit.outcome in kind:
        return kind[visit.outcome]
    return _("这次还没有收到回报，工作人员正在了解。")
