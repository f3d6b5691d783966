"""Seniors 老人: the person served."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Keyed, Stamped
from .types import BlindIndex, Encrypted, enum_type


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class SeniorStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    IN_HOSPITAL = "in_hospital"
    IN_INSTITUTION = "in_institution"
    MOVED = "moved"
    DECEASED = "deceased"


class LivingArrangement(StrEnum):
    ALONE = "alone"  # 独居
    EMPTY_NEST = "empty_nest"  # 空巢
    LEFT_BEHIND = "left_behind"  # 留守
    WITH_SPOUSE = "with_spouse"
    WITH_CHILDREN = "with_children"
    OTHER = "other"


class RiskTier(StrEnum):
    """How often somebody must look in: a Rule gives the days for each. A red … D green."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Senior(Keyed, Stamped, Base):
    """The person served. Personal fields carry `info["personal"]`; lists mask them, reveals are audited."""

    __tablename__ = "seniors"
    __table_args__ = (
        Index(
            "uq_seniors_identity_index",
            "identity_index",
            unique=True,
            sqlite_where=text("identity_index IS NOT NULL AND merged_into_id IS NULL"),
            postgresql_where=text("identity_index IS NOT NULL AND merged_into_id IS NULL"),
        ),
        Index("ix_seniors_residence_name", "residence_code", "pinyin", "id"),
        Index("ix_seniors_pinyin_id", "pinyin", "id"),
        Index("ix_seniors_residence_tier", "residence_code", "risk_tier"),
    )

    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    pinyin: Mapped[str] = mapped_column(String(120), default="", comment="full pinyin without tones, for sorting")
    identity_number: Mapped[str | None] = mapped_column(
        Encrypted("seniors.identity_number"), info={"personal": "identity"}
    )
    identity_index: Mapped[str | None] = mapped_column(BlindIndex)
    identity_note: Mapped[str] = mapped_column(default="", comment="why birth date or sex differ from the number")
    born_on: Mapped[date] = mapped_column()
    lunar_month: Mapped[int | None] = mapped_column(comment="lunar birthday, 1..12")
    lunar_day: Mapped[int | None] = mapped_column(comment="1..30")
    is_lunar_leap: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[Sex] = mapped_column(enum_type(Sex), default=Sex.UNKNOWN)
    household_code: Mapped[str | None] = mapped_column(
        ForeignKey("divisions.code", ondelete="RESTRICT"), index=True, comment="户籍"
    )
    residence_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"), comment="居住地")
    address: Mapped[str] = mapped_column(default="", info={"personal": "address"})
    landmark: Mapped[str] = mapped_column(default="", comment="老槐树往上第三孔窑", info={"personal": "address"})
    latitude: Mapped[float | None] = mapped_column(comment="WGS84 pin at the door")
    longitude: Mapped[float | None] = mapped_column()
    door_radius_m: Mapped[int] = mapped_column(default=300)
    living: Mapped[LivingArrangement] = mapped_column(enum_type(LivingArrangement), default=LivingArrangement.OTHER)
    language: Mapped[str] = mapped_column(String(20), default="zh", comment="preferred language or dialect")
    risk_tier: Mapped[RiskTier] = mapped_column(enum_type(RiskTier), default=RiskTier.C)
    diets: Mapped[list[str]] = mapped_column(default=list)
    allergens: Mapped[list[str]] = mapped_column(default=list)
    diet_note: Mapped[str] = mapped_column(default="")
    status: Mapped[SeniorStatus] = mapped_column(
        enum_type(SeniorStatus),
        default=SeniorStatus.ACTIVE,
        comment="today's; periods are in senior_statuses",
    )
    regular_helper_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("helpers.id", ondelete="SET NULL"), index=True
    )
    last_well_at: Mapped[datetime | None] = mapped_column(index=True, comment="平安钟: last known all right")
    last_well_by: Mapped[str | None] = mapped_column(String(20), comment="visit, meal, attendance, message")
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)

    phones: Mapped[list["SeniorPhone"]] = relationship(
        lazy="raise", order_by="SeniorPhone.position", cascade="all, delete-orphan"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        lazy="raise", order_by="Contact.position", cascade="all, delete-orphan"
    )
    categories: Mapped[list["SeniorCategory"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    consents: Mapped[list["Consent"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    residences: Mapped[list["Residence"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    statuses: Mapped[list["SeniorStatusPeriod"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  a changed row raises instead of being overwritten


class SeniorKey(Base):
    """A search key of a senior: name, its tail, pinyin, initials, blind phone tail, blind identity number."""

    __tablename__ = "senior_keys"
    __table_args__ = (Index("ix_senior_keys_senior_key", "senior_id", "key"),)

    key: Mapped[str] = mapped_column(
        String(120).with_variant(String(120, collation="C"), "postgresql"), primary_key=True
    )
    residence_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), primary_key=True)


class SeniorPhone(Keyed, Base):
    """A number a senior can be reached by, and whose it is; several seniors may share one."""

    __tablename__ = "senior_phones"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(Encrypted("senior_phones.number"), info={"personal": "phone"})
    number_index: Mapped[str] = mapped_column(BlindIndex, index=True)
    owner: Mapped[str] = mapped_column(String(20), default="self", comment="whose phone: self, child, neighbour, …")
    is_mobile: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class Contact(Keyed, Base):
    """联系人: who is called, in order."""

    __tablename__ = "contacts"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    relation: Mapped[str] = mapped_column(String(20), default="other")
    phone: Mapped[str | None] = mapped_column(Encrypted("contacts.phone"), info={"personal": "phone"})
    phone_index: Mapped[str | None] = mapped_column(BlindIndex, index=True)
    position: Mapped[int] = mapped_column(default=0)
    gets_texts: Mapped[bool] = mapped_column(default=False)


class SeniorCategory(Keyed, Base):
    """类别: one of many a senior has at once (低保, 特困, 失能 …), dated, with its proof."""

    __tablename__ = "senior_categories"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    category: Mapped[str] = mapped_column(String(30), index=True)
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    proof: Mapped[str] = mapped_column(default="")


class Consent(Keyed, Base):
    """同意: what a senior allowed (service, texts, photos, position), who took it, and when it was withdrawn."""

    __tablename__ = "consents"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date] = mapped_column()
    how: Mapped[str] = mapped_column(String(20), default="paper", comment="paper, voice, proxy, page")
    taken_by: Mapped[str] = mapped_column(String(50), default="")
    withdrawn_on: Mapped[date | None] = mapped_column()


class Residence(Keyed, Base):
    """居住地: where a senior lives from a day on, or stays for a while; history is kept."""

    __tablename__ = "residences"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="home", comment="home or stay")
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    address: Mapped[str] = mapped_column(default="", info={"personal": "address"})
    landmark: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day")


class UnwantedHelper(Keyed, Stamped, Base):
    """不要派: a helper who is never sent to this senior, and why."""

    __tablename__ = "unwanted_helpers"
    __table_args__ = (UniqueConstraint("senior_id", "helper_id", name="uq_unwanted_helpers_senior_helper"),)

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"))
    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SeniorStatusPeriod(Keyed, Base):
    """A status over days. `deceased` counts once a second person has confirmed it."""

    __tablename__ = "senior_statuses"
    __table_args__ = (Index("ix_senior_statuses_senior_from", "senior_id", "from_on"),)

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"))
    status: Mapped[SeniorStatus] = mapped_column(enum_type(SeniorStatus))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day; NULL: until something else is known")
    reason: Mapped[str] = mapped_column(default="")
    reported_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SeniorNote(Keyed, Base):
    """A remark about a senior, with author and time; never edited."""

    __tablename__ = "senior_notes"

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
