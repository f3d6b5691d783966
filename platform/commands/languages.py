"""The language a command speaks: Chinese first; English with --language en, or where the terminal's locale says so."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask_babel import force_locale

from extensions.babel import LANGUAGES


def speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --language, and run it in that language."""

    @click.option("--language", type=click.Choice(list(LANGUAGES)), help="Speak this language.")
    @wraps(command)
    def spoken(*args: Any, language: str | None, **options: Any) -> Any:
        with force_locale(language or _of_terminal()):
            return command(*args, **options)

    return spoken


def _of_terminal() -> str:
    """English where LC_ALL or LANG asks for it, else Chinese."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""  # the terminal's, not a setting of ours
    return "en" if wanted.startswith("en") else "zh_Hans"
