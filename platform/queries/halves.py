"""A visit by two helpers, seen from one of them: whose half it is, and who else comes."""

from typing import Any

from sqlalchemy import case, func

from extensions.babel import gettext as _
from models import Helper, Visit
from policy import Scope


def own_half(scope: Scope) -> Any:
    """Which of a visit's helpers the scope is about; the first for an office, which is about neither."""
    is_first, is_second = Visit.helper_id.in_(scope.helpers), Visit.second_helper_id.in_(scope.helpers)
    return case((is_first, Visit.helper_id), (is_second, Visit.second_helper_id), else_=Visit.helper_id)


def other_half(scope: Scope) -> Any:
    """The other helper of the visit; NULL where one goes alone."""
    is_first, is_second = Visit.helper_id.in_(scope.helpers), Visit.second_helper_id.in_(scope.helpers)
    return case((is_first, Visit.second_helper_id), (is_second, Visit.helper_id), else_=Visit.second_helper_id)


def both_names(second: type[Helper]) -> Any:
    """李秀英、王芳: who goes. `Helper` is joined by `Visit.helper_id`, `second` by `Visit.second_helper_id`."""
    return func.coalesce(Helper.name + _("、") + second.name, Helper.name)
