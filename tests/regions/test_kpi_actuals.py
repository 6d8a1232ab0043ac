"""Writing actuals, many at once, and being asked for the ones that are missing."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from common.errors import Conflict, Refused
from common.models import AuditEvent, StoredFile
from common.viewer import Duty
from regions import services
from regions.kpi_due import actuals_due, is_asked
from regions.kpi_records import records_of, tally
from regions.models import Kpi, KpiActual
from regions.services import ActualEntry, KpiDraft
from tests.factories.regions import KpiFactory, ProjectFactory, VisionFactory
from tests.queries import queries_of

DRAFT = KpiDraft("参加した職員", "人", baseline=Decimal(0), baseline_fy=2025, target=Decimal(180), target_fy=2030)


@pytest.fixture
def kpi(world):
    return KpiFactory(project__region=world.region, project__from_fy=2024, baseline_fy=2023, data_source="参加者名簿")


def test_several_years_are_written_at_once_with_one_event_for_each_kpi(world, kpi):
    other = KpiFactory(project=kpi.project, name="研修の回数", unit="回")
    entries = [
        ActualEntry(kpi.pk, 2024, Decimal(40)),
        ActualEntry(kpi.pk, 2025, Decimal("88.5"), "研修の報告書"),
        ActualEntry(other.pk, 2025, Decimal(6), "研修の報告書"),
    ]
    before = AuditEvent.objects.count()
    assert services.record_actuals(entries, viewer=world.planner()) == [kpi, other]
    assert list(kpi.actuals.values_list("fiscal_year", "value", "evidence")) == [
        (2024, Decimal(40), "参加者名簿"),
        (2025, Decimal("88.5"), "研修の報告書"),
    ]
    titles = list(AuditEvent.objects.order_by("id").values_list("title", flat=True))[before:]
    assert titles == [
        "KPI「参加した職員」の令和6年度・令和7年度の実績を登録",
        "KPI「研修の回数」の令和7年度の実績を登録",
    ]
    kpi.refresh_from_db()
    assert kpi.revision == 2
    assert services.record_actuals(entries, viewer=world.planner()) == []


def test_one_wrong_year_keeps_everything_out(world, kpi):
    bare = KpiFactory(project=kpi.project, name="回数", unit="回")
    with pytest.raises(Refused) as refused:
        services.record_actuals(
            [
                ActualEntry(kpi.pk, 2024, Decimal(40)),
                ActualEntry(kpi.pk, 2027, Decimal(40)),
                ActualEntry(bare.pk, 2025, Decimal(1)),
            ],
            viewer=world.planner(),
        )
    assert refused.value.problems == [
        "KPI「参加した職員」の令和9年度：まだ始まっていない年度の実績は入力できません。",
        "KPI「回数」の令和7年度：実績の根拠を入力してください。",
    ]
    assert not KpiActual.objects.exists()


def test_an_actual_can_be_taken_out_unless_a_file_rests_on_it(world, kpi):
    planner = world.planner()
    services.record_actuals(
        [ActualEntry(kpi.pk, 2024, Decimal(40)), ActualEntry(kpi.pk, 2025, Decimal(80))], viewer=planner
    )
    upload = SimpleUploadedFile("名簿.pdf", b"%PDF-1.4\n%%EOF\n")
    stored = services.attach_evidence(kpi.pk, fiscal_year=2025, upload=upload, viewer=planner)
    assert stored.label == "令和7年度の実績の根拠"
    services.record_actuals([ActualEntry(kpi.pk, 2024, None)], viewer=planner)
    with pytest.raises(Refused, match="先にファイルを外して"):
        services.record_actuals([ActualEntry(kpi.pk, 2025, None)], viewer=planner)
    services.detach_evidence(kpi.pk, stored.pk, viewer=planner)
    services.record_actuals([ActualEntry(kpi.pk, 2025, None)], viewer=planner)
    assert not kpi.actuals.exists()
    assert StoredFile.objects.get().removed_at is not None


def test_a_file_needs_an_actual_to_rest_under(world, kpi):
    upload = SimpleUploadedFile("名簿.pdf", b"%PDF-1.4\n%%EOF\n")
    with pytest.raises(Refused, match="令和7年度の実績を先に"):
        services.attach_evidence(kpi.pk, fiscal_year=2025, upload=upload, viewer=world.planner())


def test_whoever_saw_an_older_state_is_told(world, kpi):
    mine, hers = world.planner(), world.planner(world.yuni)
    seen = {kpi.pk: kpi.revision}
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(40))], viewer=mine, revisions=seen)
    with pytest.raises(Conflict, match="ほかの人が先に更新"):
        services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(41))], viewer=hers, revisions=seen)
    with pytest.raises(Conflict):
        services.set_kpi(kpi.project_id, DRAFT, viewer=hers, number=kpi.number, revision=1)
    assert kpi.actuals.get().value == 40


def test_only_members_planners_write_and_field_officers_what_was_given_to_them(world, kpi, viewer):
    officer = viewer(Duty.MF, municipality="014281")
    entry = ActualEntry(kpi.pk, 2025, Decimal(40))
    for person in (officer, world.reviewer(), world.staff(), world.approver()):
        with pytest.raises(PermissionDenied):
            services.record_actuals([entry], viewer=person)
    with pytest.raises(PermissionDenied):
        services.record_actuals([entry], viewer=officer, entrusted={kpi.project_id + 1})
    with pytest.raises(PermissionDenied):
        services.record_actuals([entry], viewer=world.planner(world.betsukai))
    services.record_actuals([entry], viewer=officer, entrusted={kpi.project_id})
    assert kpi.actuals.get().value == 40


def test_a_plan_saved_as_it_stands_counts_as_no_change(world):
    project = ProjectFactory(region=world.region)
    kpi = services.set_kpi(project.pk, DRAFT, viewer=world.planner())
    before = AuditEvent.objects.count()
    services.set_kpi(project.pk, DRAFT, number=kpi.number, viewer=world.planner())
    kpi.refresh_from_db()
    assert (kpi.revision, AuditEvent.objects.count()) == (1, before)


def test_a_form_that_does_not_ask_leaves_cumulative_as_it_is(world):
    project = ProjectFactory(region=world.region)
    kpi = services.set_kpi(project.pk, KpiDraft(**{**vars(DRAFT), "cumulative": True}), viewer=world.planner())
    again = services.set_kpi(project.pk, KpiDraft(**{**vars(DRAFT), "unit": "名"}), number=1, viewer=world.planner())
    assert (kpi.cumulative, again.cumulative, again.unit) == (True, True, "名")


@pytest.mark.parametrize(("direction", "target"), [("up", -1), ("down", 1)])
def test_a_target_on_the_wrong_side_of_the_baseline_is_refused(world, direction, target):
    project = ProjectFactory(region=world.region)
    wrong = KpiDraft(**{**vars(DRAFT), "direction": direction, "target": Decimal(target)})
    with pytest.raises(Refused, match="逆の向き"):
        services.set_kpi(project.pk, wrong, viewer=world.planner())


def test_the_office_of_the_initiative_is_asked_once_its_year_is_over(world, viewer):
    own = KpiFactory(
        project__region=world.region, project__secretariat=world.yuni, project__from_fy=2026, baseline_fy=2025
    )
    asked, lead = world.planner(world.yuni), world.planner()
    assert actuals_due(asked, on=date(2027, 3, 31)) == []
    (line,) = actuals_due(asked, on=date(2027, 4, 1))
    assert (line.region, line.kpis, line.years, line.since) == (world.region, (own.pk,), (2026,), date(2027, 4, 1))
    assert line.title == "KPIの実績の入力（令和8年度、1件）"
    assert actuals_due(lead, on=date(2027, 4, 1)) == []
    officer = viewer(Duty.MF, municipality="014281")
    assert actuals_due(officer, on=date(2027, 4, 1)) == []
    assert len(actuals_due(officer, assigned={own.project_id}, on=date(2027, 4, 1))) == 1
    KpiActual.objects.create(kpi=own, fiscal_year=2026, value=1)
    assert actuals_due(asked, on=date(2027, 4, 1)) == []


def test_without_an_office_the_lead_is_asked_and_a_region_that_ended_is_not(world):
    KpiFactory(project__region=world.region, project__from_fy=2024, baseline_fy=2023)
    (line,) = actuals_due(world.planner())
    assert line.years == (2024, 2025)
    assert actuals_due(world.planner(world.yuni)) == []
    assert actuals_due(world.reviewer()) == []
    world.region.state = "ended"
    world.region.save()
    assert actuals_due(world.planner()) == []


def test_the_tally_counts_every_kpi_once_in_few_queries(world):
    project = ProjectFactory(region=world.region, from_fy=2024)
    for number in range(6):
        made = KpiFactory(project=project, baseline_fy=2023, target=100, target_fy=2027)
        if number < 4:
            KpiActual.objects.create(kpi=made, fiscal_year=2025, value=20 * number)
    KpiFactory(
        project=project, target=None, qualifier="all", unit="市町村", baseline=0, baseline_fy=2026, target_fy=2029
    )
    records = records_of(Kpi.objects.of_region(world.region.pk))
    assert {one.value: many for one, many in tally(records).items()} == {
        "on_path": 1,
        "short": 3,
        "missing": 2,
        "open": 0,
        "not_due": 1,
    }
    assert records[-1].whole == 2  # 長沼町 and 由仁町
    assert len(queries_of(lambda: tally(records_of(Kpi.objects.all())))) <= 4


def test_drafts_are_known_to_the_region_and_results_to_everyone(world, viewer, kpi):
    stranger, observer = world.planner(world.betsukai), viewer(Duty.OB)
    for person in (stranger, observer):
        assert not Kpi.objects.visible_to(person).exists()
    for person in (world.planner(), world.reviewer(), world.staff()):
        assert Kpi.objects.visible_to(person).get() == kpi
    vision = VisionFactory(region=world.region, state="draft", adopted_on=None)
    vision.items.create(project=kpi.project, order=0)
    assert not Kpi.objects.visible_to(observer).exists()
    vision.state, vision.adopted_on = "adopted", date(2024, 4, 1)
    vision.save()
    assert Kpi.objects.visible_to(observer).get() == Kpi.objects.visible_to(stranger).get() == kpi
    world.region.state = "idea"
    world.region.save()
    assert not Kpi.objects.visible_to(observer).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_at_one_kpi_at_the_same_moment_are_told_apart(world, kpi):
    """Both saw revision 1: one writes, the other reads that somebody was quicker; nothing is lost unseen."""
    told: list[str] = []
    begin = threading.Barrier(2)

    def write(person, value):
        begin.wait()
        try:
            services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(value))], viewer=person, revisions={kpi.pk: 1})
            told.append("written")
        except Conflict:
            told.append("conflict")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(person, value))
        for person, value in ((world.planner(), 40), (world.planner(world.yuni), 50))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["conflict", "written"]
    assert kpi.actuals.count() == 1


def test_who_is_asked_is_the_same_in_the_database_and_in_the_list_that_was_read(world, viewer):
    for secretariat in (world.yuni, world.naganuma, None):
        KpiFactory(
            project__region=world.region, project__from_fy=2024, project__secretariat=secretariat, baseline_fy=2023
        )
    records = records_of(Kpi.objects.all())
    given = {records[0].kpi.project_id}
    officer = viewer(Duty.MF, municipality="014281")
    for person, assigned in ((world.planner(), set()), (world.planner(world.yuni), set()), (officer, given)):
        asked = {pk for line in actuals_due(person, assigned=assigned) for pk in line.kpis}
        assert asked == {one.kpi.pk for one in records if is_asked(one, person, assigned)}
        assert asked
