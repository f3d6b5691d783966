"""Rounds 巡访路线: a day's proposal for a division, and each helper's ordered day in it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal

from .base import Base, Keyed, Stamped
from .types import enum_type


class ProposalStatus(StrEnum):
    SEARCHING = "searching"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    ENDED = "ended"  # the search died before it had a plan


class PlanMethod(StrEnum):
    """How a proposal was made; the values are those of `dispatch.Method`."""

    SEARCH = "search"
    CHEAPEST_INSERTION = "cheapest_insertion"  # the emergency plan
    NEAREST_FIRST = "nearest_first"
    NOTHING_TO_DO = "nothing_to_do"


class Proposal(Keyed, Stamped, Base):
    """A plan for one division and day: who goes where, in what order, and why a visit is left out.

    `left_out` also says where each visit is, and `progress` keeps a bounded history of (seconds, cost, served).
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_on_division", "on", "division_code"),
        Index(
            "uq_proposals_one_published",
            "division_code",
            "on",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    on: Mapped[date] = mapped_column()
    status: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus), default=ProposalStatus.PROPOSED)
    method: Mapped[PlanMethod] = mapped_column(enum_type(PlanMethod), default=PlanMethod.SEARCH)
    seed: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float] = mapped_column(default=0.0, comment="time the search took, or may take")
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="while searching: seconds, cost, served")
    heartbeat_at: Mapped[datetime | None] = mapped_column(comment="when the search last gave a sign of life")
    is_stop_asked: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="visits, km, minutes; plan and nearest-first")
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="visit id and its reasons")
    set_aside: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="helper id and its reasons")
    calendar: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="what the calendar did to the day: rules, moved, narrowed and postponed visits"
    )
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column()
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    asked: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="of a search from another proposal: which, its pins, and helpers to do without"
    )
    edits: Mapped[int] = mapped_column(default=0, comment="number of the last change by hand")

    def publish(self, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """It holds from now on."""
        self._only(ProposalStatus.PROPOSED, _("这份方案现在不能发布。"))
        self.status, self.published_by_id, self.published_at = ProposalStatus.PUBLISHED, by_id, at

    def unpublish(self) -> None:
        """Back to a proposal."""
        self._only(ProposalStatus.PUBLISHED, _("这份方案没有发布，不用撤回。"))
        self.status, self.published_by_id, self.published_at = ProposalStatus.PROPOSED, None, None

    def discard(self) -> None:
        """It will not be used."""
        if self.status not in {ProposalStatus.PROPOSED, ProposalStatus.ENDED}:
            raise Refusal(_("这份方案现在不能放弃。"), suggestion=_("已发布的方案要先撤回。"))
        self.status = ProposalStatus.DISCARDED

    def _only(self, status: ProposalStatus, sentence: str) -> None:
        if self.status != status:
            raise Refusal(sentence, suggestion=_("请刷新页面，看看它现在的状态。"))


class Round(Keyed, Stamped, Base):
    """巡访路线: one helper's ordered day within a proposal."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("proposal_id", "helper_id", name="uq_rounds_proposal_helper"),
        Index("ix_rounds_helper_on", "helper_id", "on"),
    )

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"))
    division_code: Mapped[str] = mapped_column(String(12), index=True)
    on: Mapped[date] = mapped_column()
    number: Mapped[int] = mapped_column(
        default=0, comment="1.. within the proposal: its colour and its name on the map"
    )
    start_minute: Mapped[int] = mapped_column(comment="leaves the base, minutes after local midnight")
    end_minute: Mapped[int] = mapped_column(comment="back at the base")
    travel_minutes: Mapped[int] = mapped_column(default=0)
    work_minutes: Mapped[int] = mapped_column(default=0)
    distance_m: Mapped[int] = mapped_column(default=0)
    tours: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, comment="for each shift: leave and back minute, way back, breaks as [from, to]"
    )
    base_latitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    base_longitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    end_latitude: Mapped[float | None] = mapped_column(comment="where it ends; NULL: at the base")
    end_longitude: Mapped[float | None] = mapped_column()


class Stop(Keyed, Base):
    """One visit's place in a round, or one helper's half of it; times in minutes after local midnight."""

    __tablename__ = "stops"
    __table_args__ = (
        UniqueConstraint("round_id", "position", name="uq_stops_round_position"),
        UniqueConstraint("round_id", "visit_id", name="uq_stops_round_visit"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    arrive_minute: Mapped[int] = mapped_column()
    start_minute: Mapped[int] = mapped_column()
    leave_minute: Mapped[int] = mapped_column()
    travel_minutes: Mapped[int] = mapped_column(comment="from the stop before")
    distance_m: Mapped[int] = mapped_column(default=0)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    is_second: Mapped[bool] = mapped_column(default=False, comment="the second helper's half of a visit by two")
    is_done: Mapped[bool] = mapped_column(default=False, comment="had happened when this was planned")
    late_minutes: Mapped[int] = mapped_column(default=0, comment="after a soft window")
    why: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="why this helper: codes and parameters")
    fetched: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="called at on the way: label, arrive, leave, portions, latitude, longitude; or empty"
    )
    tour: Mapped[int] = mapped_column(default=0, comment="which of the round's tours")
    latitude: Mapped[float | None] = mapped_column(comment="where it was planned", info={"personal": "address"})
    longitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    is_approximate: Mapped[bool] = mapped_column(default=False, comment="the village's point, for want of a pin")
