"""Importing a file: upload, look, decide, save."""

import uuid
from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from blueprints.fields import chosen
from blueprints.forms import refusals_into
from domain.errors import Refusal
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Decision, ImportRegistry, ImportStatus, RowKind
from policy import Permission, current_actor, requires
from queries import imports as queries
from services import imports
from wording import word

from . import files
from .forms import UploadForm

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
ORDER = (RowKind.BAD, RowKind.DUPLICATE, RowKind.CHANGED, RowKind.NEW, RowKind.SAME)


def _into(name: str) -> ImportRegistry:
    into = chosen(ImportRegistry, name)
    if into is None or not imports.may_import(into, current_actor()):
        raise NotFound
    return ImportRegistry(into)


@blueprint.get("/<into>/new")
@requires(Permission.SENIOR_IMPORT)
def new(into: str) -> str:
    """Where a file is handed over."""
    return _upload(_into(into), UploadForm())


def _upload(into: ImportRegistry, form: UploadForm) -> str:
    recent = queries.recent(current_actor().user_id, into)
    return render_template("imports/new.html", into=into, form=form, recent=recent)


@blueprint.post("/<into>/new")
@requires(Permission.SENIOR_IMPORT)
def create(into: str) -> AnyResponse | tuple[str, int]:
    """Read the file and judge its rows; nothing is saved in the registry."""
    its, form = _into(into), UploadForm()
    if form.validate_on_submit():
        name, content = form.file.data.filename or "", form.file.data.read()
        with refusals_into(form) as refused, unit_of_work():
            batch = imports.stage(its, name, content, by=current_actor(), now=utc_now())
        if not refused:
            return redirect(url_for("imports.show", batch_id=batch.id), 303)
    return _upload(its, form), 422


@blueprint.get("/<into>/template.xlsx")
@requires(Permission.SENIOR_IMPORT)
def template(into: str) -> Response:
    """An empty sheet to fill in."""
    return files.template(_into(into))


@blueprint.get("/<uuid:batch_id>")
@requires(Permission.SENIOR_IMPORT)
def show(batch_id: uuid.UUID) -> str:
    """What the file would do, row by row."""
    batch = imports.get(batch_id, by=current_actor())
    present = [kind for kind in ORDER if batch.counts.get(kind)]
    if batch.status is not ImportStatus.STAGED:
        present = [kind for kind in present if kind is RowKind.BAD]
    kind = chosen(RowKind, request.args.get("kind")) or (present[0] if present else RowKind.NEW)
    page = queries.rows(batch.id, kind, request.args.get("after"))
    good = sum(batch.counts.get(one, 0) for one in (RowKind.NEW, RowKind.CHANGED))
    return render_template(
        "imports/show.html", batch=batch, kinds=present, kind=kind, page=page, good=good, decisions=list(Decision)
    )


@blueprint.get("/<uuid:batch_id>/bad-rows.xlsx")
@requires(Permission.SENIOR_IMPORT)
def bad_rows(batch_id: uuid.UUID) -> Response:
    """The bad rows with what is wrong, to be mended and uploaded again."""
    return files.bad_rows(imports.get(batch_id, by=current_actor()))


@blueprint.post("/<uuid:batch_id>/decisions")
@requires(Permission.SENIOR_IMPORT)
def decide(batch_id: uuid.UUID) -> AnyResponse:
    """What is to become of possible duplicates."""
    given = {name.removeprefix("row-"): value for name, value in request.form.items() if name.startswith("row-")}
    decisions = {
        int(number): Decision(value) for number, value in given.items() if number.isdigit() and value in set(Decision)
    }
    with unit_of_work():
        imports.decide(batch_id, decisions, by=current_actor())
    flash(_("已记下 %(count)d 行的决定。", count=len(decisions)), "success")
    return redirect(url_for("imports.show", batch_id=batch_id, kind="duplicate", after=request.args.get("after")), 303)


@blueprint.post("/<uuid:batch_id>/recheck")
@requires(Permission.SENIOR_IMPORT)
def recheck(batch_id: uuid.UUID) -> AnyResponse:
    """Judge the rows again, as the registry is now."""
    with unit_of_work():
        imports.recheck(batch_id, by=current_actor(), now=utc_now())
    flash(_("已按现在的数据重新核对。"), "success")
    return redirect(url_for("imports.show", batch_id=batch_id), 303)


@blueprint.post("/<uuid:batch_id>/discard")
@requires(Permission.SENIOR_IMPORT)
def discard(batch_id: uuid.UUID) -> AnyResponse:
    """Throw the file away."""
    with unit_of_work():
        imports.discard(batch_id, by=current_actor(), now=utc_now())
    flash(_("已放弃这份表格，什么都没有保存。"), "success")
    return redirect(url_for("homes.show"), 303)


@blueprint.post("/<uuid:batch_id>/confirm")
@requires(Permission.SENIOR_IMPORT)
def confirm(batch_id: uuid.UUID) -> Response:
    """Save the good rows. The page grows while they are written; whoever closes it early saves nothing."""
    batch = imports.get(batch_id, by=current_actor())
    head, tail = render_template("imports/saving.html", batch=batch).split("<!-- progress -->")
    return Response(stream_with_context(_saving(batch_id, head, tail)), mimetype="text/html")


def _saving(batch_id: uuid.UUID, head: str, tail: str) -> Iterator[str]:
    yield head
    try:
        with unit_of_work():
            for done, total in imports.confirming(batch_id, by=current_actor(), now=utc_now()):
                yield render_template("imports/_progress.html", done=done, total=total)
    except Refusal as refusal:
        yield render_template("imports/_refused.html", batch_id=batch_id, refusal=refusal)
    else:
        batch = imports.get(batch_id, by=current_actor())
        yield render_template("imports/_saved.html", batch=batch, into=word(batch.into))
    yield tail
