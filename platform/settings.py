"""Every setting, typed and checked at boot. The only reader of the environment."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.keys import KeyringError, parse_index_key, parse_keys
from gateways.workers import PROCESSES, is_address, needs_package

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demo-secret-never-for-production"  # noqa: S105  refused in production
DEMO_FIELD_KEYS = "1:eWFubmlhbi1kZW1vLWZpZWxkLWtleS0zMi1ieXRlcyE="
DEMO_AUTH_TOKEN = "demo-auth-token-of-the-sandbox"  # noqa: S105  the sandbox's own, public on purpose
DEMO_INDEX_KEY = "eWFubmlhbi1kZW1vLWluZGV4LWtleS0zMi1ieXRlcyE="
SMS_GATEWAYS = ("sandbox", "twilio")


class SettingsError(Exception):
    """The environment does not allow a safe start; each of `problems` says what to set."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except KeyringError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between installations. `mode` is demo, production or test."""

    mode: str = "demo"
    database_url: str = field(default="", repr=False)
    secret_key: str = field(default=DEMO_SECRET, repr=False)
    field_keys: str = field(default=DEMO_FIELD_KEYS, repr=False)
    index_key: str = field(default=DEMO_INDEX_KEY, repr=False)
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    idle_minutes: int = 60
    sms_gateway: str = "sandbox"
    sms_sender: str = "+8619900000000"
    twilio_account_sid: str = "AC00000000000000000000000000000000"
    twilio_auth_token: str = field(default=DEMO_AUTH_TOKEN, repr=False)
    sandbox_url: str = "http://127.0.0.1:8001"
    sms_per_second: float = 20.0
    osrm_url: str = ""
    tile_url: str = ""
    planning_workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    planning_executor: str = PROCESSES
    password_cost: int = 3
    metrics_token: str = field(default="", repr=False)
    metrics_folder: str = ""

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def is_demo(self) -> bool:
        """Demo accounts and 610699 identity numbers are accepted; texts go to the sandbox."""
        return self.mode in {"demo", "test"}

    def problems(self) -> list[str]:
        """Why this installation must not start; empty if it may."""
        found = []
        if self.mode not in {"demo", "production", "test"}:
            found.append("YANNIAN_MODE must be demo or production.")
        if self.sms_gateway not in SMS_GATEWAYS:
            found.append(f"SMS_GATEWAY must be one of: {', '.join(SMS_GATEWAYS)}.")
        if not self.twilio_auth_token:
            found.append("TWILIO_AUTH_TOKEN is empty: without it every forged receipt would be believed. Set it.")
        if not is_address(self.planning_executor):
            found.append("PLANNING_EXECUTOR must be processes, or the address of a Dask scheduler: dask://host:8786.")
        elif needs_package(self.planning_executor):
            found.append(
                "PLANNING_EXECUTOR names a Dask cluster, but what speaks to it is not installed: "
                "pip install --require-hashes -r requirements.txt -r requirements-dask.txt"
            )
        if self.is_production:
            found += self._production_problems()
        return found

    def _production_problems(self) -> list[str]:
        checks = [
            (
                self.secret_key == DEMO_SECRET or len(self.secret_key) < 32,
                "SECRET_KEY is missing or short: set it to at least 32 random characters "
                '(python3 -c "import secrets; print(secrets.token_urlsafe(48))").',
            ),
            (
                self.field_keys == DEMO_FIELD_KEYS or not _parses(parse_keys, self.field_keys),
                "FIELD_KEYS is missing or unreadable: set it to 1:BASE64 of 32 random bytes "
                "(python3 -c \"import base64,os; print('1:'+base64.b64encode(os.urandom(32)).decode())\").",
            ),
            (
                self.index_key == DEMO_INDEX_KEY or not _parses(parse_index_key, self.index_key),
                "INDEX_KEY is missing or unreadable: set it to BASE64 of 32 random bytes, "
                "other than those of FIELD_KEYS.",
            ),
            (
                self.sms_gateway == "sandbox",
                "SMS_GATEWAY is the sandbox: nobody would get a text. Set SMS_GATEWAY=twilio and the TWILIO_ settings.",
            ),
            (
                self.twilio_auth_token == DEMO_AUTH_TOKEN,
                "TWILIO_AUTH_TOKEN is the sandbox's: set the one of your account.",
            ),
            (
                not self.public_url.startswith("https://"),
                "PUBLIC_URL must be the https address people use: receipts of texts come back to it.",
            ),
        ]
        return [sentence for wrong, sentence in checks if wrong]


def _number(environ: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        return float(text)
    except ValueError:
        problems.append(f"{name} must be a number, not {text!r}.")
        return default


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingsError with every reason why it must not start."""
    env = os.environ if environ is None else environ
    problems: list[str] = []
    base = Settings()
    mode = env.get("YANNIAN_MODE", base.mode)
    settings = Settings(
        mode=mode,
        database_url=env.get("DATABASE_URL", ""),
        secret_key=env.get("SECRET_KEY", base.secret_key),
        field_keys=env.get("FIELD_KEYS", base.field_keys),
        index_key=env.get("INDEX_KEY", base.index_key),
        public_url=env.get("PUBLIC_URL", base.public_url).rstrip("/"),
        trusted_proxies=int(_number(env, "TRUSTED_PROXIES", base.trusted_proxies, problems)),
        idle_minutes=int(_number(env, "IDLE_MINUTES", base.idle_minutes, problems)),
        sms_gateway=env.get("SMS_GATEWAY", base.sms_gateway),
        sms_sender=env.get("SMS_SENDER", base.sms_sender),
        twilio_account_sid=env.get("TWILIO_ACCOUNT_SID", base.twilio_account_sid),
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN", base.twilio_auth_token),
        sandbox_url=env.get("SANDBOX_URL", base.sandbox_url).rstrip("/"),
        sms_per_second=_number(env, "SMS_PER_SECOND", 1.0 if mode == "production" else base.sms_per_second, problems),
        osrm_url=env.get("OSRM_URL", ""),
        tile_url=env.get("TILE_URL", ""),
        planning_workers=int(_number(env, "PLANNING_WORKERS", base.planning_workers, problems)),
        planning_executor=env.get("PLANNING_EXECUTOR", "").strip() or base.planning_executor,
        password_cost=int(_number(env, "PASSWORD_COST", base.password_cost, problems)),
        metrics_token=env.get("METRICS_TOKEN", ""),
        metrics_folder=env.get("PROMETHEUS_MULTIPROC_DIR", ""),
    )
    problems += settings.problems()
    if problems:
        raise SettingsError(problems)
    return settings


def database_url(settings: Settings, instance: Path) -> str:
    """The SQLAlchemy address: SQLite under `instance` by default, psycopg 3 for PostgreSQL."""
    url = settings.database_url
    if not url:
        return f"sqlite:///{instance / 'yannian.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def new_secret() -> str:
    """A fresh random secret, for operators and tests."""
    return secrets.token_urlsafe(48)
