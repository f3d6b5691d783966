"""What every form does the same way: run a service, and put its refusal beside the field it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field

from domain.errors import Refusal

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(enum: type[Choice], name: str) -> Choice | None:
    """The filter `name` of the address, or None where it holds nothing that `enum` knows."""
    try:
        return enum(request.args.get(name, ""))
    except ValueError:
        return None


def given(field: Field) -> Any:
    """What a required field holds, once its form is valid: WTForms cannot say that it is there."""
    return field.data


class Refused:
    """Whether the service said no, so that the view shows the form again (422)."""

    def __init__(self) -> None:
        self.refusal: Refusal | None = None

    def __bool__(self) -> bool:
        return self.refusal is not None


@contextmanager
def refusals_into(form: FlaskForm) -> Iterator[Refused]:
    """Catch a Refusal of 409 and show it beside its field, or on top of the form.

    Use it around `unit_of_work()`, never inside: the transaction must roll back first.
    """
    refused = Refused()
    try:
        yield refused
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        refused.refusal = refusal
        sentence = " ".join(filter(None, (refusal.sentence, refusal.suggestion)))
        field = form[refusal.field] if refusal.field and refusal.field in form else None
        if field is None:
            form.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
