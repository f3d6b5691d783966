"""How the name of a place or an organisation is spelled, for sorting and searching.

Pinyin without tones; of characters with several readings the one that names of places have.
"""

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # 50 MB of phrases that hold no village of ours

from pypinyin import lazy_pinyin, load_phrases_dict

_READINGS = {
    "延长": [["yán"], ["cháng"]], "子长": [["zǐ"], ["cháng"]], "长安": [["cháng"], ["ān"]],
    "长春": [["cháng"], ["chūn"]], "长青": [["cháng"], ["qīng"]], "长乐": [["cháng"], ["lè"]],
    "长征": [["cháng"], ["zhēng"]], "长官": [["cháng"], ["guān"]], "长寿": [["cháng"], ["shòu"]],
    "幸福": [["xìng"], ["fú"]], "行政": [["xíng"], ["zhèng"]], "重阳": [["chóng"], ["yáng"]],
    "石佛": [["shí"], ["fó"]], "佛寺": [["fó"], ["sì"]], "都市": [["dū"], ["shì"]], "音乐": [["yīn"], ["yuè"]],
    "朝阳": [["cháo"], ["yáng"]], "会计": [["kuài"], ["jì"]], "银行": [["yín"], ["háng"]],
}  # fmt: skip
load_phrases_dict(_READINGS)


def spelled(text: str) -> str:
    """`延长县` gives yanchangxian; Latin letters and digits stay, in lower case, the rest is dropped."""
    joined = "".join(lazy_pinyin(text)).lower()
    return "".join(letter for letter in joined if letter.isascii() and letter.isalnum())[:120]
