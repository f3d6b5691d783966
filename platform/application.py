"""The application factory: reads like a table of contents."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from blueprints import BLUEPRINTS, converters, errors, frame, headers, monitoring, nul
from commands import COMMANDS
from extensions import csrf, db, limiter, login_manager, migrate
from extensions.babel import init_app as init_languages
from formatting import FILTERS
from models.keyring import keyring
from policy import guard
from services import sign_in
from settings import ROOT, Settings, database_url, load


def create_app(settings: Settings | None = None, instance: Path | None = None) -> Flask:
    """Build the application. Reads no table; refuses to build on unsafe settings (SettingsError)."""
    settings = settings or load()
    app = Flask(
        "yannian",
        root_path=str(ROOT / "platform"),
        instance_path=str(instance or ROOT / "instance"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "platform" / "static"),
    )
    app.url_map.strict_slashes = False  # /seniors and /seniors/ are one address to the person who types it
    register_settings(app, settings)
    register_database(app, settings)
    register_languages(app)
    register_people(app)
    register_protection(app, settings)
    register_pages(app)
    register_commands(app)
    register_files(app)
    return app


def register_settings(app: Flask, settings: Settings) -> None:
    """Settings under `app.extensions["settings"]`; Flask's own configuration derived from them."""
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.mode == "test",
        SESSION_COOKIE_NAME="yannian",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_ENABLED=settings.mode != "test",
    )
    keyring.configure(settings.field_keys, settings.index_key)


def register_database(app: Flask, settings: Settings) -> None:
    """SQLite under the instance folder by default, PostgreSQL by DATABASE_URL; one migration history."""
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    url = database_url(settings, Path(app.instance_path))
    options: dict[str, object] = {"pool_pre_ping": True}
    if url.startswith("postgresql"):
        options |= {"pool_size": 8, "max_overflow": 8}
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "platform" / "migrations"), render_as_batch=True)


def register_languages(app: Flask) -> None:
    """Chinese first, English complete."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "platform" / "translations"),
    )
    init_languages(app)
    app.jinja_env.filters.update(FILTERS)


def register_people(app: Flask) -> None:
    """Sign-in, and the guard that every request passes."""
    login_manager.init_app(app)
    login_manager.user_loader(sign_in.load_user)
    app.before_request(sign_in.end_idle_session)
    app.before_request(guard)


def register_protection(app: Flask, settings: Settings) -> None:
    """Forged forms, floods, unstorable text, headers, and the proxies in front."""
    nul.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    headers.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def register_pages(app: Flask) -> None:
    """Every room, the frame around it, and what is said when something is refused."""
    converters.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    frame.init_app(app)
    errors.init_app(app)
    monitoring.init_app(app)


def register_commands(app: Flask) -> None:
    """The groups of the flask command."""
    for group in COMMANDS:
        app.cli.add_command(group)


def register_files(app: Flask) -> None:
    """Static files, served by WhiteNoise before Flask sees the request."""
    static = ROOT / "platform" / "static"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(static),
        prefix="static/",
        autorefresh=True,
        max_age=3600,
        add_headers_function=headers.for_files,
    )
