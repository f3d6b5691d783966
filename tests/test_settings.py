"""An unsafe start is refused, with a sentence that says what to set."""

import base64
import os

import pytest

from settings import SettingsError, database_url, load

SAFE = {
    "YANNIAN_MODE": "production",
    "SECRET_KEY": "k" * 48,
    "FIELD_KEYS": "1:" + base64.b64encode(os.urandom(32)).decode(),
    "INDEX_KEY": base64.b64encode(os.urandom(32)).decode(),
    "SMS_GATEWAY": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "a-real-token",
    "PUBLIC_URL": "https://yannian.example.cn",
    "DATABASE_URL": "postgresql://u@db/yannian",
}


def test_a_safe_production_starts():
    assert load(SAFE).is_production


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"FIELD_KEYS": "1:c2hvcnQ="}, "FIELD_KEYS"),
        ({"INDEX_KEY": ""}, "INDEX_KEY"),
        ({"SMS_GATEWAY": "sandbox"}, "SMS_GATEWAY"),
        ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({"PUBLIC_URL": "http://yannian.example.cn"}, "PUBLIC_URL"),
        ({"IDLE_MINUTES": "an hour"}, "IDLE_MINUTES"),
        ({"YANNIAN_MODE": "prodution"}, "YANNIAN_MODE"),
        ({"PLANNING_EXECUTOR": "dask"}, "PLANNING_EXECUTOR"),
        ({"PLANNING_EXECUTOR": "dask://cluster"}, "PLANNING_EXECUTOR"),
        ({"PLANNING_EXECUTOR": "dask://cluster:port"}, "PLANNING_EXECUTOR"),
        ({"PLANNING_EXECUTOR": "https://cluster:8786"}, "PLANNING_EXECUTOR"),
    ],
)
def test_an_unsafe_production_is_refused_by_name(change, named):
    with pytest.raises(SettingsError) as refused:
        load(SAFE | change)
    assert any(named in problem for problem in refused.value.problems)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "SMS_GATEWAY", "TWILIO_AUTH_TOKEN"])
def test_the_demos_defaults_never_serve_in_production(missing):
    with pytest.raises(SettingsError):
        load({name: value for name, value in SAFE.items() if name != missing})


def test_postgresql_is_always_spoken_to_through_psycopg(tmp_path):
    assert database_url(load(SAFE), tmp_path) == "postgresql+psycopg://u@db/yannian"


def test_sqlite_under_the_instance_folder_is_the_default(tmp_path):
    assert database_url(load({}), tmp_path) == f"sqlite:///{tmp_path / 'yannian.sqlite3'}"


def test_secrets_do_not_show_in_a_printed_settings():
    assert "a-real-token" not in repr(load(SAFE))
    assert SAFE["SECRET_KEY"] not in repr(load(SAFE))


@pytest.mark.parametrize("where", ["processes", "dask://cluster:8786", "tls://10.0.0.7:8786", ""])
def test_planning_runs_in_processes_or_on_a_cluster(where):
    assert load(SAFE | {"PLANNING_EXECUTOR": where}).planning_executor == (where or "processes")


def test_a_cluster_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert load(SAFE).planning_executor == "processes"
    with pytest.raises(SettingsError, match=r"requirements-dask\.txt"):
        load(SAFE | {"PLANNING_EXECUTOR": "dask://cluster:8786"})
