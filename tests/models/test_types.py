"""Column types with a rule in them."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from domain.keys import KeyringError
from extensions import db
from models import SignInAttempt, User
from models.keyring import Keyring, keyring

KEY_1 = base64.b64encode(b"1" * 32).decode()
KEY_2 = base64.b64encode(b"2" * 32).decode()


def _ring(keys: str) -> Keyring:
    ring = Keyring()
    ring.configure(keys, KEY_1)
    return ring


def test_an_instant_comes_back_in_utc(app):
    at = datetime(2026, 11, 23, 10, 30, tzinfo=timezone(timedelta(hours=8)))
    db.session.add(SignInAttempt(login_index="x", address="::1", at=at, is_success=True))
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalar(sa.select(SignInAttempt.at)) == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused(app):
    db.session.add(SignInAttempt(login_index="x", address="::1", at=datetime(2026, 1, 1), is_success=True))  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="without a zone"):
        db.session.commit()
    db.session.rollback()


def test_a_phone_is_not_readable_in_the_database(app):
    db.session.add(User(user_name="zhang", name="张敏", phone="13800000000"))
    db.session.commit()
    stored = bytes(db.session.execute(sa.text("SELECT phone FROM users")).scalar_one())
    assert b"138" not in stored
    db.session.expire_all()
    assert db.session.scalar(sa.select(User.phone)) == "13800000000"


def test_the_same_text_is_stored_differently_each_time():
    assert keyring.encrypt("x", "a.b") != keyring.encrypt("x", "a.b")


def test_a_value_moved_to_another_column_cannot_be_read():
    ring = _ring(f"1:{KEY_1}")
    with pytest.raises(InvalidTag):
        ring.decrypt(ring.encrypt("13800000000", "users.phone"), "helpers.phone")


def test_old_values_stay_readable_after_a_new_key_takes_over():
    old = _ring(f"1:{KEY_1}").encrypt("13800000000", "users.phone")
    both = _ring(f"2:{KEY_2},1:{KEY_1}")
    assert both.decrypt(old, "users.phone") == "13800000000"
    assert both.encrypt("x", "users.phone")[0] == 2


def test_a_missing_key_is_named():
    old = _ring(f"1:{KEY_1}").encrypt("x", "a.b")
    with pytest.raises(KeyringError, match="id 1"):
        _ring(f"2:{KEY_2}").decrypt(old, "a.b")


@pytest.mark.parametrize("keys", ["", "1:short", "0:" + KEY_1, "x:" + KEY_1, "1:" + base64.b64encode(b"1").decode()])
def test_bad_keys_are_refused(keys):
    with pytest.raises(KeyringError):
        _ring(keys)


def test_a_blind_index_depends_on_value_and_context():
    ring = _ring(f"1:{KEY_1}")
    assert ring.blind_index("a", "x") == ring.blind_index("a", "x")
    assert ring.blind_index("a", "x") != ring.blind_index("a", "y")
    assert ring.blind_index("a", "x") != ring.blind_index("b", "x")
