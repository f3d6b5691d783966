"""Default deny, walked: every route × every role gives exactly what the table of permissions says."""

import uuid
from datetime import date
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.exceptions import Forbidden
from werkzeug.routing import Rule
from werkzeug.routing.converters import (
    AnyConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)

from blueprints.converters import CodeConverter, DayConverter, WeekConverter
from extensions import db
from models import Division, DivisionLevel, Role, User
from policy import Permission, guard, permissions_of
from policy.guard import PUBLIC, permission_of

_PUBLIC = {
    "monitoring.healthz", "monitoring.metrics", "sessions.create", "sessions.new", "sessions.preferences",
    "webhooks.sms_status",
}  # fmt: skip
"""Every door that is open to strangers, written down once more: a new one must be meant."""
_SCOPES: dict[Role, dict[str, Any]] = {role: {"division_code": "610600"} for role in Role}


def _sample(converter: Any) -> object:
    """A value that the converter lets through."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    for kind, value in (
        (UUIDConverter, uuid.UUID(int=1)),
        (DayConverter, date(2026, 11, 23)),
        (WeekConverter, date(2026, 11, 23)),
        (CodeConverter, "610602"),
        (IntegerConverter, 1),
        (PathConverter, "a/b"),
        (UnicodeConverter, "x" * 16),
    ):
        if isinstance(converter, kind):
            return value
    raise AssertionError(f"a converter this test does not know: {converter!r}")


def rules(app: Flask) -> list[Rule]:
    """Every route but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def path_of(rule: Rule) -> str:
    """An address the rule matches."""
    values = {name: _sample(converter) for name, converter in rule._converters.items()}
    built = rule.build(values)
    assert built is not None, rule
    return built[1]


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_endpoint_names_a_permission_or_is_known_to_be_public(app):
    named = {rule.endpoint: permission_of(app, rule.endpoint) for rule in rules(app)}
    assert [endpoint for endpoint, permission in named.items() if permission is None] == []
    assert {endpoint for endpoint, permission in named.items() if permission == PUBLIC} == _PUBLIC
    assert all(permission == PUBLIC or permission in set(Permission) for permission in named.values())


@pytest.mark.parametrize("role", list(Role))
def test_the_guard_lets_a_role_through_exactly_where_the_table_does(app, make_user, role):
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()
    user = make_user(role, **_SCOPES[role])
    wrong = [
        f"{method} {rule.rule} needs {permission_of(app, rule.endpoint)}"
        for rule in rules(app)
        for method in methods_of(rule)
        if _lets_through(app, path_of(rule), method, user) != _should(app, rule, role)
    ]
    assert wrong == []


def _should(app: Flask, rule: Rule, role: Role) -> bool:
    needed = permission_of(app, rule.endpoint)
    return needed == PUBLIC or needed in permissions_of(role)


def _lets_through(app: Flask, path: str, method: str, user: User) -> bool:
    with app.test_request_context(path, method=method):
        g._login_user = user
        try:
            return guard() is None
        except Forbidden:
            return False


def test_a_stranger_is_sent_to_the_door_from_every_guarded_route(app, client):
    wrong = []
    for rule in rules(app):
        if permission_of(app, rule.endpoint) == PUBLIC:
            continue
        for method in methods_of(rule):
            answer = client.open(path_of(rule), method=method)
            expected = 401 if rule.rule.startswith("/api/") else 303
            if answer.status_code != expected:
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_an_endpoint_that_names_nothing_is_denied(app, make_user, monkeypatch):
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()
    user = make_user(Role.CITY_OFFICER, division_code="610600")

    def forgotten() -> str:
        return "open"

    monkeypatch.setitem(app.view_functions, "homes.show", forgotten)
    assert not _lets_through(app, "/", "GET", user)
