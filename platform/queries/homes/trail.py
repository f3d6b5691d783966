"""What an administrator looks after: who can sign in, who cannot, and whether the senders live."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from extensions import db
from models import Grant, Heartbeat, SignInAttempt, User

QUIET = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """Accounts, and what is odd about them. `beat_at`: when a scheduler was last heard of."""

    active: int
    without_role: int
    never_in: int
    failures: int
    beat_at: datetime | None

    def is_beating(self, now: datetime) -> bool:
        return self.beat_at is not None and now - self.beat_at < QUIET


def people_figures(now: datetime) -> PeopleFigures:
    """One statement."""
    today = now.date()
    held = select(Grant.user_id).where(or_(Grant.to_on.is_(None), Grant.to_on >= today))
    users = select(func.count()).select_from(User).where(User.is_active)
    tries = select(func.count()).where(
        SignInAttempt.at > now - timedelta(hours=24), SignInAttempt.is_success.is_(False)
    )
    return PeopleFigures(
        *db.session.execute(
            select(
                users.scalar_subquery(),
                users.where(User.id.not_in(held)).scalar_subquery(),
                users.where(User.password_hash.is_(None)).scalar_subquery(),
                tries.scalar_subquery(),
                select(func.max(Heartbeat.seen_at)).scalar_subquery(),
            )
        ).one()
    )
