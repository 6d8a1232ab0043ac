"""Each paper of this room, plain and in its hard cases: conforming, complete."""

from __future__ import annotations

import pytest

from common.documents import Mark, freeze, render_html, render_pdf

from ..common.pdf import drawn_clean, pages_of, text_of
from . import paper_samples as samples

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize("kind", sorted(samples.PLAIN))
def test_a_plain_paper_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, freeze(samples.PLAIN[kind]()), caplog))
    for said in samples.SAID[kind]:
        assert said in text, said
    assert "css/" in render_html(kind, freeze(samples.PLAIN[kind]()))


@pytest.mark.parametrize("case", sorted(samples.HARD))
def test_a_hard_case_conforms_and_every_page_of_a_draft_says_so(case: str, caplog: pytest.LogCaptureFixture):
    data = drawn_clean(case[:4], freeze(samples.HARD[case]()), caplog, Mark.DRAFT)
    assert all("案" in page for page in pages_of(data))


@pytest.mark.parametrize("parties", [2, 5, 17, 20])
def test_every_mayor_has_a_block_and_no_block_is_cut(parties: int):
    pages = pages_of(render_pdf("D-23", freeze(samples.agreement(parties))))
    for i, name in enumerate(samples.SHIRIBESHI[:parties]):
        assert sum(f"{name}長令和6年3月{10 + i % 15}日同意" in page for page in pages) == 1, name


def test_each_initiative_of_a_vision_begins_a_page_of_its_own():
    pages = pages_of(render_pdf("D-24", freeze(samples.PLAIN["D-24"]())))
    assert ["取組1議事録作成" in page[:40] for page in pages].count(True) == 1
    assert ["取組2合同研修" in page[:40] for page in pages].count(True) == 1
