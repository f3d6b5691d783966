"""Words for ways and closed roads."""

from domain.travelling import Basis
from extensions.babel import lazy as _l
from models import ClosureShape

from .core import Word, register

register({
    Basis.LINE: Word(_l("直线估算"), "neutral", "rulers"),
    Basis.ROAD: Word(_l("路网计算"), "information", "signpost-split"),
})  # fmt: skip
register({
    ClosureShape.PLACE: Word(_l("一个地方进出不通"), "neutral", "geo-alt"),
    ClosureShape.PAIR: Word(_l("两地之间不通"), "neutral", "signpost-split"),
    ClosureShape.CIRCLE: Word(_l("一个点周围不通"), "neutral", "bullseye"),
})  # fmt: skip
