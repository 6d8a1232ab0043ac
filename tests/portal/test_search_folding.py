"""Spellings that mean the same are found alike: width, kana, twins of letters, dashes, amounts, years."""

from __future__ import annotations

import pytest

from portal.finding.folding import ask, fold, marks, readable, snippet


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("根振第１２号", "根振第12号"),
        ("ニセコ町", "ﾆｾｺ町"),
        ("にせこ", "ニセコ"),
        ("茅ヶ崎", "茅ケ崎"),
        ("Ｒ６", "r6"),
        ("A−1", "a-1"),
        ("8,640,000円", "８６４００００円"),
        ("釧　路　市", "釧路市"),
        ("ビジョン", "ﾋﾞｼﾞｮﾝ"),
    ],
)
def test_two_spellings_fold_to_one(one: str, other: str):
    assert fold(one) == fold(other)


def test_lines_stay_lines():
    assert fold("一行目\n二 行目") == "一行目\n二行目"


@pytest.mark.parametrize(
    "text", ["8,640,000", "864万円", "864万", "8640千円", "金8,640,000円", "８６４万円", "8640000円"]
)
def test_an_amount_reads_as_yen_however_it_is_written(text: str):
    (word,) = ask(text).words
    assert word.amount == 8_640_000


@pytest.mark.parametrize("text", ["12", "864", "第12号", "研修", "1.5人", "千"])
def test_a_short_number_or_a_word_is_no_amount(text: str):
    assert ask(text).words[0].amount is None


@pytest.mark.parametrize("text", ["令和6年度", "R6", "2024", "令和６年度", "2024年度"])
def test_a_year_reads_as_its_fiscal_year(text: str):
    assert ask(text).words[0].year == 2024


def test_what_was_found_is_marked_in_the_letters_that_stand_there():
    pieces = marks(readable("ﾆｾｺ町と茅ヶ崎市"), ask("にせこ 茅ケ崎"))
    assert pieces == [("ニセコ", True), ("町と", False), ("茅ヶ崎", True), ("市", False)]
    assert marks("申請額　8,640,000円", ask("864万円")) == [("申請額　", False), ("8,640,000円", True)]


def test_a_snippet_is_the_line_around_the_word():
    text = "はじめの行\n" + "あ" * 100 + "氷下漁" + "い" * 300
    pieces = snippet(text, ask("氷下漁"))
    assert ("氷下漁", True) in pieces
    assert pieces[0] == ("…" + "あ" * 60, False)
    assert len("".join(piece for piece, _ in pieces)) < 200
    assert snippet("何もない", ask("氷下漁")) == []


def test_a_question_has_at_most_eight_words_and_a_hundred_letters():
    assert len(ask(" ".join("abcdefghijkl")).words) == 8
    assert len(ask("あ" * 500).plain) == 100
    assert ask(" 　 ").words == ()
