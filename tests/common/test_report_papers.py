"""The papers after the work, plain and in their hard cases: conforming, and saying what they must."""

from __future__ import annotations

import pytest

from common.documents import Mark, freeze

from . import report_samples
from .pdf import drawn_clean, pages_of, text_of

SAID = {
    "D-15": ("遂行状況報告書", "令和６年９月３０日現在", "支出済額金3,412,300円", "55％", "研修の満足度", "35.0％"),
    "D-16": ("督促", "これまでの提出期限令和７年３月３０日", "新たな提出期限令和７年４月１０日"),
    "D-18": ("実績報告書", "実績による交付金の額金8,096,000円", "収支決算書", "構成町村別の精算", "成果指標の実績", "証拠書類一覧", "事例シート",
             "１回をオンラインにしたため", "▲56,800", "9f86d081884c7d65"),
    "D-19": ("検査調書", "庁内限り", "飲食費５００円を除いた", "契約書1、領収書1", "6,643,700", "適でない事項がある"),
    "D-20": ("額の確定通知書", "交付金の確定額金8,096,000円", "今後支払う額金2,096,000円", "後地政第２０４号指令"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_plain_paper_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, freeze(report_samples.SAMPLES[kind]()), caplog))
    for said in SAID[kind]:
        assert said in text, said


@pytest.mark.parametrize("kind", sorted(report_samples.HARD))
def test_a_hard_case_conforms(kind: str, caplog: pytest.LogCaptureFixture):
    drawn_clean(kind, freeze(report_samples.HARD[kind]()), caplog, Mark.DRAFT)


def test_forty_lines_of_a_settlement_stand_under_repeated_heads(caplog: pytest.LogCaptureFixture):
    pages = pages_of(drawn_clean("D-18", freeze(report_samples.long_performance()), caplog))
    with_lines = [page for page in pages if "（その" in page]
    assert len(with_lines) > 1
    assert all("差の理由・証拠書類" in page for page in with_lines)
    assert "ファイルの添付はない" in "".join(pages)


def test_what_was_paid_too_much_is_named_as_such(caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean("D-20", freeze(report_samples.HARD["D-20"]()), caplog))
    assert "返納を要する額金6,000,000円" in text
    assert "今後支払う額" not in text
