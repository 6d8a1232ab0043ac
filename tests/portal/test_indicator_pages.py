"""Official values of the prefecture-wide indicators: who enters, who confirms, and what the pages explain."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common.errors import Conflict, Refused
from common.viewer import Duty
from portal import services
from portal.indicator_ground import IndicatorGround
from portal.indicators import explained, indicators_on, years_of
from portal.load import load_all
from portal.models import PrefIndicator, PrefIndicatorPlan, PrefIndicatorValue
from tests import exports
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("history_db")]
MARCH_2023 = date(2023, 3, 31)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


def row(code: str, person: Any = None) -> PrefIndicator:
    return PrefIndicator.objects.with_values(person).get(pk=code)


def test_the_published_years_agree_and_say_so():
    ground = IndicatorGround("01")
    years = {line.year: line for line in years_of(row("IND1"), ground, MARCH_2023)}
    assert [(years[year].computed, years[year].official.value) for year in (2014, 2022)] == [(12, 12), (28, 28)]
    towns = {line.year: line for line in years_of(row("IND2"), ground, MARCH_2023)}
    assert [(towns[year].computed, towns[year].difference) for year in (2019, 2022)] == [(158, 0), (178, 0)]
    assert explained(row("IND1"), ground, MARCH_2023) == [
        "令和4年度の公表値は28地域です。年度末の計算値28地域と一致しています。"
    ]


def test_what_moved_since_the_last_published_year_is_named():
    (agrees, moved) = explained(row("IND1"), IndicatorGround("01"), date(2024, 3, 31))
    assert agrees.endswith("一致しています。")
    assert re.fullmatch(
        "その後、令和5年度末までに加わったもの1：留萌南部[^。]+。外れたもの1：留萌南部[^。]+。後継に引き継がれた地域を含みます。",
        moved,
    )


def test_without_plans_the_third_says_why_it_has_no_computed_value():
    (sentence,) = explained(row("IND3"), IndicatorGround("01"), MARCH_2023)
    assert sentence == (
        "公表値（令和4年度）は62件です。この日までに策定された前進プランが登録されていないため、計算値はありません。"
    )


def test_the_links_that_were_read_as_continued_are_listed():
    ground = IndicatorGround("01")
    assert {one.code for one in ground.continued_on(MARCH_2023)} == {"M01", "M04", "M06", "M09", "M11"}
    assert [(one.code, one.note) for one in ground.side_by_side_on(MARCH_2023)] == [
        ("M10", "紋別市を除く4町村による別の地域")
    ]


def test_staff_enter_and_the_decider_confirms():
    staff, decider, planner = saved(viewer(Duty.HS)), saved(viewer(Duty.HM)), viewer(Duty.MP)
    entered = services.set_official("IND1", fiscal_year=2023, value=29, source="道の公表資料", viewer=staff)
    assert (entered.confirmed, entered.revision) == (False, 1)
    assert next(one.actual.text for one in indicators_on("01", MARCH_2023, viewer=staff)) == "28地域"
    assert 2023 not in {value.fiscal_year for value in row("IND1", planner).official}
    assert 2023 in {value.fiscal_year for value in row("IND1", staff).official}
    services.confirm_official("IND1", fiscal_year=2023, viewer=decider, revision=1)
    assert 2023 in {value.fiscal_year for value in row("IND1", planner).official}
    again = services.set_official("IND1", fiscal_year=2023, value=30, source="正誤表", viewer=staff)
    assert again.confirmed is False


def test_who_may_not_and_what_may_not_be_entered():
    staff = saved(viewer(Duty.HS))
    given = {"fiscal_year": 2023, "value": 29, "source": "道の公表資料"}
    for duty in (Duty.HM, Duty.BS, Duty.MP, Duty.OB, Duty.AU):
        with pytest.raises(PermissionDenied):
            services.set_official("IND1", **given, viewer=viewer(duty))
    for change, sentence in (
        ({"fiscal_year": 2027}, "まだ始まって"),
        ({"value": -1}, "0以上"),
        ({"source": " "}, "出典"),
    ):
        with pytest.raises(Refused, match=sentence):
            services.set_official("IND1", **(given | change), viewer=staff)
    both = saved(viewer(Duty.HS, Duty.HM))
    services.set_official("IND1", **given, viewer=both)
    with pytest.raises(PermissionDenied, match="別の人"):
        services.confirm_official("IND1", fiscal_year=2023, viewer=both)


def test_the_second_person_reads_what_the_first_entered():
    staff, colleague = saved(viewer(Duty.HS)), saved(viewer(Duty.HS))
    services.set_official("IND1", fiscal_year=2023, value=29, source="速報", viewer=staff, revision=0)
    with pytest.raises(Conflict, match="29地域（出典：速報）"):
        services.set_official("IND1", fiscal_year=2023, value=30, source="確報", viewer=colleague, revision=0)


def test_the_database_keeps_the_promises_of_the_table():
    for broken in (
        {"source": ""},
        {"entered_at": None},
        {"confirmed_by_id": None},
    ):
        staff, decider = saved(viewer(Duty.HS)), saved(viewer(Duty.HM))
        services.set_official("IND1", fiscal_year=2023, value=29, source="資料", viewer=staff)
        value = services.confirm_official("IND1", fiscal_year=2023, viewer=decider)
        with pytest.raises(IntegrityError), transaction.atomic():
            PrefIndicatorValue.objects.filter(pk=value.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrefIndicatorValue.objects.filter(pk=value.pk).update(confirmed_by_id=value.entered_by_id)


def test_loading_again_keeps_what_headquarters_entered():
    staff = saved(viewer(Duty.HS))
    services.set_official("IND1", fiscal_year=2022, value=27, source="正誤表", viewer=staff)
    counts = load_all()
    assert sum(one.touched for one in counts.values()) == 0
    assert PrefIndicatorValue.objects.get(indicator="IND1", fiscal_year=2022).value == 27


def test_the_pages_show_what_was_counted_on_any_day():
    client = client_for(viewer(Duty.MP))
    text = client.get("/indicators/IND2/?on=2023-03-31").content.decode()
    assert "数えなかった市町村：倶知安町" in text
    assert "数えた市町村（178）" in text
    text = client.get("/indicators/IND1/?on=令和5年3月31日").content.decode()
    assert "数えた圏域と地域（28）" in text
    assert "後継が引き継いだため数えない地域（5）" in text
    assert client.get("/indicators/IND1/?on=いつか").status_code == 404
    assert client.get("/indicators/IND9/").status_code == 404


def test_a_value_is_entered_and_confirmed_on_the_page():
    staff, decider = client_for(viewer(Duty.HS)), client_for(viewer(Duty.HM))
    given = {"fiscal_year": "R5", "value": "29", "source": "道の公表資料"}
    assert staff.post("/indicators/IND1/", given | {"source": ""}).status_code == 422
    assert staff.post("/indicators/IND1/", given).status_code == 302
    page = decider.get("/indicators/IND1/").content.decode()
    assert "確認待ち" in page
    assert "確認待ち" not in client_for(viewer(Duty.MP)).get("/indicators/IND1/").content.decode()
    assert decider.post("/indicators/IND1/2023/confirm/", {"revision": "1"}).status_code == 302
    rows = exports.rows(client_for(viewer(Duty.OB)), "/indicators/export/?on=2024-03-31")
    (found,) = [one for one in rows if one["指標コード"] == "IND1" and one["年度（西暦）"] == "2023"]
    assert (found["計算値"], found["公表値"]) == ("28", "29")


def test_the_queries_do_not_grow_with_the_years():
    client = client_for(viewer(Duty.HS))
    client.get("/indicators/")
    assert len(queries_of(lambda: client.get("/indicators/"))) <= 24
    few = len(queries_of(lambda: client.get("/indicators/?on=2020-03-31")))
    assert abs(len(queries_of(lambda: client.get("/indicators/?on=2026-03-31"))) - few) <= 3


PLAN = {"baseline": 28, "baseline_fy": 2022, "target": 30, "target_fy": 2029, "source": "計画の改定（令和8年）"}


def test_staff_prepare_another_baseline_and_another_person_puts_it_in_force():
    staff, decider = saved(viewer(Duty.HS)), saved(viewer(Duty.HM))
    plan = services.propose_plan("IND1", services.IndicatorPlan(**PLAN, qualifier="以上"), viewer=staff)
    assert row("IND1").baseline == 12
    with pytest.raises(Refused, match="確認を待つ"):
        services.propose_plan("IND1", services.IndicatorPlan(**PLAN), viewer=staff)
    services.confirm_plan("IND1", plan_id=plan.pk, viewer=decider)
    now = row("IND1")
    assert (now.baseline, now.baseline_fy, now.target, now.qualifier) == (28, 2022, 30, "以上")
    load_all()
    assert row("IND1").baseline == 28  # the published values do not undo what was decided here
    with pytest.raises(Refused, match="すでに処理した"):
        services.confirm_plan("IND1", plan_id=plan.pk, viewer=decider)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"baseline": None}, "基準値は、数か言葉"),
        ({"target_word": "全市町村"}, "目標値は、数か言葉"),
        ({"baseline": -1}, "0以上の整数"),
        ({"target_fy": 2022}, "目標年度は基準年度より後"),
        ({"source": " "}, "出典を入力"),
    ],
)
def test_what_is_wrong_with_a_prepared_baseline_is_said(change: dict[str, Any], said: str):
    with pytest.raises(Refused, match=said):
        services.propose_plan("IND1", services.IndicatorPlan(**(PLAN | change)), viewer=saved(viewer(Duty.HS)))
    assert not PrefIndicatorPlan.objects.exists()


def test_whoever_prepared_a_baseline_does_not_confirm_it_and_others_have_no_part_in_it():
    both = saved(viewer(Duty.HS, Duty.HM))
    plan = services.propose_plan("IND1", services.IndicatorPlan(**PLAN), viewer=both)
    with pytest.raises(PermissionDenied):
        services.confirm_plan("IND1", plan_id=plan.pk, viewer=both)
    with pytest.raises(PermissionDenied):
        services.confirm_plan("IND1", plan_id=plan.pk, viewer=saved(viewer(Duty.HS)))
    for duty in (Duty.BS, Duty.SD, Duty.AU):
        with pytest.raises(PermissionDenied):
            services.drop_plan("IND1", plan_id=plan.pk, viewer=saved(viewer(duty)))
    with pytest.raises(IntegrityError), transaction.atomic():
        PrefIndicatorPlan.objects.filter(pk=plan.pk).update(
            state="confirmed", closed_by=both.user_id, closed_at=plan.entered_at
        )
    services.drop_plan("IND1", plan_id=plan.pk, viewer=both)
    assert row("IND1").baseline == 12


def test_the_page_of_the_baseline_goes_from_staff_to_decider():
    staff, decider = client_for(saved(viewer(Duty.HS))), client_for(saved(viewer(Duty.HM)))
    typed = {"baseline": "28", "baseline_fy": "R4", "target": "", "target_word": "全市町村", "target_fy": "R11"}
    wrong = staff.post("/indicators/IND1/plan/", typed)
    assert wrong.status_code == 422
    done = staff.post("/indicators/IND1/plan/", typed | {"source": "計画の改定（令和8年）"})
    assert done["Location"] == "/indicators/IND1/plan/"
    assert "確認待ち" in staff.get("/indicators/IND1/plan/").content.decode()
    plan = PrefIndicatorPlan.objects.get()
    assert "要確認" in decider.get("/indicators/IND1/plan/").content.decode()
    decider.post("/indicators/IND1/plan/decide/", {"plan": plan.pk, "act": "confirm"})
    assert (row("IND1").target, row("IND1").target_word) == (None, "全市町村")
    town = client_for(saved(viewer(Duty.MP))).get("/indicators/IND1/plan/").content.decode()
    assert "これまでの案" not in town
    assert "案を登録する" not in town
