"""Papers are drawn from frozen data alone: the same bytes each time, archival and accessible, nothing fetched."""

from __future__ import annotations

import logging
from io import BytesIO

import pytest
from pypdf import PdfReader

from common.documents import Mark, MissingData, MissingGlyph, RenderingFailed, UnknownKind, render_html, render_pdf
from common.documents import pdf as drawing

from . import samples
from .pdf import complaints, pages_of, text_of


def test_the_decision_letter_says_what_the_mockup_says():
    text = text_of(render_pdf("D-08", samples.d08()))
    for said in (
        "様式第６号（第７条関係）",
        "後地政第２０４号",
        "令和６年５月１０日",
        "代表京極町長様",
        "北海道後志総合振興局長（公印省略）",
        "令和６年４月８日付け京企第４５号で申請のあった令和６年度地域づくり総合交付金（広域連携加速化事業）については",
        "金8,640,000円",
        "４年目（最大５年、令和６年度まで）",
        "完了の日から３０日を経過した日又は令和７年４月１０日のいずれか早い日までに",
        "翌年度から５年間保存すること",
        "この通知を受けた日から１０日以内に申請を取り下げることができます",
        "以上",
        "神恵内村",
    ):
        assert said in text


def test_days_and_years_come_from_the_data_and_not_from_the_template():
    snapshot = samples.d08()
    snapshot["conditions"] |= {"report_days": 20, "report_last_on": "2025-03-31", "books_years": 7}
    snapshot["withdraw_days"] = 15
    text = text_of(render_pdf("D-08", snapshot))
    assert "完了の日から２０日を経過した日又は令和７年３月３１日のいずれか早い日" in text
    assert "翌年度から７年間" in text
    assert "１５日以内" in text


def test_a_letter_without_withdrawal_days_says_nothing_of_a_withdrawal():
    snapshot = samples.d08() | {"withdraw_days": None}
    assert "申請の取下げ" not in text_of(render_pdf("D-08", snapshot))


def test_the_same_data_gives_the_same_bytes_and_another_day_other_ones():
    first, second = render_pdf("D-08", samples.d08()), render_pdf("D-08", samples.d08())
    assert first == second
    later = samples.d08()
    later["head"]["issued_on"] = "2024-05-11"
    assert render_pdf("D-08", later) != first


def test_the_file_carries_title_language_author_and_day():
    reader = PdfReader(BytesIO(render_pdf("D-08", samples.d08())))
    assert reader.metadata is not None
    assert reader.metadata.title == "交付決定通知書（後志１７町村連携地域、令和6年度 広域連携加速化事業）"
    assert reader.metadata.author == "北海道後志総合振興局長"
    assert reader.metadata["/CreationDate"] == "D:20240510"
    assert reader.trailer["/Root"]["/Lang"] == "ja"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_each_page_says_which_of_how_many_it_is():
    first, second = pages_of(render_pdf("D-08", samples.d08()))
    assert "1／2" in first
    assert "2／2" in second


@pytest.mark.parametrize(("mark", "word"), [(Mark.DRAFT, "案"), (Mark.REPRINT, "再発行"), (Mark.INTERNAL, "庁内限り")])
def test_a_mark_stands_on_every_page(mark: Mark, word: str):
    assert not any(word in page for page in pages_of(render_pdf("D-08", samples.d08())))
    marked = render_pdf("D-08", samples.d08(), mark=mark)
    assert all(word in page for page in pages_of(marked))
    assert complaints(marked) == []


def test_unusual_characters_of_names_are_drawn():
    snapshot = samples.d08()
    snapshot["projects"][0]["name"] = "髙﨑①㈱邉齋𠮟﨔の研修"
    with pytest.raises(MissingGlyph) as missing:
        render_pdf("D-08", snapshot | {"projects": [{"name": "𠮷野町の研修", "fields": []}]})
    assert "「𠮷」（U+20BB7）" in str(missing.value)
    snapshot["projects"][0]["name"] = "髙﨑①㈱の研修"
    assert "髙﨑①㈱の研修" in text_of(render_pdf("D-08", snapshot))


def test_a_missing_value_is_named_and_no_letter_leaves():
    snapshot = samples.d08()
    del snapshot["fiscal_year"]
    with pytest.raises(MissingData, match="fiscal_year"):
        render_pdf("D-08", snapshot)


def test_an_unknown_paper_is_refused():
    for kind in ("D-99", "../base", "base"):
        with pytest.raises(UnknownKind):
            render_html(kind, samples.d08())


@pytest.mark.parametrize(
    "address", ["https://example.invalid/a.png", "file:///etc/passwd", "file://host/a.png", "ftp://example.invalid/a"]
)
def test_nothing_outside_the_project_is_read(address: str):
    html = f'<html lang="ja"><title>a</title><body><p>あ</p><img src="{address}" alt="あ"></body></html>'
    with pytest.raises(RenderingFailed):
        drawing.draw("D-00", html, [])


def test_what_people_typed_is_never_markup():
    snapshot = samples.d08()
    snapshot["projects"][0]["name"] = '<img src="https://example.invalid/a.png" alt="a">'
    assert '<imgsrc="https://example.invalid/a.png"alt="a">' in text_of(render_pdf("D-08", snapshot))


def test_the_preview_has_linked_styles_only_so_that_a_strict_policy_holds():
    html = render_html("D-08", samples.d08(), Mark.DRAFT)
    assert 'href="/static/css/letter.css"' in html
    assert "<style" not in html
    assert "style=" not in html
    assert "<script" not in html


def test_the_renderer_has_nothing_to_complain_about(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_pdf("D-08", samples.d08(), mark=Mark.DRAFT | Mark.REPRINT | Mark.INTERNAL)
    assert caplog.messages == []
