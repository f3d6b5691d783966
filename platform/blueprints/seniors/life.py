"""What happens to a senior: status, death, stays, consents, notes; and showing a number in full."""

import uuid
from datetime import date

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from domain.codes import ConsentKind
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import SeniorStatus
from policy import Permission, current_actor, requires
from queries import senior_page
from services import consents, notes, releases, residences, reveals, status
from services.reveals import Revealed

from .life_forms import ConsentForm, DeathForm, NoteForm, RevealForm, StatusForm, StayForm, WithdrawForm
from .pages import city_places, found, senior_pages
from .room import blueprint

Page = str | Response | tuple[str, int]


def _today() -> date:
    return local_day(utc_now())


def _back(senior_id: uuid.UUID, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("seniors.show", senior_id=senior_id), 303)


@blueprint.route("/<uuid:senior_id>/status", methods=["GET", "POST"])
@requires(Permission.SENIOR_EDIT)
def change_status(senior_id: uuid.UUID) -> Page:
    """Paused, in hospital, moved, back in service."""
    form = StatusForm(from_on=_today())
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            released = status.change(
                senior_id, SeniorStatus(form.status.data), from_on=form.from_on.data or _today(),
                to_on=form.to_on.data, reason=form.reason.data or "", by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            return _back(senior_id, " ".join((_("状态已更新。"), releases.told(released))))
    page = senior_page.show(found(senior_id, current_actor(), Permission.SENIOR_EDIT), _today())
    return render_template("seniors/status.html", form=form, page=page), 422 if form.is_submitted() else 200


@blueprint.route("/<uuid:senior_id>/death", methods=["GET", "POST"])
@requires(Permission.SENIOR_EDIT)
def report_death(senior_id: uuid.UUID) -> Page:
    """Somebody says that the senior has died; or what became of such a report."""
    form = DeathForm(on=_today())
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            released = status.report_death(
                senior_id, on=form.on.data or _today(), reason=form.reason.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            return _back(senior_id, " ".join((_("已记录。服务先停下来，请另一位同事核实。"), releases.told(released))))
    return _death_page(senior_id, form, WithdrawForm()), 422 if form.is_submitted() else 200


def _death_page(senior_id: uuid.UUID, form: DeathForm, withdraw: WithdrawForm) -> str:
    page = senior_page.show(found(senior_id, current_actor(), Permission.SENIOR_EDIT), _today())
    return render_template("seniors/death.html", form=form, withdraw=withdraw, page=page)


@blueprint.post("/<uuid:senior_id>/death/confirm")
@requires(Permission.SENIOR_CONFIRM_DEATH)
def confirm_death(senior_id: uuid.UUID) -> Response:
    """A second person has made sure."""
    with unit_of_work():
        status.confirm_death(senior_id, by=current_actor(), now=utc_now())
    return _back(senior_id, _("已核实。所有后续安排都会停止。"))


@blueprint.post("/<uuid:senior_id>/death/withdraw")
@requires(Permission.SENIOR_CONFIRM_DEATH)
def withdraw_death(senior_id: uuid.UUID) -> Page:
    """The report was wrong."""
    form = WithdrawForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            status.withdraw_death(senior_id, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            return _back(senior_id, _("去世报告已撤销，服务恢复。"))
    return _death_page(senior_id, DeathForm(formdata=None, on=_today()), form), 422


@blueprint.route("/<uuid:senior_id>/stays", methods=["GET", "POST"])
@requires(Permission.SENIOR_EDIT)
def begin_stay(senior_id: uuid.UUID) -> Page:
    """The senior stays elsewhere for a while."""
    senior = found(senior_id, current_actor(), Permission.SENIOR_EDIT)
    counties, county, groups = city_places(senior.residence_code[:6])
    form = StayForm(from_on=_today())
    form.division_code.choices = groups
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            residences.begin_stay(
                senior_id, division_code=form.division_code.data, address=form.address.data or "",
                landmark=form.landmark.data or "", from_on=form.from_on.data or _today(), to_on=form.to_on.data,
                by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            return _back(senior_id, _("暂住已登记。"))
        senior = found(senior_id, current_actor(), Permission.SENIOR_EDIT)
    page = render_template("seniors/stay.html", form=form, senior=senior, counties=counties, county=county)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<uuid:senior_id>/stays/<uuid:residence_id>/end")
@requires(Permission.SENIOR_EDIT)
def end_stay(senior_id: uuid.UUID, residence_id: uuid.UUID) -> Response:
    """Back home."""
    with unit_of_work():
        residences.end_stay(senior_id, residence_id, by=current_actor(), now=utc_now())
    return _back(senior_id, _("已结束暂住，从今天起回到原住处。"))


@blueprint.route("/<uuid:senior_id>/consents", methods=["GET", "POST"])
@requires(Permission.SENIOR_EDIT)
def give_consent(senior_id: uuid.UUID) -> Page:
    """The senior allows something."""
    form = ConsentForm(given_on=_today())
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            consents.give(
                senior_id, ConsentKind(form.kind.data), on=form.given_on.data or _today(), how=form.how.data,
                taken_by=form.taken_by.data or "", by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            return _back(senior_id, _("同意已登记，随时可以撤回。"))
    senior = found(senior_id, current_actor(), Permission.SENIOR_EDIT)
    return render_template("seniors/consent.html", form=form, senior=senior), 422 if form.is_submitted() else 200


@blueprint.post("/<uuid:senior_id>/consents/<uuid:consent_id>/withdraw")
@requires(Permission.SENIOR_EDIT)
def withdraw_consent(senior_id: uuid.UUID, consent_id: uuid.UUID) -> Response:
    """The senior no longer allows it."""
    with unit_of_work():
        consents.withdraw(senior_id, consent_id, by=current_actor(), now=utc_now())
    return _back(senior_id, _("同意已撤回。"))


@blueprint.post("/<uuid:senior_id>/notes")
@requires(Permission.SENIOR_READ)
def add_note(senior_id: uuid.UUID) -> Page:
    """A remark by whoever edits the record or knocks at the door."""
    form = NoteForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            notes.add(senior_id, form.body.data or "", by=current_actor(), now=utc_now())
        if not refused:
            return _back(senior_id, _("备注已保存。"))
    return senior_pages(senior_id, note_form=form), 422


@blueprint.post("/<uuid:senior_id>/reveal")
@requires(Permission.SENIOR_REVEAL)
def reveal(senior_id: uuid.UUID) -> Page:
    """Show the identity number or the phones in full, once, for a reason."""
    form, values = RevealForm(), None
    if form.what.data not in set(Revealed):
        raise NotFound("")
    what = Revealed(form.what.data)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            values = reveals.reveal(senior_id, what, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            return senior_pages(senior_id, revealed={what.value: values})
    return senior_pages(senior_id, reveal_form=form), 422
