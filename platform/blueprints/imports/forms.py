"""The form of an upload."""

from flask_wtf.file import FileField, FileRequired

from blueprints.sentences import HouseForm
from extensions.babel import lazy as _l


class UploadForm(HouseForm):
    file = FileField(
        _l("表格文件"),
        [FileRequired(_l("请选择一个文件。"))],
        description=_l(".xlsx 或 .csv，最大 32 MB，最多 50,000 行。"),
    )
