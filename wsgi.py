"""The composition root: puts platform/ on the path, builds the app, attaches the scheduler's commands."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))

from application import create_app
from scheduler.commands import scheduler_group
from settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit("Yannian does not start / 延年无法启动:\n" + "\n".join(f"  - {problem}" for problem in error.problems))
app.cli.add_command(scheduler_group)
