"""Each paper, plain and in its hard cases: conforming, complete, every row on the page."""

from __future__ import annotations

import pytest

from common.documents import Mark, freeze, render_html, render_pdf

from . import hard_samples, samples
from .pdf import drawn_clean, pages_of, text_of

SAID = {
    "D-01": ("事業要望書", "要望額金8,640,000円", "後志１７町村連携地域代表京極町長", "（単位：千円）", "6,000", "別紙３", "190以上", "４年目"),
    "D-02": ("事前協議記録票", "端末の購入は対象となるか。", "見積書を添付すること。", "令和6年1月22日", "デモ審査担当"),
    "D-03": ("交付申請書", "金8,640,000円を交付されるよう", "事業計画書", "収支予算書", "経費の配分及び構成町村別の内訳", "構成町村一覧",
             "京総第108号".translate(str.maketrans("0123456789", "０１２３４５６７８９")), "013994", "成果指標の計画", "誓約書",
             "国又は北海道の他の補助金等", "6回×120,000円", "地域連携協定書（写し）"),
    "D-04": ("審査調書・意見書", "庁内限り", "A-02", "13/17", "施設の整備に当たらない", "優先して採択すべき", "金8,096,000円", "▲272,000"),
    "D-05": ("起案用紙", "庁内限り", "合議", "決裁", "（代決）", "5年", "配当の残額（決定前）金20,000,000円"),
    "D-06": ("内定通知書", "内定額金8,096,000円", "交付申請の期限令和６年５月３１日", "写し構成町村長", "オンライン研修の配信"),
    "D-07": ("不採択通知書", "採択しないこととした", "２分の１に満たない", "説明を受けようとする"),
    "D-08": ("交付決定通知書", "交付決定額金8,640,000円"),
    "D-09": ("不交付決定通知書", "交付しないことに決定した", "２分の１に満たない"),
    "D-10": ("取下書", "令和６年５月１０日付け後地政第２０４号指令で交付の決定の通知があった", "年度内の実施が困難"),
    "D-17": ("概算払請求書", "京総第１３１号", "今回の請求額金4,000,000円", "2,640,000", "前期研修の会場使用料", "債権者番号００１３９９４"),
    "D-17b": ("精算払請求書", "金2,096,000円", "確定額8,096,000", "残額0", "令和７年４月２５日付け後地政第８８号指令の額の確定により"),
    "D-21": ("返還命令書", "返還を命じます", "返還する額金640,000円", "加算金金35,712円", "返納の期限令和６年１２月２０日", "年10.95％"),
    "D-32": ("監査パッケージ", "記録1201から記録2877まで", "文書/000012_D-08.pdf", "後地政第204号指令", "9f86d081884c"),
    "D-22": ("交付決定取消通知書", "一部を取り消した", "取り消す額金640,000円", "弁明の聴取令和６年１１月２０日", "金640,000円は、別に命ずる", "審査請求"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_plain_paper_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, samples.sample(kind), caplog))
    for said in SAID[kind]:
        assert said in text, said


@pytest.mark.parametrize("case", sorted(hard_samples.HARD))
def test_a_hard_case_conforms(case: str, caplog: pytest.LogCaptureFixture):
    drawn_clean(case[:4], freeze(hard_samples.HARD[case]()), caplog, Mark.DRAFT)


def test_forty_cost_lines_and_twenty_indicators_all_stand_there_under_repeated_heads():
    pages = pages_of(render_pdf("D-03", freeze(hard_samples.long_application())))
    text = "".join(pages)
    for number in range(1, 41):
        assert f"（その{number}）" in text
    for number in range(1, 21):
        assert f"指標その{number}（" in text
    with_costs = [page for page in pages if "（その" in page]
    assert len(with_costs) > 1
    assert all("経費の区分" in page for page in with_costs)
    assert sum("10,122,900" in page and "計" in page for page in with_costs) == 2  # incomes and costs: each total once
    assert hard_samples.NAME in text


def test_a_long_purpose_is_left_to_the_annex():
    first = pages_of(render_pdf("D-03", freeze(hard_samples.long_application())))[0]
    assert "事業の目的別紙１のとおり" in first


def test_nothing_where_there_is_nothing():
    text = text_of(render_pdf("D-01", freeze(hard_samples.empty_request())))
    assert "要望額金0円" in text
    assert "第号令和年月日" in text
    assert "支援年数" not in text
    assert "成果指標定めていない。" in text


def test_conditions_without_numbers_read_as_sentences():
    text = text_of(render_pdf("D-08", freeze(hard_samples.cut_decision())))
    assert "事業が完了したときは、速やかに、実績報告書を提出すること。" in text
    assert "帳簿及び証拠書類を整備し、保存すること。" in text
    assert "(9)研修の成果を管内の他の町村へ提供すること。" in text
    assert "査定の内訳別紙２のとおり" in text


@pytest.mark.parametrize("kind", ["D-04", "D-05"])
def test_papers_of_the_office_are_internal_whoever_asks(kind: str):
    assert all("庁内限り" in page for page in pages_of(render_pdf(kind, samples.sample(kind))))
    assert "庁内限り" in render_html(kind, samples.sample(kind))


def test_a_request_shows_thousands_and_an_application_whole_yen():
    request, application = (text_of(render_pdf(kind, samples.sample(kind))) for kind in ("D-01", "D-03"))
    assert "委託料6,0006,000" in request
    assert "委託料6,000,5006,000,000" in application
