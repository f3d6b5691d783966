"""`flask rounds …`: planning a day from the shell, several divisions at once."""

import multiprocessing
import queue
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from commands.languages import speaking
from dispatch import Figures, Limit, Plan, Problem
from dispatch import Progress as Searched
from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from extensions.babel import gettext as _
from formatting import hours, kilometres, long_date
from gateways.travel import travel_model
from policy import SYSTEM, Permission
from queries import rounds as queries
from services import round_days, round_search, rounds
from services.round_days import Day
from wording.rounds import reason

rounds_group = AppGroup("rounds", help="Rounds: plan a day.")
Answer = tuple[Plan, Figures]


@dataclass(frozen=True, slots=True)
class Found:
    """A division's plan and what became of it; `refusal` where it could not be published."""

    day: Day
    plan: Plan
    nearest: Figures
    state: str
    refusal: str = ""


@rounds_group.command("plan")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The city's day to plan.")
@click.option(
    "--division", "codes", multiple=True, required=True, help="A division's code; may be given several times."
)
@click.option("--seconds", default=20.0, show_default=True, help="How long to search for each division.")
@click.option("--iterations", type=int, help="Search so many steps instead: the same seed gives the same plan.")
@click.option("--publish", is_flag=True, help="Publish what is found.")
@click.option("--seed", default=1, show_default=True)
@speaking
def plan(
    on: datetime, codes: tuple[str, ...], seconds: float, iterations: int | None, publish: bool, seed: int
) -> None:
    """Turn the due visits and the helpers on shift of a day into rounds."""
    console = Console()
    limit = Limit(iterations=iterations) if iterations else Limit(seconds=seconds)
    days = [_prepare(code, on.date()) for code in dict.fromkeys(codes)]
    db.session.remove()
    started = time.monotonic()
    answers = _search(days, limit, seed, console)
    took = time.monotonic() - started
    found = [
        _keep(day, answer, seed=seed, seconds=took, publish=publish) for day, answer in zip(days, answers, strict=True)
    ]
    _show(console, on.date(), found, took)
    if any(one.refusal for one in found):
        raise click.exceptions.Exit(1)


def _prepare(code: str, on: date) -> Day:
    now = utc_now()
    try:
        round_search.check(code, on, by=SYSTEM, now=now)
    except Refusal as refusal:
        sentence = " ".join(filter(None, (refusal.sentence, refusal.suggestion))) or _("没有这个区划。")
        raise click.ClickException(f"{code}: {sentence}") from refusal
    model = travel_model(current_app.extensions["settings"].osrm_url)
    return round_days.prepare(code, on, today=local_day(now), travel=model)


def _search(days: Sequence[Day], limit: Limit, seed: int, console: Console) -> list[Answer]:
    """One process for each division, as many at once as the setting allows; their progress on one screen."""
    workers = min(len(days), current_app.extensions["settings"].planning_workers)
    context = multiprocessing.get_context("spawn")
    bars = Progress(
        SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description}"), BarColumn(bar_width=24),
        TextColumn("{task.fields[state]}"), TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with context.Manager() as manager, ProcessPoolExecutor(workers, mp_context=context) as pool, bars:
        told = manager.Queue()
        tasks = [bars.add_task(day.division_code, total=1.0, state=_("等待")) for day in days]
        futures = [pool.submit(_solve, day.problem, limit, seed, number, told) for number, day in enumerate(days)]
        _watch(bars, tasks, futures, told, limit)
        return [future.result() for future in futures]


def _solve(problem: Problem, limit: Limit, seed: int, number: int, told: Any) -> Answer:
    """In its own process: search, and say how it goes."""
    return round_search.search(problem, limit, seed=seed, progress=lambda one: told.put((number, one)))


def _watch(
    bars: Progress, tasks: Sequence[TaskID], futures: Sequence["Future[Answer]"], told: Any, limit: Limit
) -> None:
    """Move the bars until every search has ended."""
    while not all(future.done() for future in futures):
        try:
            number, searched = told.get(timeout=0.2)
        except queue.Empty:
            continue
        bars.update(tasks[number], completed=_share(searched, limit), state=_state(searched.served, searched.visits))
    for task, future in zip(tasks, futures, strict=True):
        figures = future.result()[0].figures
        bars.update(task, completed=1.0, state=_state(figures.served, figures.visits))


def _share(searched: Searched, limit: Limit) -> float:
    if limit.iterations:
        return min(searched.iterations / limit.iterations, 1.0)
    return min(searched.seconds / limit.seconds, 1.0) if limit.seconds else 1.0


def _state(served: int, visits: int) -> str:
    return _("排上 %(served)d，没排上 %(left)d", served=served, left=visits - served)


def _keep(day: Day, answer: Answer, *, seed: int, seconds: float, publish: bool) -> Found:
    """Store the proposal; publish it in a transaction of its own, so that a refusal leaves the proposal."""
    found, nearest = answer
    if not day.problem.visits:
        return Found(day, found, nearest, _("没有要安排的"))
    with unit_of_work():
        proposal = round_search.keep(day, found, nearest, seed=seed, seconds=seconds, by=SYSTEM, now=utc_now())
    if not publish:
        return Found(day, found, nearest, _("待发布"))
    try:
        with unit_of_work():
            rounds.publish(proposal.id, by=SYSTEM, now=utc_now())
    except Refusal as refused:
        sentence = " ".join(filter(None, (refused.sentence, refused.suggestion)))
        return Found(day, found, nearest, _("没有发布"), sentence)
    return Found(day, found, nearest, _("已发布"))


def _show(console: Console, on: date, found: Sequence[Found], took: float) -> None:
    names = dict(queries.places(SYSTEM.scope(Permission.ROUND_READ)))
    table = Table(title=_("%(day)s的巡访", day=long_date(on)))
    table.add_column(_("地方"), no_wrap=True)
    for title in (_("排上/探访"), _("没排上（紧急）"), _("路线"), _("公里（就近走）"), _("小时（就近走）")):
        table.add_column(title, justify="right", overflow="fold")
    table.add_column(_("方案"), no_wrap=True)
    for one in found:
        figures, near = one.plan.figures, one.nearest
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
        if one.refusal:
            console.print(f"{one.day.division_code}: {one.refusal}")
    for sentence, count in _why(found):
        console.print(f"  {count:>4} × {sentence}")
    console.print(_("用时 %(seconds).0f 秒。", seconds=took))


def _why(found: Sequence[Found]) -> list[tuple[str, int]]:
    """The first reason of every visit left out, the most frequent sentences first."""
    sentences: Counter[str] = Counter()
    for one in found:
        for left in one.plan.left_out:
            first = left.reasons[0]
            sentences[reason({"code": first.code.value, **first.parameters}, {})] += 1
    return sentences.most_common(8)
