"""Chinese names: how they are written, read aloud and searched for.

The dictionary's first reading is right for given names and wrong for some thirty surnames (曾 is Zeng, not Ceng);
those have a table here. Other readings a person may type are searched for, too.
"""

import os
import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # 40 MB of phrases that names have no use for
from pypinyin.pinyin_dict import pinyin_dict

LONGEST = 50
_VARIANTS = 4
_SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao",
    "翟": "zhai", "缪": "miao", "卜": "bu", "尉": "wei", "阚": "kan", "宿": "su", "薄": "bo", "折": "she",
    "种": "chong", "都": "du", "覃": "qin", "乐": "yue", "繁": "po", "员": "yun", "秘": "bi", "黑": "he",
    "召": "shao", "祭": "zhai", "么": "yao", "重": "chong", "隗": "wei", "任": "ren", "华": "hua", "那": "na",
    "郇": "xun", "谌": "chen", "逄": "pang", "冼": "xian", "纪": "ji", "过": "guo", "宁": "ning", "葛": "ge",
}  # fmt: skip
_COMPOUND = {
    "欧阳": "ou yang", "司马": "si ma", "上官": "shang guan", "诸葛": "zhu ge", "夏侯": "xia hou", "皇甫": "huang fu",
    "尉迟": "yu chi", "长孙": "zhang sun", "万俟": "mo qi", "令狐": "ling hu", "澹台": "tan tai", "公孙": "gong sun",
    "慕容": "mu rong", "宇文": "yu wen", "司徒": "si tu", "司空": "si kong", "赫连": "he lian", "呼延": "hu yan",
    "拓跋": "tuo ba", "独孤": "du gu", "东方": "dong fang", "西门": "xi men", "南宫": "nan gong", "轩辕": "xuan yuan",
    "单于": "chan yu", "鲜于": "xian yu", "申屠": "shen tu", "太史": "tai shi", "端木": "duan mu", "钟离": "zhong li",
}  # fmt: skip
_GIVEN = {"长": "chang", "晟": "sheng", "薄": "bo", "卜": "bu"}
_ALSO = {
    "乐": "le", "长": "zhang", "朝": "zhao", "茜": "xi", "柏": "bo", "晟": "cheng", "牟": "mu", "会": "kuai",
    "尉": "yu", "盖": "gai", "覃": "tan", "行": "hang", "盛": "cheng", "石": "dan", "重": "zhong",
}  # fmt: skip
_DOTS = str.maketrans(dict.fromkeys("•・．‧∙●", "·"))


def normalise(text: str) -> str:
    """A name as it is stored: one form of the dot, no blanks between characters, no odd forms of them."""
    name = unicodedata.normalize("NFKC", text.translate(_DOTS)).translate(_DOTS)
    name = re.sub(r"\s+", " ", name).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", name)


def is_name(name: str) -> bool:
    """Whether a normalised text can be somebody's name: 2 to 50 letters or characters, with dots, dashes, blanks."""
    letters = [sign for sign in name if sign not in "·-' "]
    return 2 <= len(name) <= LONGEST and len(letters) >= 2 and all(sign.isalpha() for sign in letters)


def split(name: str) -> tuple[str, str]:
    """Surname and given name: 欧阳修 is 欧阳 and 修. A name in Latin letters is not split."""
    if name.isascii():
        return name, ""
    size = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    return name[:size], name[size:]


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    """The dictionary's first reading without its tone; ü is v, as one types it. Others than characters: themselves."""
    reading = pinyin_dict.get(ord(character), "").split(",")[0]
    if not reading:
        return character.lower() if character.isalnum() else ""
    plain = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    plain = re.sub("u[\u0300-\u030c]?\u0308[\u0300-\u030c]?", "v", plain)
    return "".join(sign for sign in plain if sign.isascii())


def _readings(name: str) -> tuple[list[str], list[str]]:
    """The syllables of the surname and of the given name, as they are most likely read."""
    surname, given = split(name)
    if surname in _COMPOUND:
        first = _COMPOUND[surname].split()
    else:
        first = [_SURNAMES.get(surname) or "".join(_syllable(sign) for sign in surname)]
    return first, [_GIVEN.get(sign) or _syllable(sign) for sign in given]


def pinyin(name: str) -> str:
    """zhangyulan: the whole name without tones, for sorting."""
    surname, given = _readings(name)
    return "".join(surname + given)[:120]


def _choices(character: str, reading: str) -> list[str]:
    """The likely reading first, then others that somebody might type."""
    if len(character) != 1:
        return [reading]
    others = [_ALSO.get(character, reading), _syllable(character), reading.replace("v", "u")]
    return list(dict.fromkeys([reading, *others]))


def search_keys(name: str) -> set[str]:
    """What a person may type to find this name, or the beginning of it.

    张玉兰: 张玉兰, 玉兰, zhangyulan, yulan, zhangyl, zyl.
    """
    plain = "".join(sign for sign in name if sign.isalnum()).lower()
    surname, given = split(plain)
    keys = {plain, given} if len(plain) < LONGEST else {plain[:LONGEST]}
    readings = _readings(plain)
    surnames = [readings[0]] if surname in _COMPOUND else [[one] for one in _choices(surname, readings[0][0])]
    givens = islice(product(*(_choices(sign, part) for sign, part in zip(given, readings[1], strict=True))), _VARIANTS)
    for first, rest in islice(product(surnames, list(givens)), _VARIANTS):
        whole, tail = "".join(first), "".join(rest)
        initials = "".join(part[:1] for part in rest)
        keys |= {whole + tail, tail, whole + initials, "".join(part[:1] for part in first) + initials}
    return {key[:120] for key in keys if key}
