"""Finding the division a cell means among those of a scope, without a statement per row."""

import re

from sqlalchemy import select

from domain.divisions import CITY, lineage
from extensions import db
from extensions.babel import gettext as _
from models import Division, DivisionAlias
from policy import Scope
from policy.reach import code_within

from .core import BadValue

_SEPARATORS = re.compile(r"[\s/、>》，,\-]+")
_PREFIX = re.compile(r"^(陕西省)?(延安市)?")


class Places:
    """The divisions of a scope by code, by name, and by every tail of their path."""

    def __init__(self, scope: Scope) -> None:
        rows = db.session.execute(select(Division.code, Division.name).where(code_within(Division.code, scope)))
        self.names: dict[str, str] = {row.code: row.name for row in rows}
        aliases = db.session.execute(select(DivisionAlias.old_code, DivisionAlias.code))
        self.former: dict[str, str] = {row.old_code: row.code for row in aliases}
        above = {code for known in self.names for code in lineage(known)} - set(self.names)
        outer = db.session.execute(select(Division.code, Division.name).where(Division.code.in_(above)))
        every = self.names | {row.code: row.name for row in outer}
        self.by_path: dict[str, list[str]] = {}
        for code in self.names:
            path = [every[one] for one in reversed(lineage(code)) if one in every and one != CITY] or [every[code]]
            for start in range(len(path)):
                self.by_path.setdefault("".join(path[start:]), []).append(code)

    def code_of(self, text: str) -> str:
        """The code a cell means: a code, a former code, or names from any level down. Raises BadValue."""
        plain = text.strip()
        match = re.search(r"[（(](\d+)[)）]$", plain)
        digits = match[1] if match else plain
        if digits.isdigit():
            code = self.former.get(digits, digits)
            if code in self.names:
                return code
            raise BadValue(_("没有这个区划代码，或者它不在您的管理范围内。"))
        joined = _SEPARATORS.sub("", plain)
        found = self.by_path.get(joined) or self.by_path.get(_PREFIX.sub("", joined), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise BadValue(_("有 %(count)d 个地方都叫这个名字，请连上一级一起写，或写代码。", count=len(found)))
        raise BadValue(_("没有找到这个地方，或者它不在您的管理范围内。"))

    def path(self, code: str) -> str:
        """The name of a division of the scope."""
        return self.names.get(code, code)
