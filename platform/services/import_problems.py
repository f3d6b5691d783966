"""Why a file could not be read, in a sentence that says what to do."""

from domain.errors import Refusal
from extensions.babel import gettext as _
from gateways.sheets.reading import BadSheet, SheetProblem


def refusal_of(bad: BadSheet) -> Refusal:
    """The sentence for a file that cannot be read."""
    sentences = {
        SheetProblem.EMPTY: _("这个文件里没有数据。请在标题行下面填写后再上传。"),
        SheetProblem.NOT_A_TABLE: _("这不是表格文件。请上传 .xlsx 或 .csv 文件。"),
        SheetProblem.PROGRAM: _("这是一个程序，不是表格，没有读取。请上传 .xlsx 或 .csv 文件。"),
        SheetProblem.OLD_EXCEL: _("这是旧版 Excel（.xls）文件。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"),
        SheetProblem.PASSWORD: _("这个文件设了密码。请去掉密码再上传。"),
        SheetProblem.UNPACKS_TOO_LARGE: _("这个文件解压后大得不正常，没有读取。请把数据复制到新的表格里再上传。"),
        SheetProblem.TOO_WIDE: _("这个表格的范围大得不正常，没有读取。请只把有数据的部分复制到新的表格里再上传。"),
        SheetProblem.DAMAGED: _("这个文件损坏了，读不出来。请用 Excel 或 WPS 打开，另存一份再上传。"),
        SheetProblem.ENCODING: _("这个文件的文字编码认不出来。请用 Excel 或 WPS 另存为 .xlsx 再上传。"),
        SheetProblem.NO_HEADER: _("没有找到标题行。请下载模板，照着模板的标题填写。"),
        SheetProblem.TWICE: _("有两列都叫“%(header)s”，请只留一列。", header=bad.detail),
        SheetProblem.TOO_MANY_ROWS: _("一次最多导入 %(limit)s 行，请分成几个文件。", limit=bad.detail),
    }
    return Refusal(sentences[bad.problem], field="file")
