"""Words for imports."""

from extensions.babel import lazy as _l
from models import Decision, ImportRegistry, ImportStatus, RowKind

from .core import Word, register

register({
    ImportRegistry.SENIORS: Word(_l("老人")),
    ImportRegistry.DIVISIONS: Word(_l("区划")),
    ImportRegistry.CENTRES: Word(_l("站点")),
    ImportRegistry.CANTEENS: Word(_l("餐厅")),
    ImportRegistry.HELPERS: Word(_l("助老员")),
})  # fmt: skip
register({
    ImportStatus.STAGED: Word(_l("等您确认"), "watch", "hourglass-split"),
    ImportStatus.SAVED: Word(_l("已保存"), "good", "check-circle"),
    ImportStatus.DISCARDED: Word(_l("已放弃"), "neutral", "dash-circle"),
})  # fmt: skip
register({
    RowKind.NEW: Word(_l("新登记"), "good", "plus-circle"),
    RowKind.CHANGED: Word(_l("有改动"), "information", "pencil"),
    RowKind.SAME: Word(_l("没有变化"), "neutral", "check-circle"),
    RowKind.DUPLICATE: Word(_l("可能重复"), "watch", "people"),
    RowKind.BAD: Word(_l("需要修改"), "problem", "exclamation-triangle"),
})  # fmt: skip
register({
    Decision.SKIP: Word(_l("这次不导入")),
    Decision.MERGE: Word(_l("是同一个人，合并进去")),
    Decision.NEW: Word(_l("是另一个人，新登记")),
})  # fmt: skip
