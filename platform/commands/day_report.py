"""What the demo city's day came to, for a person to enjoy."""

from datetime import date

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from demo.day import Summary
from extensions.babel import gettext as _
from formatting import long_date
from models import MessageStatus, VisitStatus
from wording import word

_GOING_WELL = {MessageStatus.DELIVERED, MessageStatus.SENT, MessageStatus.PENDING}
_OPEN = (VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.UNDER_WAY)


def labels() -> dict[str, str]:
    """The words for the steps."""
    return {
        "due": _("排出到期的探访"),
        "history": _("补上前四周的探访记录"),
        "travel": _("从到门记录里学路程"),
        "rounds": _("规划并发布巡访路线"),
        "meals": _("订餐"),
        "texts": _("写好并发出短信"),
        "visits": _("探访上报"),
        "attendance": _("日间照料中心点名"),
        "meals_close": _("截止、定数、取餐"),
        "runs": _("规划并发布送餐"),
        "receipts": _("等短信回执"),
    }


def show(console: Console, summary: Summary, seconds: float) -> None:
    """The whole report."""
    console.print()
    console.print(Panel(_rounds(summary), title=_("%(day)s，这座城市的一天", day=long_date(summary.on)), expand=False))
    console.print(_visits(summary))
    console.print(_meals(summary))
    console.print(_texts(summary))
    console.print(_took(summary, seconds), style="dim")


def _rounds(summary: Summary) -> str:
    compared = summary.compared
    lines = [
        _("三天里 %(rounds)d 条巡访路线，走到 %(served)d 家，行程 %(km).0f 公里，路上 %(hours).1f 小时。",
          rounds=compared.rounds, served=compared.served, km=compared.metres / 1000, hours=compared.minutes / 60),
        _("如果总是先去最近的一家，要走 %(km).0f 公里、%(hours).1f 小时，走到 %(served)d 家。",
          km=compared.nearest_metres / 1000, hours=compared.nearest_minutes / 60, served=compared.nearest_served),
    ]  # fmt: skip
    if compared.km_saved > 0:
        saved = _("省下 %(km).0f 公里、%(hours).1f 小时，可以多陪老人说说话。", km=compared.km_saved,
                  hours=max(0.0, compared.hours_saved))  # fmt: skip
        lines.append(f"[bold green]{saved}[/]")
    if summary.came:
        lines.append(_("日间照料中心签到 %(count)d 人次。", count=summary.came))
    if compared.left_out:
        lines.append(_("%(count)d 次排不进去，原因写在方案里，等调度员看。", count=compared.left_out))
    return "\n".join(lines)


def _visits(summary: Summary) -> Table:
    table = Table(title=_("探访"), box=box.SIMPLE, title_justify="left")
    table.add_column(_("日期"))
    for heading in (_("共"), _("已完成"), _("没见到"), _("还没去")):
        table.add_column(heading, justify="right")
    for on in sorted(summary.visits):
        counts = summary.visits[on]
        rest = sum(counts.get(status, 0) for status in _OPEN)
        numbers = (sum(counts.values()), counts.get(VisitStatus.DONE, 0), counts.get(VisitStatus.NOT_MET, 0), rest)
        table.add_row(_day(on, summary.on), *(str(number) for number in numbers))
    return table


def _day(on: date, today: date) -> str:
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}
    return f"{near.get((on - today).days, '')} {on:%m-%d}".strip()


def _meals(summary: Summary) -> Table:
    title = _("今天的午餐（前后三天一共 %(count)d 份）", count=summary.portions)
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    table.add_column(_("共享餐厅"))
    table.add_column(_("份数"), justify="right")
    table.add_column("")
    most = max((booked for _name, booked, _capacity in summary.meals), default=0) or 1
    for name, booked, _capacity in summary.meals:
        table.add_row(name, str(booked), "█" * round(24 * booked / most))
    return table


def _texts(summary: Summary) -> Table:
    table = Table(title=_("短信"), box=box.SIMPLE, title_justify="left")
    table.add_column(_("状态"))
    table.add_column(_("条数"), justify="right")
    for status in MessageStatus:
        count = summary.texts.get(status, 0)
        if count:
            style = "" if status in _GOING_WELL else "yellow"
            table.add_row(word(status), str(count), style=style)
    if summary.are_texts_left_to_scheduler:
        table.caption = _("调度进程正在运行，短信由它按真实的时间发出。")
    elif summary.without_receipt:
        table.caption = _("还有 %(count)d 条没有回执，调度进程会去问。", count=summary.without_receipt)
    return table


def _took(summary: Summary, seconds: float) -> str:
    names = labels()
    by_name: dict[str, float] = {}
    for name, took in summary.steps:
        by_name[name] = by_name.get(name, 0.0) + took
    parts = [f"{names[name]} {took:.1f} s" for name, took in by_name.items() if took >= 0.1]
    return _("用时 %(seconds).0f 秒：%(parts)s", seconds=seconds, parts=" · ".join(parts))
