"""The books, plain and in their hard cases: conforming to both validators, and saying what they must."""

from __future__ import annotations

import pytest

from common.documents import Mark, freeze

from . import book_samples
from .pdf import drawn_clean, pages_of, text_of

pytestmark = pytest.mark.either_database
SAID = {
    "D-28": ("広域連携の年次報告書", "地政第12号", "前年度より1増", "後志の市町村が最も多い。", "8,640,000", "金額は変更後の額である。", "該当はない。"),
    "D-31": ("交付金台帳", "R6-加速-003", "後地政第204号指令", "8,096,000", "6,000,000", "令和6年度後志総合振興局", "取消し令和7年1月20日", "北地政第90号指令", "5,750,000", "34,500"),
    "D-34": ("廃棄の記録", "地政第１０１号", "令和9年4月5日10:12", "文書館へ移管", "R2-加速-007", "213・12・9", "消去していない。訴訟・審査請求",
             "2件（ほかに、消去しなかったもの1件）", book_samples.SHA256, "8,640,000"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_plain_book_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, freeze(book_samples.SAMPLES[kind]()), caplog))
    for said in SAID[kind]:
        assert said in text, said


@pytest.mark.parametrize("kind", sorted(book_samples.HARD))
def test_sixty_long_rows_conform_under_repeated_heads(kind: str, caplog: pytest.LogCaptureFixture):
    mark = Mark.DRAFT if kind == "D-28" else None
    pages = pages_of(drawn_clean(kind, freeze(book_samples.HARD[kind]()), caplog, mark))
    assert len(pages) > 3
    head = {"D-28": "取組交付決定額", "D-31": "申請番号・連携地域", "D-34": "番号題名完結日"}[kind]
    assert sum(head in page for page in pages) >= 3
    assert sum(page.count("髙﨑①㈱邉齋") for page in pages) >= (60 if kind != "D-34" else 1)
