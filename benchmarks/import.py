"""A file of 20,000 seniors: read bare, previewed, saved, and previewed again when everybody is known.

    python benchmarks import --rows 20000 [--database postgresql://…]

The baseline is python-calamine reading the same bytes and doing nothing with them. Without --database it runs on a
SQLite file of its own; a database that is named must be empty and is migrated.
"""

import argparse
import io
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

import xlsxwriter  # noqa: E402  after the path
from flask_migrate import upgrade  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from application import create_app  # noqa: E402
from domain import identity  # noqa: E402
from domain.times import utc_now  # noqa: E402
from extensions import db, unit_of_work  # noqa: E402
from models import Division, DivisionLevel, Grant, ImportRegistry, Role, User  # noqa: E402
from policy import SYSTEM, Actor, actor_of  # noqa: E402
from services import divisions, imports  # noqa: E402
from settings import Settings  # noqa: E402

HEADERS = [
    "姓名", "身份证号", "居住地", "地址", "怎么找", "电话", "谁的电话", "居住情况", "风险等级", "类别", "饮食",
    "联系人", "联系人关系", "联系人电话",
]  # fmt: skip
VILLAGES = 150


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 if a row was not saved."""
    parser = argparse.ArgumentParser(prog="import", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--database", default="", help="address of an empty database")
    options = parser.parse_args(argv)
    content = workbook(options.rows)
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/bench.sqlite3"
        app = create_app(Settings(mode="test", database_url=url), Path(folder))
        with app.app_context():
            upgrade()
            engine = db.engine.dialect.name
            print(f"{options.rows:,} seniors, {len(content) / 1e6:.1f} MB as .xlsx, {engine}")
            print(f"{'':<26}{'seconds':>9}{'of CPU':>9}{'rows/s':>12}")
            saved = run(content, officer(), options.rows)
            db.session.remove()
            db.engine.dispose()
    return 0 if saved == options.rows else 1


def run(content: bytes, by: Actor, rows: int) -> int:
    """Each step, timed."""

    def stage() -> Any:
        with unit_of_work():
            return imports.stage(ImportRegistry.SENIORS, "bench.xlsx", content, by=by, now=utc_now())

    def save() -> Any:
        with unit_of_work():
            return imports.confirm(batch.id, by=by, now=utc_now(), progress=show).saved

    timed("bare calamine (baseline)", rows, lambda: bare(content))
    batch = timed("preview, all new", rows, stage)
    print(f"{'':<26}{batch.counts}")
    saved = timed("save", rows, save)
    batch = timed("preview, all known", rows, stage)
    print(f"{'':<26}{batch.counts}")
    return int(saved["new"])


def show(done: int, total: int) -> None:
    """Progress, for a person who watches."""
    if sys.stderr.isatty():
        print(f"\r  {done:,} / {total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def timed(name: str, rows: int, act: Callable[[], Any]) -> Any:
    """Run, and print how long it took, and how much of that this process was at work: a machine may be shared."""
    start, work = time.perf_counter(), time.process_time()
    result = act()
    seconds, work = time.perf_counter() - start, time.process_time() - work
    print(f"{name:<26}{seconds:>9.2f}{work:>9.2f}{rows / seconds:>12,.0f}", flush=True)
    return result


def bare(content: bytes) -> int:
    """What reading alone costs."""
    return len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())


def officer() -> Actor:
    """A county officer of 宝塔区, with villages to live in."""
    now = utc_now()
    with unit_of_work() as uow:
        divisions.load_reference(by=SYSTEM, now=now)
        uow.session.add(Division(code="610602100", name="河庄坪镇", level=DivisionLevel.TOWNSHIP, parent_code="610602"))
        uow.session.flush()
        for number in range(VILLAGES):
            code = f"610602100{200 + number}"
            uow.session.add(
                Division(code=code, name=f"第{number}村", level=DivisionLevel.VILLAGE, parent_code="610602100")
            )
        user = User(user_name="bench", name="王建国")
        user.grants = [Grant(role=Role.COUNTY_OFFICER, division_code="610602")]
        uow.session.add(user)
    return actor_of(user, now.date())


def workbook(rows: int) -> bytes:
    """A file as an office sends it: demo identity numbers, names, villages, phones, a contact each."""
    dice = random.Random(1)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("老人")
    sheet.write_row(0, 0, HEADERS)
    for number in range(rows):
        sheet.write_row(number + 1, 0, person(number, dice))
    book.close()
    return target.getvalue()


def person(number: int, dice: random.Random) -> list[str]:
    """One row; no two have the same identity number."""
    day = number // 999
    first = f"610699{1935 + day // 336 % 20}{day // 28 % 12 + 1:02d}{day % 28 + 1:02d}{number % 999 + 1:03d}"
    name = "".join(dice.choice(part) for part in ("王李张刘陈杨赵黄", "桂秀玉建国兰", "英芳强军平花"))
    return [
        name, first + identity.check_digit(first), f"河庄坪镇 第{dice.randrange(VILLAGES)}村", "二组",
        "老槐树往上第三孔窑",
        f"1990{number:07d}", "本人", dice.choice(["独居", "空巢", "与子女同住"]), dice.choice("ABCD"),
        dice.choice(["", "低保", "残疾、低收入"]), dice.choice(["", "软食", "低盐、低糖"]), f"{name[0]}小明", "儿子",
        f"1991{number:07d}",
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
