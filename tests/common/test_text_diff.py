"""A changed text reads as a person would mark it: by words of Japanese, sentence by sentence."""

from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from common.text_diff import Change, changed, diff, side

PIECES = st.text(alphabet="地域の人口は17,247人へ減る。\nカタカナとABC", max_size=60)


def marked(before: str, after: str) -> str:
    signs = {Change.KEPT: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "[+{}+]"}
    return "".join(signs[run.change].format(run.text) for run in diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("人口は17,247人である。", "人口は10,077人である。", "人口は[-17,247-][+10,077+]人である。"),
        ("避難所を運営する。", "避難所を共同で運営する。", "避難所を[+共同で+]運営する。"),
        ("長沼町が事務局を担う。", "由仁町が事務局を担う。", "[-長沼町-][+由仁町+]が事務局を担う。"),
        ("一つ目。三つ目。", "一つ目。二つ目。三つ目。", "一つ目。[+二つ目。+]三つ目。"),
        ("バスを守る。\n病院を守る。", "病院を守る。", "[-バスを守る。\n-]病院を守る。"),
        ("", "将来像", "[+将来像+]"),
        ("将来像", "", "[-将来像-]"),
        ("同じ", "同じ", "同じ"),
    ],
)
def test_a_change_is_marked_word_by_word(before, after, seen):
    assert marked(before, after) == seen


def test_a_sentence_that_has_nothing_in_common_is_replaced_whole():
    before, after = "小学校を統合する。", "消防の指令を共同で行う。"
    assert marked(before, after) == f"[-{before}-][+{after}+]"


@given(PIECES, PIECES)
def test_both_texts_can_be_read_back_to_the_letter(before, after):
    runs = diff(before, after)
    assert "".join(run.text for run in side(runs, old=True)) == before
    assert "".join(run.text for run in side(runs, old=False)) == after
    assert changed(runs) == (before != after)
    kinds = [run.change for run in runs]
    assert all(one != other for one, other in pairwise(kinds))


def test_line_ends_of_two_systems_are_no_change():
    assert not changed(diff("一行目\r\n二行目", "一行目\n二行目"))


def test_the_page_says_in_words_and_escapes_what_was_typed():
    page = render_to_string("components/diff.html", {"runs": diff("古い<b>文", "新しい<b>文")})
    assert "［削除］</span>古" in page and "［追加］</span>新し" in page and "&lt;b&gt;" in page and "<b>" not in page
    assert "（空欄）" in render_to_string("components/diff.html", {"runs": []})
