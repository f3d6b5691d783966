"""One history, and it leads to the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from extensions import db
from models import Base
from settings import ROOT


def test_there_is_one_head(app):
    assert len(ScriptDirectory(str(ROOT / "platform" / "migrations")).get_heads()) == 1


def test_migrating_gives_exactly_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
