"""`flask demo …`: the demo city, and its day. Refused outside demo mode."""

import time

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console

from demo import load as loading
from demo.day import Day
from domain.times import utc_now
from extensions.babel import gettext as _

from . import day_report
from .languages import speaking
from .progress import Bars

demo_group = AppGroup("demo", help="The demo city, and a working day in it.")
console = Console(highlight=False)


def refuse_outside_demo() -> None:
    """Generated people have no place among real ones."""
    if not current_app.extensions["settings"].is_demo:
        raise click.ClickException(_("演示数据只能在演示模式下载入（YANNIAN_MODE=demo）。"))


@demo_group.command("load")
@click.option("--seniors", default=3000, show_default=True, type=click.IntRange(2, 2_000_000), help="How many seniors.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are seniors already.")
@speaking
def load(seniors: int, *, if_empty: bool) -> None:
    """Load the demo city: what is missing of it. Goes on from where it stopped."""
    refuse_outside_demo()
    if if_empty and loading.is_loaded():
        return
    begun = time.monotonic()
    with Bars(console, {"sites": _("站点和餐厅"), "seniors": _("老人")}) as bars:
        loaded = loading.load(seniors, now=utc_now(), progress=bars)
    seconds = time.monotonic() - begun
    console.print(
        _("演示城市里有 %(count)s 位老人，这次新增 %(added)s 位，用时 %(seconds).1f 秒。",
          count=f"{loaded.seniors:,}", added=f"{loaded.added:,}", seconds=seconds)
    )  # fmt: skip


@demo_group.command("day")
@speaking
def day() -> None:
    """Run the city's day: rounds, meals, visits, texts. Does what is missing, so it may be run again."""
    refuse_outside_demo()
    if not loading.is_loaded():
        raise click.ClickException(_("城市还是空的，请先载入：flask demo load"))
    begun = time.monotonic()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own recipe
    with Bars(console, day_report.labels()) as bars:
        summary = Day(app, app.extensions["settings"], utc_now(), bars).run()
    day_report.show(console, summary, time.monotonic() - begun)
