"""`flask users …`: letting the first people in; everybody after them is let in on the pages."""

import click
from flask.cli import AppGroup

from domain.errors import Refusal
from domain.times import utc_now
from extensions import unit_of_work
from models import Grant, Role
from policy import SYSTEM
from services import users

users_group = AppGroup("users", help="Who may sign in.")
_OVER_DIVISIONS = [role.value for role, scope in users.SCOPE_OF.items() if scope == "division_code"]


@users_group.command("create")
@click.option("--user-name", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="What they are called.")
@click.option("--role", type=click.Choice(_OVER_DIVISIONS), default=Role.ADMINISTRATOR.value, show_default=True)
@click.option("--division", default="610600", show_default=True, help="The division they look after, by its code.")
def create(user_name: str, name: str, role: str, division: str) -> None:
    """Let somebody in, with a first password that is shown once and must be changed."""
    grant = Grant(role=Role(role), division_code=division)
    try:
        with unit_of_work():
            _user, password = users.create(
                users.UserFacts(user_name=user_name, name=name), grant, by=SYSTEM, now=utc_now()
            )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"{user_name}: {password}")
