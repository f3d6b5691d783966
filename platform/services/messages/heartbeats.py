"""Which scheduler processes are alive."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from domain.times import utc_now
from extensions import database_now, db, unit_of_work
from models import Heartbeat

ALIVE_S = 30
_FORGET = timedelta(days=1)


def beat(owner: str, ages: dict[str, float]) -> None:
    """Say that this process is alive, and how long ago each of its ticks ended well."""
    with unit_of_work() as uow:
        now = database_now()
        mine = uow.session.get(Heartbeat, owner)
        if mine is None:
            mine = Heartbeat(owner=owner, started_at=now, seen_at=now)
            uow.session.add(mine)
            uow.session.execute(delete(Heartbeat).where(Heartbeat.seen_at < now - _FORGET))
        mine.seen_at = now
        mine.ticks = {name: round(age, 1) for name, age in ages.items()}


def gone(owner: str) -> None:
    """Say that this process has ended as it should."""
    with unit_of_work() as uow:
        uow.session.execute(delete(Heartbeat).where(Heartbeat.owner == owner))


def alive(now: datetime | None = None) -> list[Heartbeat]:
    """Processes heard of within half a minute."""
    since = (now or utc_now()) - timedelta(seconds=ALIVE_S)
    return list(db.session.scalars(select(Heartbeat).where(Heartbeat.seen_at >= since).order_by(Heartbeat.started_at)))
