"""The papers of a running grant that changes, plain and in their hard cases: conforming, and saying what they must."""

from __future__ import annotations

import pytest

from common.documents import Mark, freeze

from . import change_samples
from .pdf import drawn_clean, pages_of, text_of

SAID = {
    "D-11": ("変更承認申請書", "令和６年５月１０日付け後地政第２０４号指令で交付の決定の通知があった", "（金8,640,000円）", "金8,076,000円",
             "変更の内容別紙１のとおり", "経費の配分等別紙２のとおり", "（870,000）", "520,000", "（－）", "余企第77号", "令和6年11月30日脱退"),
    "D-12": ("変更交付決定通知書", "令和６年１０月１８日付け京総第２３１号で申請のあった", "による交付の決定を下記のとおり変更した",
             "交付決定額（金8,640,000円）金8,076,000円", "令和７年３月２０日まで", "配信の記録を実績報告に添付すること。"),
    "D-13": ("中止承認申請書", "下記のとおり中止したいので", "交付を受けた額金4,000,000円", "これまでに要した経費金3,412,300円", "前期研修を終え"),
    "D-14": ("中止承認通知書", "中止については、下記のとおり承認した", "再開しようとするときは、あらかじめ届け出ること"),
    "D-15b": ("遅延等報告書", "（令和７年２月２８日）令和７年６月３０日（翌年度への繰越を要する）", "5月と6月に後期研修"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_plain_paper_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, freeze(change_samples.SAMPLES[kind]()), caplog))
    for said in SAID[kind]:
        assert said in text, said


@pytest.mark.parametrize("kind", sorted(change_samples.HARD))
def test_a_hard_case_conforms(kind: str, caplog: pytest.LogCaptureFixture):
    drawn_clean(kind, freeze(change_samples.HARD[kind]()), caplog, Mark.DRAFT)


def test_fifty_towns_stand_under_repeated_heads_before_and_after(caplog: pytest.LogCaptureFixture):
    pages = pages_of(drawn_clean("D-11", freeze(change_samples.long_change()), caplog))
    with_towns = [page for page in pages if "（その" in page]
    assert len(with_towns) > 1
    assert all("交付金の配分" in page for page in with_towns)
    assert sum(page.count("（9,999,999,999）") for page in pages) == 51


def test_an_end_asks_for_the_report_and_a_change_without_more_money_is_only_approved(caplog: pytest.LogCaptureFixture):
    ended = text_of(drawn_clean("D-14", freeze(change_samples.HARD["D-14"]()), caplog))
    assert "廃止の日までに実施した事業の実績を、令和６年１２月３１日までに報告すること" in ended
    assert "再開" not in ended
    same = text_of(drawn_clean("D-12", freeze(change_samples.HARD["D-12"]()), caplog))
    assert "下記のとおり承認したので" in same
    assert "交付の決定を下記のとおり変更" not in same
    assert "経費の配分等別紙１のとおり" in same
