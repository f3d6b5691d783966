"""Machines may ask how it goes; what they are told names nobody."""

import uuid

from queries import health


def test_healthz_answers_a_stranger(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_healthz_says_when_the_database_is_gone(client, monkeypatch):
    monkeypatch.setattr(health, "database_answers", lambda: False)
    assert client.get("/healthz").status_code == 503


def test_metrics_are_for_this_machine_and_not_for_a_proxy_on_it(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404


def test_metrics_open_with_the_token_and_never_with_an_empty_one(client, app, monkeypatch):
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, environ_overrides=far).status_code == 404
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", type("Stand-in", (), {"metrics_token": "pine", "metrics_folder": "",
                        "is_production": settings.is_production, "tile_url": "", "idle_minutes": 60}))  # fmt: skip
    assert client.get("/metrics", headers={"Authorization": "Bearer crane"}, environ_overrides=far).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer pine"}, environ_overrides=far).status_code == 200


def test_metrics_count_by_endpoint_and_never_by_address(client):
    secret = str(uuid.uuid4())
    client.get(f"/{secret}")
    text = client.get("/metrics").text
    assert 'endpoint="none"' in text
    assert secret not in text
