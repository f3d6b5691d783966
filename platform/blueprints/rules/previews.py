"""Trying other weights on a day that is known. The page waits for it, so it is bounded, and one is tried at a time."""

import threading
from collections.abc import Mapping

from flask import current_app

from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db
from extensions.babel import gettext as _
from services import weight_previews
from services.weight_previews import Tried

_PLACE = "weight_preview"


def try_weights(division_code: str, terms: Mapping[str, int]) -> Tried:
    """The last published day with the weights that hold and with these. Refusal where there is none, or it is busy."""
    place = current_app.extensions.setdefault(_PLACE, threading.BoundedSemaphore(1))
    if not place.acquire(blocking=False):
        raise Refusal(_("有人正在试算。"), suggestion=_("请过十来秒再试。"))
    try:
        url = current_app.extensions["settings"].osrm_url
        day = weight_previews.read(division_code, today=local_day(utc_now()), osrm_url=url)
        if day is None:
            raise Refusal(
                _("最近两个月这里没有发布过路线，没法拿它试算。"), suggestion=_("可以先保存，排一天路线看看。")
            )
        db.session.rollback()  # searching holds no transaction
        return weight_previews.compare(day, terms)
    finally:
        place.release()
