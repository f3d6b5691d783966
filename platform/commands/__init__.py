"""Who asks, through a shell: commands and groups of the flask command."""

from click import Command

from .demo import demo_group
from .divisions import divisions_group
from .meal_runs import meal_runs_group
from .messages import messages_group, sandbox_group
from .rounds import rounds_group
from .serve import serve
from .travel import travel_group
from .users import users_group
from .visits import visits_group

COMMANDS: tuple[Command, ...] = (
    demo_group,
    divisions_group,
    meal_runs_group,
    messages_group,
    sandbox_group,
    rounds_group,
    serve,
    travel_group,
    users_group,
    visits_group,
)
