"""The form behind every 订这份."""

import uuid
from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import UUID, InputRequired

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l
from models import Handover
from wording import as_options


class PortionForm(HouseForm):
    """Which dish of which service, and how it is handed over."""

    service_id = StringField(_l("哪家餐厅"), [InputRequired(_l("请选一家餐厅。")), UUID(_l("请选一家餐厅。"))])
    dish_id = StringField(_l("菜"), [InputRequired(_l("请选一道菜。")), UUID(_l("请选一道菜。"))])
    handover = RadioField(_l("怎么取餐"), choices=lambda: as_options(Handover), default=Handover.DINE_IN.value)
    is_diet_waived = BooleanField(_l("知道不符合饮食要求，仍然要订"))

    is_late = BooleanField(_l("定数以后现加的"))

    def portion(self) -> dict[str, Any]:
        """What the services take."""
        return {
            "service_id": uuid.UUID(self.service_id.data or ""),
            "dish_id": uuid.UUID(self.dish_id.data or ""),
            "handover": Handover(self.handover.data),
            "is_diet_waived": bool(self.is_diet_waived.data),
        }
