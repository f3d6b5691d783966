"""`flask rounds …`: planning a day from the shell, several divisions at once."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from commands.languages import speaking
from dispatch import Limit
from dispatch import Progress as Searched
from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from extensions.babel import gettext as _
from formatting import hours, kilometres, long_date
from gateways.workers import open_workers
from policy import SYSTEM, Permission
from queries import rounds as queries
from services import round_days, round_search, rounds, travel
from services.city_search import Answer, Order, search_all
from services.round_days import Day
from wording.rounds import reason

rounds_group = AppGroup("rounds", help="Rounds: plan a day.")


@dataclass(frozen=True, slots=True)
class Found:
    """A division's answer and what became of it; `refusal` where it could not be published."""

    day: Day
    answer: Answer
    state: str
    refusal: str = ""


@rounds_group.command("plan")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The city's day to plan.")
@click.option("--division", "codes", multiple=True, help="A division's code; may be given several times.")
@click.option("--all-counties", is_flag=True, help="Every county that has no published rounds for that day.")
@click.option("--seconds", default=20.0, show_default=True, help="How long to search for each division.")
@click.option("--iterations", type=int, help="Search so many steps instead: the same seed gives the same plan.")
@click.option("--publish", is_flag=True, help="Publish what is found.")
@click.option("--seed", default=1, show_default=True)
@speaking
def plan(
    on: datetime, codes: tuple[str, ...], all_counties: bool, seconds: float, iterations: int | None,
    publish: bool, seed: int,
) -> None:  # fmt: skip
    """Turn the due visits and the helpers on shift of a day into rounds."""
    if all_counties == bool(codes):
        raise click.UsageError(_("请给出 --division，或者 --all-counties。"))
    console = Console()
    limit = Limit(iterations=iterations) if iterations else Limit(seconds=seconds)
    days = (
        _whole_city(on.date(), console)
        if all_counties
        else [_prepare(code, on.date()) for code in dict.fromkeys(codes)]
    )
    db.session.remove()
    started = time.monotonic()
    found = _search(days, limit, seed, publish, console)
    _show(console, on.date(), found, time.monotonic() - started)
    if any(one.refusal for one in found):
        raise click.exceptions.Exit(1)


def _whole_city(on: date, console: Console) -> list[Day]:
    """Every county; one that cannot be planned is told of, and keeps nobody else from it."""
    days = []
    for code, name in queries.places(SYSTEM.scope(Permission.ROUND_READ)):
        try:
            days.append(_prepare(code, on))
        except click.ClickException as refused:
            console.print(f"{name} {refused.message}")
    return days


def _prepare(code: str, on: date) -> Day:
    now = utc_now()
    try:
        round_search.check(code, on, by=SYSTEM, now=now)
    except Refusal as refusal:
        raise click.ClickException(f"{code}: {_sentence(refusal) or _('没有这个区划。')}") from refusal
    model = travel.model_for(code, on, osrm_url=current_app.extensions["settings"].osrm_url)
    return round_days.prepare(code, on, today=local_day(now), travel=model)


def _search(days: Sequence[Day], limit: Limit, seed: int, publish: bool, console: Console) -> list[Found]:
    """Each division's plan is kept when it is found, so that a command that is ended early has kept what it had."""
    settings = current_app.extensions["settings"]
    by_code = {day.division_code: day for day in days}
    orders = [Order(day.division_code, day.problem, limit, seed) for day in days]
    found: dict[str, Found] = {}
    with open_workers(settings.planning_executor, min(len(days), settings.planning_workers)) as workers:
        if workers.is_substitute:
            console.print(_("%(where)s 连不上，改用本机的进程。", where=settings.planning_executor))
        with _bars(console) as bars:
            tasks = {code: bars.add_task(code, total=1.0, state=_("等待")) for code in by_code}
            started = time.monotonic()

            def watch(code: str, how: Searched) -> None:
                bars.update(tasks[code], completed=_share(how, limit), state=_state(how.served, how.visits))

            for answer in search_all(workers, orders, watch):
                took, figures = time.monotonic() - started, answer.plan.figures
                code = answer.division_code
                found[code] = _keep(by_code[code], answer, seed=seed, seconds=took, publish=publish)
                bars.update(tasks[code], completed=1.0, state=_state(figures.served, figures.visits))
    return [found[code] for code in by_code]


def _bars(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description}"), BarColumn(bar_width=24),
        TextColumn("{task.fields[state]}"), TimeElapsedColumn(), console=console,
    )  # fmt: skip


def _share(searched: Searched, limit: Limit) -> float:
    if limit.iterations:
        return min(searched.iterations / limit.iterations, 1.0)
    return min(searched.seconds / limit.seconds, 1.0) if limit.seconds else 1.0


def _state(served: int, visits: int) -> str:
    return _("排上 %(served)d，没排上 %(left)d", served=served, left=visits - served)


def _keep(day: Day, answer: Answer, *, seed: int, seconds: float, publish: bool) -> Found:
    """Store the proposal; publish it in a transaction of its own, so that a refusal leaves the proposal."""
    if not day.problem.visits:
        return Found(day, answer, _("没有要安排的"))
    with unit_of_work():
        proposal = round_search.keep(
            day, answer.plan, answer.nearest, seed=seed, seconds=seconds, by=SYSTEM, now=utc_now()
        )
    if not publish:
        return Found(day, answer, _("待发布"))
    try:
        with unit_of_work():
            rounds.publish(proposal.id, by=SYSTEM, now=utc_now())
    except Refusal as refused:
        return Found(day, answer, _("没有发布"), _sentence(refused))
    return Found(day, answer, _("已发布"))


def _sentence(refusal: Refusal) -> str:
    return " ".join(filter(None, (refusal.sentence, refusal.suggestion)))


def _show(console: Console, on: date, found: Sequence[Found], took: float) -> None:
    names = dict(queries.places(SYSTEM.scope(Permission.ROUND_READ)))
    table = Table(title=_("%(day)s的巡访", day=long_date(on)))
    table.add_column(_("地方"), no_wrap=True)
    for title in (_("排上/探访"), _("没排上（紧急）"), _("路线"), _("公里（就近走）"), _("小时（就近走）")):
        table.add_column(title, justify="right", overflow="fold")
    table.add_column(_("方案"), no_wrap=True)
    for one in found:
        figures, near = one.answer.plan.figures, one.answer.nearest
        table.add_row(
            names.get(one.day.division_code, one.day.division_code),
            f"{figures.served}/{figures.visits}",
            f"{figures.visits - figures.served} ({figures.unserved[0]})",
            str(figures.rounds),
            f"{kilometres(figures.metres)} ({kilometres(near.metres)})",
            f"{hours(figures.travel // 60)} ({hours(near.travel // 60)})",
            one.state,
        )
    console.print(table)
    for one in found:
        for note in filter(None, (one.refusal, _lost(one.answer))):
            console.print(f"{one.day.division_code}: {note}")
    for sentence, count in _why(found):
        console.print(f"  {count:>4} × {sentence}")
    console.print(_("用时 %(seconds).0f 秒。", seconds=took))


def _lost(answer: Answer) -> str:
    """What to know of workers that died."""
    if answer.is_emergency:
        return _("负责搜索的进程停了 %(times)d 次，这里用的是应急方案：能走，但路不是最省的。", times=answer.lost)
    return _("负责搜索的进程停了一次，换一个重新排好了。") if answer.lost else ""


def _why(found: Sequence[Found]) -> list[tuple[str, int]]:
    """The first reason of every visit left out, the most frequent sentences first."""
    sentences: Counter[str] = Counter()
    for one in found:
        for left in one.answer.plan.left_out:
            first = left.reasons[0]
            sentences[reason({"code": first.code.value, **first.parameters}, {})] += 1
    return sentences.most_common(8)
