"""The Chinese edition uses the trade's own words, in the textbooks' forms, and no others."""

import re

import pytest

from helpers.language import LOCALE

from .content import NOTEBOOKS, cells_of

ROOT = NOTEBOOKS.parent
LESSONS = {
    path.stem[:2]: "\n".join(cell.source for cell in cells_of(path))
    for path in sorted((NOTEBOOKS / "zh_CN").glob("*.ipynb"))
}
TEXTS = LESSONS | {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.zh_CN.md", "TEACHING.zh_CN.md")
}
TEXTS["course.po"] = (LOCALE / "zh_CN" / "course.po").read_text(encoding="utf-8")

TERMS = {  # the textbooks' other forms, beside those that test_names.py looks for
    "02": ["对数几率回归", "逻辑斯谛回归"],
    "03": ["极大似然"],
    "08": ["正则化", "交叉熵"],
}
MNEMONIC = "标签是 1 看 a，是 0 看 1 − a；给得越少，罚得越重。"
AVOIDED = [  # and what a teacher says instead
    "收费",  # 罚
    "一分不收",  # 不罚
    "公平的硬币",  # 均匀的硬币
    "展品",  # 可疑代码
    "拉滑块",  # 拖动滑块
    "(?<!质)因数",  # only for divisors: 几个 10 相乘得 1000
    "您",  # 你
    "[上下]一节",  # 上一课，下一课
    "便宜",  # 损失小
    "博物馆",
    "真相(?:是|分到)",  # 真实标签是，模型给真实结果的概率是
    "多少要多少",  # 要多短有多短
    "对于[^，。]{1,12}来说",
]


@pytest.mark.parametrize("lesson", TERMS)
def test_the_words_of_the_textbooks_occur(lesson):
    assert [term for term in TERMS[lesson] if term not in LESSONS[lesson]] == []


def test_the_sentence_to_say_aloud():
    """Bold, where the loss is defined and again in the recap."""
    plain = re.sub(r"\$|\\", "", LESSONS["03"]).replace("1 - a", "1 − a")
    assert plain.count(f"**{MNEMONIC}**") == 2


@pytest.mark.parametrize("name", TEXTS)
def test_no_word_that_a_teacher_would_not_say(name):
    found = [(word, re.search(f".*{word}.*", TEXTS[name])) for word in AVOIDED]
    assert [f"{word}: {line[0]}" for word, line in found if line] == []
