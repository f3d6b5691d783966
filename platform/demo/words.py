"""Names as the region has them: surnames by weight, given names by sex and age, and the parts of place names."""

from datetime import date

from .dice import Dice

SURNAMES = (
    ("张", 80), ("王", 78), ("李", 74), ("刘", 60), ("高", 42), ("马", 38), ("冯", 30), ("贺", 26), ("白", 30),
    ("曹", 24), ("郝", 24), ("薛", 22), ("杨", 34), ("赵", 34), ("郭", 26), ("任", 20), ("康", 16), ("拓", 10),
    ("折", 6), ("呼", 8), ("慕", 5), ("惠", 9), ("景", 7), ("强", 8), ("尚", 7), ("吴", 14), ("贾", 12), ("韩", 16),
    ("孙", 16), ("雷", 12), ("党", 7), ("屈", 6), ("路", 6), ("田", 10), ("樊", 8), ("石", 9), ("周", 12), ("谢", 7),
    ("艾", 7), ("思", 3), ("苗", 6), ("梁", 10), ("封", 4), ("常", 8), ("单", 3), ("曾", 3), ("解", 3), ("欧阳", 1),
)  # fmt: skip
_WOMEN = (
    "秀英", "桂英", "玉兰", "凤英", "秀兰", "桂兰", "玉英", "兰英", "翠英", "秀珍", "改娥", "改转", "彩霞", "巧珍",
    "海娥", "爱英", "俊英", "莲英", "秀莲", "月娥", "桂芳", "玉珍", "润莲", "彩娥", "秀芳", "淑珍", "金莲", "银娥",
    "粉莲", "侯娥", "生莲", "芝兰", "玉梅", "凤莲", "喜梅", "香莲", "翠莲", "玉莲", "秀梅", "春梅", "英", "兰", "莲",
)  # fmt: skip
_MEN = (
    "生财", "生贵", "志英", "怀德", "凤山", "海旺", "世杰", "玉厚", "建国", "建军", "生福", "文清", "占山", "占江",
    "明山", "德胜", "有才", "有福", "生华", "生荣", "延平", "延生", "志明", "志远", "玉山", "玉亭", "海清", "海明",
    "振华", "振业", "世荣", "世雄", "怀山", "根生", "树林", "树森", "长发", "长胜", "向前", "保国", "成", "贵", "旺",
)  # fmt: skip
_YOUNGER_WOMEN = (
    "丽", "艳", "娜", "婷", "霞", "娟", "燕", "玲", "芳", "小红", "丽丽", "晓燕", "海燕", "延霞", "雪梅", "建霞",
    "文娟", "小琴", "瑞芳", "亚妮",
)  # fmt: skip
_YOUNGER_MEN = (
    "涛", "强", "军", "斌", "伟", "鹏", "刚", "小军", "建平", "海军", "延军", "晓东", "志强", "宏伟", "小龙", "永强",
    "卫东", "文斌", "小平", "旭东",
)  # fmt: skip
_PLACES = (
    "枣林", "石窑", "榆树", "柳湾", "杏子", "桃园", "白家", "高家", "马家", "冯家", "贺家", "曹家", "郝家", "薛家",
    "杨家", "赵家", "郭家", "任家", "康家", "拓家", "呼家", "张家", "王家", "李家", "刘家", "惠家", "景家", "强家",
    "青石", "红崖", "黑龙", "白杨", "槐树", "沙梁", "碾盘", "水泉", "老庄", "新庄", "上寺", "下寺", "前庄", "后庄",
    "阳山", "背台", "羊路", "马场", "双柳", "大岔", "小岔", "胡家", "孙家", "吴家", "贾家", "韩家", "雷家", "田家",
)  # fmt: skip
_VALLEYS = ("沟", "峁", "塬", "坪", "塔", "湾", "畔", "岔", "川", "渠", "台", "砭", "圪崂", "崖", "洼", "梁")
_TOWNS = (
    "永宁", "安定", "太平", "清泉", "石门", "金盆", "杏林", "枣湾", "柳沟", "高桥", "双河", "云岩", "古城", "寨子",
    "黑水", "白水", "青阳", "朝阳", "兴隆", "永坪", "沙河", "龙泉", "凤翔", "寺湾", "磨坊", "桥镇", "王坪", "石堡",
    "交口", "河口", "盘龙", "卧虎", "松树", "鹤岭", "延塬", "平塬", "桃林", "梨园", "榆林", "仙鹤", "东塬", "西川",
)  # fmt: skip
_STREETS = ("延河", "宝塔路", "枣园路", "凤凰山", "清凉", "南桥", "东关", "北关", "西沟", "河滨", "新城", "中心")
_COMMUNITIES = ("向阳", "东风", "红旗", "光明", "幸福", "和平", "团结", "胜利", "长青", "松柏", "延水", "滨河", "南苑",
                "北苑", "学府", "文昌", "桥儿", "石佛", "罗家", "马家湾")  # fmt: skip
_DOORS = (
    "老槐树往上第{n}孔窑", "村委会东边第{n}家", "水井旁, 院里有枣树", "小学对面坡上第{n}院", "涝池边, 红砖门楼",
    "碾子往北第{n}孔窑", "公路边, 门口有两只石狮", "庙底下第{n}家", "戏台后头第{n}院", "大柳树跟前, 蓝色铁门",
)  # fmt: skip


def surname(dice: Dice) -> str:
    return dice.one(SURNAMES)


def given(dice: Dice, *, is_woman: bool, is_old: bool) -> str:
    """A given name of that sex and generation."""
    if is_old:
        return dice.choice(_WOMEN if is_woman else _MEN)
    return dice.choice(_YOUNGER_WOMEN if is_woman else _YOUNGER_MEN)


def full_name(dice: Dice, *, is_woman: bool, is_old: bool = True) -> str:
    return surname(dice) + given(dice, is_woman=is_woman, is_old=is_old)


def town_names(dice: Dice, streets: int, towns: int) -> list[str]:
    """Names of a county's streets and townships, the streets first, none twice."""
    some_streets = dice.sample(_STREETS, streets)
    some_towns = dice.sample(_TOWNS, towns)
    kinds = ["镇" if dice.happens(0.75) else "乡" for _ in some_towns]
    return [f"{name}街道" for name in some_streets] + [f"{a}{b}" for a, b in zip(some_towns, kinds, strict=True)]


def village_names(dice: Dice, count: int, *, is_urban: bool) -> list[str]:
    """Names of a township's villages, or of a street's communities, none twice."""
    if is_urban:
        return [f"{name}社区" for name in dice.sample(_COMMUNITIES, count)]
    names = [f"{a}{b}村" for a in dice.sample(_PLACES, count) for b in (dice.choice(_VALLEYS),)]
    return names[:count]


def door(dice: Dice) -> str:
    """How a villager would tell you where somebody lives."""
    return dice.choice(_DOORS).format(n="一二三四五六"[dice.randrange(6)])


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 28 February for a leap day that is not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
