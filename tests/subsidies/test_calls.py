"""Programs to read, calls to prepare, open and close, and what each bureau may spend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from common import audit, clock
from common.errors import Refused
from common.viewer import Duty, Viewer
from subsidies.call_budget import budget_of
from subsidies.models import Application, Call, CallAllotment
from subsidies.services import calls
from subsidies.services.calls import CallInput
from tests.factories.municipalities import BureauFactory
from tests.factories.subsidies import CallFactory, RuleSetVersionFactory, Scene
from tests.viewers import saved, viewer

from .test_application_list import copies

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"subsidies:{name}", args=args)


def values_of(call: Call) -> CallInput:
    return CallInput(
        ruleset_id=call.ruleset_id,
        fiscal_year=call.fiscal_year,
        phases=call.phases,
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        series_id=call.series_id,
        decision_expected_on=call.decision_expected_on,
    )


def typed(call: Call, **more: str) -> dict[str, str]:
    return {
        "ruleset": str(call.ruleset_id),
        "fiscal_year": "R8",
        "phases": "grant_only",
        "series": call.series_id,
        "opens_on": "令和8年12月1日",
        "closes_on": "令和9年1月8日",
        "decision_expected_on": "",
        "number_prefix": "次期",
        "required_documents": "見積書\n協定書の写し\n",
    } | more


# -- services -----------------------------------------------------------------------------------------------------------


def test_staff_prepares_the_next_round_and_the_decider_opens_and_closes_it():
    first = CallFactory(budgets={BureauFactory().pk: 1})
    staff, decider = saved(viewer(Duty.HS)), saved(viewer(Duty.HM))
    call = calls.prepare_call(viewer=staff, values=values_of(first))
    assert (call.state, call.round) == ("preparing", first.round + 1)
    with pytest.raises(PermissionDenied):
        calls.open_call(call_id=call.pk, viewer=staff)
    with pytest.raises(Refused, match="振興局への配当"):
        calls.open_call(call_id=call.pk, viewer=decider)
    calls.allot(call_id=call.pk, viewer=staff, amounts={BureauFactory().pk: 10})
    assert calls.open_call(call_id=call.pk, viewer=decider).state == "open"
    with pytest.raises(Refused, match="公開できません"):
        calls.open_call(call_id=call.pk, viewer=decider)
    assert calls.close_call(call_id=call.pk, viewer=decider).state == "closed"
    with pytest.raises(Refused, match="締め切れません"):
        calls.close_call(call_id=call.pk, viewer=decider)
    titles = [event.title for event in audit.timeline(call, internal=True)]
    assert titles == ["募集を締切", "募集を公開", "配当を登録", "募集を準備"]
    assert "配当を登録" not in [event.title for event in audit.timeline(call, internal=False)]


@pytest.mark.parametrize("duty", [Duty.MP, Duty.BS, Duty.BM, Duty.SD, Duty.AC, Duty.AU])
def test_nobody_else_prepares_or_allots(duty: Duty):
    call = CallFactory()
    person = saved(viewer(duty))
    with pytest.raises(PermissionDenied):
        calls.prepare_call(viewer=person, values=values_of(call))
    with pytest.raises(PermissionDenied):
        calls.allot(call_id=call.pk, viewer=person, amounts={})
    with pytest.raises(PermissionDenied):
        calls.close_call(call_id=call.pk, viewer=person)


def test_an_open_call_keeps_its_rules_and_moves_its_dates():
    call = CallFactory()
    staff = saved(viewer(Duty.HS))
    later = replace(values_of(call), closes_on=call.closes_on + timedelta(days=7))
    assert calls.change_call(call_id=call.pk, viewer=staff, values=later).closes_on == later.closes_on
    with pytest.raises(Refused, match="変えられません"):
        calls.change_call(call_id=call.pk, viewer=staff, values=replace(later, phases="both"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fiscal_year": 2024}, "令和6年度の募集には使えません"),
        ({"closes_on": date(2020, 1, 1)}, "締切日は受付開始日以後"),
    ],
)
def test_a_call_that_does_not_fit_its_rules_is_refused(changed: dict[str, object], said: str):
    call = CallFactory()
    with pytest.raises(Refused, match=said):
        calls.prepare_call(viewer=saved(viewer(Duty.HS)), values=replace(values_of(call), **changed))


def test_unpublished_rules_judge_nobody():
    call = CallFactory()
    draft = RuleSetVersionFactory(version=2, state="draft", published_at=None)
    with pytest.raises(Refused, match="公開したルールの版"):
        calls.prepare_call(viewer=saved(viewer(Duty.HS)), values=replace(values_of(call), ruleset_id=draft.pk))


@pytest.mark.parametrize(("amount", "kept"), [(5_999_999, False), (6_000_000, True)])
def test_an_allotment_never_falls_below_what_is_committed(amount: int, kept: bool):
    scene = Scene()
    scene.application("granted")
    act = {"call_id": scene.call.pk, "viewer": scene.staff(), "amounts": {"sorachi": amount}}
    if kept:
        calls.allot(**act)
    else:
        with pytest.raises(Refused, match="決定済の6,000,000円以上"):
            calls.allot(**act)
    assert CallAllotment.objects.get().amount_yen == (amount if kept else 50_000_000)


def test_allotting_to_an_unknown_bureau_changes_nothing():
    call = CallFactory(budgets={BureauFactory().pk: 1})
    with pytest.raises(Refused, match="登録されていない振興局"):
        calls.allot(call_id=call.pk, viewer=saved(viewer(Duty.HS)), amounts={BureauFactory().pk: 2, "nowhere": 1})
    assert CallAllotment.objects.get().amount_yen == 1


def test_the_budget_counts_what_was_submitted_and_not_ended():
    scene = Scene()
    one = scene.application("granted")
    running, ended = copies(one, 2, state="submitted", granted_yen=None)
    Application.objects.filter(pk=ended.pk).update(state="withdrawn")
    row = next(row for row in budget_of(scene.call) if row.bureau.pk == "sorachi")
    assert (row.allotted_yen, row.applications, row.requested_yen) == (50_000_000, 2, 12_000_000)
    assert (row.committed_yen, row.left_yen, row.short) == (6_000_000, 44_000_000, False)
    assert row.reviewed_yen == 6_000_000  # what was cut from the granted one is not under review
    Application.objects.filter(pk=running.pk).update(requested_yen=50_000_000)
    assert next(row for row in budget_of(scene.call) if row.bureau.pk == "sorachi").short


# -- pages --------------------------------------------------------------------------------------------------------------


def test_the_program_page_shows_every_number_with_its_source_and_every_rule(client_for: SignIn):
    version = RuleSetVersionFactory()
    page = client_for(viewer(Duty.MP)).get(url("program_detail", "successor")).content.decode()
    assert "10,000,000円" in page
    assert "報告（令和6年3月）3(2)⑤" in page
    for rule in ("N-01", "C-11", "A-10", "N-08"):
        assert f'<tr id="{rule}">' in page
    assert f"第{version.version}版" in page
    assert client_for(viewer(Duty.MP)).get(url("program_detail", "nothing")).status_code == 404
    assert client_for(viewer(Duty.OB)).get(url("program_list")).status_code == 403


def test_a_draft_of_rules_is_shown_to_headquarters_only(client_for: SignIn):
    RuleSetVersionFactory()
    RuleSetVersionFactory(version=2, state="draft", published_at=None)
    assert "第2版（案）" in client_for(viewer(Duty.HS)).get(url("program_detail", "successor")).content.decode()
    assert "第2版" not in client_for(viewer(Duty.BS)).get(url("program_detail", "successor")).content.decode()


def test_a_town_reads_a_call_without_its_budget(client_for: SignIn):
    scene = Scene()
    page = client_for(scene.planner()).get(url("call_detail", scene.call.pk)).content.decode()
    assert "締切" in page
    for word in ("配当", "残額", "50,000,000"):
        assert word not in page
    office = client_for(scene.reviewer()).get(url("call_detail", scene.call.pk)).content.decode()
    assert "50,000,000" in office
    assert "配当を変える" not in office


def test_a_call_in_preparation_is_known_to_headquarters_alone(client_for: SignIn):
    call = CallFactory(state="preparing")
    assert client_for(viewer(Duty.BS)).get(url("call_detail", call.pk)).status_code == 404
    assert client_for(viewer(Duty.MP)).get(url("call_detail", call.pk)).status_code == 404
    assert client_for(viewer(Duty.HS)).get(url("call_detail", call.pk)).status_code == 200


def test_headquarters_prepares_a_call_on_a_page(client_for: SignIn):
    pattern = CallFactory()
    client = client_for(viewer(Duty.HS))
    page = client.post(url("call_create"), typed(pattern, closes_on="令和8年11月1日")).content.decode()
    assert "締切日は受付開始日以後" in page
    answer = client.post(url("call_create"), typed(pattern))
    call = Call.objects.exclude(pk=pattern.pk).get()
    assert answer.url == url("call_detail", call.pk)
    assert (call.state, call.required_documents) == ("preparing", ["見積書", "協定書の写し"])
    client.post(url("call_edit", call.pk), typed(pattern, required_documents="見積書"))
    assert Call.objects.get(pk=call.pk).required_documents == ["見積書"]
    assert client_for(viewer(Duty.BM)).get(url("call_create")).status_code == 403


def test_headquarters_allots_opens_and_closes_on_the_page(client_for: SignIn):
    bureau = BureauFactory(code="sorachi")
    call = CallFactory(state="preparing")
    staff, decider = client_for(viewer(Duty.HS)), client_for(viewer(Duty.HM))
    assert "公開する" not in staff.get(url("call_detail", call.pk)).content.decode()
    assert staff.post(url("call_open", call.pk)).status_code == 403
    assert "配当を登録してから" in decider.post(url("call_open", call.pk), follow=True).content.decode()
    staff.post(url("call_allot", call.pk), {f"allot-{bureau.pk}": "3000万"})
    assert not CallAllotment.objects.exists()
    staff.post(url("call_allot", call.pk), {f"allot-{bureau.pk}": "30,000千円"})
    assert CallAllotment.objects.get().amount_yen == 30_000_000
    decider.post(url("call_open", call.pk))
    assert Call.objects.get().state == "open"
    decider.post(url("call_close", call.pk))
    assert Call.objects.get().state == "closed"


def test_the_bureaus_decider_admits_a_late_application_by_its_number(client_for: SignIn):
    scene = Scene()
    one = scene.application("ready")
    address = url("application_admit_late", scene.call.pk)
    head = client_for(scene.head())
    late = {"number": one.number, "reason": "大雨による庁舎の停電のため。"}
    assert "提出を待つ申請はありません" in head.post(address, late).content.decode()  # not late yet
    Call.objects.filter(pk=scene.call.pk).update(closes_on=clock.today() - timedelta(days=1))
    assert client_for(scene.reviewer()).post(address, late).status_code == 403
    nemuro = client_for(viewer(Duty.BM, bureau="nemuro"))
    assert "提出を待つ申請はありません" in nemuro.post(address, late).content.decode()
    assert one.number not in head.get(url("call_detail", scene.call.pk)).content.decode()
    head.post(address, late)
    one.refresh_from_db()
    assert (one.late_admitted, one.late_reason) == (True, "大雨による庁舎の停電のため。")
