"""The clause template: which wording a draft is born with, what its blanks become, which articles follow the frame."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from common.errors import Refused
from regions import services
from regions.clauses import Blanks, default_last_day, frame, listed, parties_word, wordings
from regions.models import AgreementArticle
from regions.services import AgreementDraft, ArticleDraft

VALUES = {
    "towns": "長沼町及び由仁町", "parties": "構成町", "region": "南空知連携地域", "lead": "長沼町", "secretariat": "由仁町",
    "fields": "防災及び医療", "until": "令和１３年３月３１日", "copies": "２", "annex_roles": "別表第１", "annex_costs": "別表第２",
}  # fmt: skip
DRAFT = AgreementDraft(title="連携協定", fields=("disaster",), valid_until=date(2031, 3, 31))


def texts(*holds: str) -> dict[str, str]:
    return {row.key: row.text for row in wordings("01", Blanks(VALUES, frozenset(holds)))}


def test_every_article_of_the_template_is_one_the_rules_know():
    assert [row.key for row in wordings("01", Blanks(VALUES, frozenset()))] == AgreementArticle.Key.values


@pytest.mark.parametrize("prefecture", ["01", "06"])
@pytest.mark.parametrize("holds", [(), ("framework",), ("framework", "all_fields"), ("open", "unsplit", "all_fields")])
def test_no_blank_is_left_open(prefecture, holds):
    blanks = Blanks(VALUES, frozenset(holds))
    for text in (*(row.text for row in wordings(prefecture, blanks)), *frame(prefecture, blanks)):
        assert not re.search(r"[{}]", text)


def test_the_annexed_tables_are_pointed_at_only_where_there_are_any():
    assert "別表第１" in texts()["initiatives"]
    assert "別表" not in texts("framework")["initiatives"]
    assert "別表第２" in texts()["cost"]
    assert "別表" not in texts("unsplit")["cost"]


def test_an_agreement_without_a_last_day_says_so():
    assert "令和１３年３月３１日まで" in texts()["term"]
    assert "定めない" in texts("open")["term"]


@pytest.mark.parametrize(
    ("names", "list_", "word"),
    [
        (["長沼町", "由仁町"], "長沼町及び由仁町", "構成町"),
        (["根室市", "別海町", "鶴居村"], "根室市、別海町及び鶴居村", "構成市町村"),
        (["泊村"], "泊村", "構成村"),
    ],
)
def test_towns_are_listed_as_legal_texts_do(names, list_, word):
    assert (listed(names), parties_word(names)) == (list_, word)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 3, 31), date(2030, 3, 31)),
        (date(2026, 4, 1), date(2031, 3, 31)),
        (date(2027, 1, 1), date(2031, 3, 31)),
    ],
)
def test_a_new_draft_proposes_to_last_into_the_fifth_fiscal_year(start, last):
    assert default_last_day(start) == last


def test_a_draft_is_born_with_the_names_fields_and_days_of_its_region(world):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    texts = dict(agreement.articles.values_list("key", "text"))
    assert "防災の分野において連携し" in texts["initiatives"]
    assert "長沼町に事務局を置く" in texts["initiatives"]
    assert "令和１３年３月３１日まで" in texts["term"]


def test_untouched_articles_follow_the_frame_and_touched_ones_stay(world):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    rows = [ArticleDraft(row.key, row.heading, row.text) for row in agreement.articles.all()]
    rows = [replace(row, text="15年とする。") if row.key == "term" else row for row in rows]
    services.save_articles(agreement.pk, rows, viewer=world.planner())
    changed = replace(DRAFT, framework=True, valid_until=None)
    services.update_agreement(agreement.pk, changed, viewer=world.planner())
    texts = dict(agreement.articles.values_list("key", "text"))
    assert "部会" in texts["initiatives"]
    assert texts["term"] == "15年とする。"


def test_an_article_that_points_at_an_empty_table_holds_back_the_consent(world):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    with pytest.raises(Refused, match="別表に取組がありません"):
        services.start_consent(agreement.pk, viewer=world.planner())
    services.save_initiative(agreement.pk, services.InitiativeEntry("共同訓練"), viewer=world.planner())
    assert services.start_consent(agreement.pk, viewer=world.planner()).state == "consent"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([ArticleDraft("purpose", " ", "支え合う。")], "1つ目の条の見出し"),
        ([ArticleDraft("purpose", "目的", "甲"), ArticleDraft("purpose", "目的", "乙")], "同じ条が2回"),
    ],
)
def test_articles_that_cannot_be_are_refused_whole(world, rows, sentence):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    with pytest.raises(Refused, match=sentence):
        services.save_articles(agreement.pk, rows, viewer=world.planner())
    assert agreement.articles.count() == len(AgreementArticle.Key.values)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (services.InitiativeEntry(), "取組を選ぶか、名称を入力"),
        (services.InitiativeEntry("訓練", secretariat="014290"), "事務局は当事者から"),
        (services.InitiativeEntry("訓練", roles={"014290": "参加する。"}), "役割を担う市町村は当事者から"),
        (services.InitiativeEntry("訓練", fields=("no-such",)), "登録されていない分野"),
        (services.InitiativeEntry(project=1), "登録されていない取組"),
        (services.InitiativeEntry("共同訓練"), "既に別表にあります"),
    ],
)
def test_a_row_of_the_annexed_table_that_cannot_be_is_refused(world, entry, sentence):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    services.save_initiative(agreement.pk, services.InitiativeEntry("共同訓練"), viewer=world.planner())
    with pytest.raises(Refused, match=sentence):
        services.save_initiative(agreement.pk, entry, viewer=world.planner())
    assert agreement.initiatives.count() == 1
