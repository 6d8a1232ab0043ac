"""Two versions side by side: what is marked are words, and nothing gets lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.documents import freeze
from regions.agreement_diff import compare, segments
from regions.papers.agreement import Clause, Paragraph, paragraphs

from .paper_samples import agreement

JAPANESE = st.text(st.sampled_from("後志十五町村は、ひらがなカタカナ15１６。\n（）abc"), max_size=60)


@given(JAPANESE, JAPANESE)
def test_both_texts_can_be_read_back_whole(old, new):
    left, right = segments(old, new)
    assert "".join(one.text for one in left) == old
    assert "".join(one.text for one in right) == new
    assert {one.kind for one in left} <= {"same", "del"}
    assert {one.kind for one in right} <= {"same", "ins"}


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ("後志15町村の研修", "後志16町村の研修", ["15"], ["16"]),
        ("費用は均等に負担する。", "費用は人口により負担する。", ["均等に"], ["人口により"]),
        ("職員を参加させる。", "職員を積極的に参加させる。", [], ["積極的に"]),
        ("同じ文。", "同じ文。", [], []),
    ],
)
def test_words_are_marked_and_not_strokes(old, new, gone, came):
    left, right = segments(old, new)
    assert [one.text for one in left if one.kind == "del"] == gone
    assert [one.text for one in right if one.kind == "ins"] == came


def test_a_newcomer_a_moved_article_a_new_one_and_new_shares():
    old = agreement(15)
    purpose, policy, roles, costs = (replace(row, key=row.heading) for row in old.clauses)
    extra = Clause(2, "部会", (Paragraph(1, "部会を置く。"),), "x1")
    new = replace(
        agreement(16),
        clauses=(purpose, extra, replace(policy, number=3), replace(roles, number=4)),
    )
    found = compare(freeze(replace(old, clauses=(purpose, policy, roles, costs))), freeze(new))
    assert (found.joined, found.left) == (("余市町",), ())
    articles = {
        line.title: line.state for section in found.sections if section.title == "条文" for line in section.lines
    }
    assert articles == {
        "第1条　目的": "same",
        "第2条　部会": "added",
        "第3条　基本方針（前は第2条）": "same",
        "第4条　連携する取組と役割分担（前は第3条）": "same",
        "第4条　費用負担": "removed",
    }
    shares = next(section for section in found.sections if section.title == "費用負担の割合")
    assert {line.title: line.word for line in shares.lines}["余市町"] == "追加"
    assert compare(freeze(new), freeze(new)).changes == 0


def test_lines_become_paragraphs_and_items():
    found = paragraphs("連携する。\n・対等に\n（2）公平に\n\n費用は協議する。")
    assert found == (Paragraph(1, "連携する。", ("対等に", "公平に")), Paragraph(2, "費用は協議する。"))
