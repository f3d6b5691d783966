"""The circuit breaker of a provider: after so many failures in a row, or a definite no for everybody, nobody sends.

When its time is up, one text probes; a success closes it, a failure opens it for twice as long.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from domain.sending import Terms
from extensions import db
from models import Breaker, BreakerState


def seconds_to_wait(provider: str, now: datetime) -> float:
    """0 if somebody may send now (it may have to probe), else how long nobody may."""
    statement = select(Breaker.state, Breaker.until).where(Breaker.provider == provider)
    state, until = db.session.execute(statement).one_or_none() or (BreakerState.CLOSED, None)
    if state is BreakerState.CLOSED or until is None or until <= now:
        return 0.0
    return float((until - now).total_seconds())


def pass_through(provider: str, *, terms: Terms, now: datetime) -> float:
    """Asked with a text in hand: 0 if it may go (an open breaker becomes probing by it), else the wait."""
    wait = seconds_to_wait(provider, now)
    breaker = _row(provider, is_locked=False)
    if wait or breaker.state is BreakerState.CLOSED:
        return wait
    breaker = _row(provider, is_locked=True)
    if breaker.state is not BreakerState.CLOSED and breaker.until is not None and breaker.until > now:
        return (breaker.until - now).total_seconds()
    if breaker.state is not BreakerState.CLOSED:
        breaker.state = BreakerState.PROBING
        breaker.until = now + timedelta(seconds=terms.lease_s)
        breaker.changed_at = now
    return 0.0


def succeeded(provider: str, now: datetime) -> None:
    """The provider answered as it should."""
    breaker = _row(provider, is_locked=False)
    if breaker.failures == 0 and breaker.state is BreakerState.CLOSED:
        return
    close(provider, now)


def close(provider: str, now: datetime) -> None:
    """Everybody may send again: a probe came through, or a person said so."""
    breaker = _row(provider, is_locked=True)
    breaker.failures = breaker.openings = 0
    if breaker.state is not BreakerState.CLOSED:
        breaker.state, breaker.changed_at, breaker.reason, breaker.until = BreakerState.CLOSED, now, "", None


def failed(provider: str, reason: str, *, terms: Terms, now: datetime, at_once: bool = False) -> None:
    """The provider failed; `at_once` when it is certain that the next text would fail too."""
    breaker = _row(provider, is_locked=True)
    breaker.failures += 1
    is_probe = breaker.state is BreakerState.PROBING
    if breaker.state is BreakerState.OPEN or not (is_probe or at_once or breaker.failures >= terms.trip_after):
        return
    wait = min(terms.open_cap_s, terms.open_s * 2 ** min(breaker.openings, 10))
    breaker.openings += 1
    breaker.state, breaker.until = BreakerState.OPEN, now + timedelta(seconds=wait)
    breaker.reason, breaker.changed_at = reason[:200], now


def _row(provider: str, *, is_locked: bool) -> Breaker:
    statement = select(Breaker).where(Breaker.provider == provider)
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()
