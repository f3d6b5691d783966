"""Words for ways and closed roads."""

from domain.coordinates import Datum
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
register({
    Datum.WGS84: Word(_l("GPS 或天地图（WGS84）")),
    Datum.GCJ02: Word(_l("高德、腾讯地图（GCJ-02）")),
    Datum.BD09: Word(_l("百度地图（BD-09）")),
})  # fmt: skip
