"""The pages of KPIs: the grid that several people write, one indicator explained, and the roll-up."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.viewer import Duty
from regions import services
from regions.models import KpiActual
from regions.services import ActualEntry
from tests import exports
from tests.factories.regions import KpiFactory, ProjectFactory, RegionFactory, VisionFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def kpi(scene: Scene):
    """参加した職員: 0 (令和5年度) → 180 (令和8年度) of the region's initiative, measured from a register."""
    scene.project.from_fy = 2024
    scene.project.save()
    return KpiFactory(project=scene.project, number=90, baseline_fy=2023, data_source="参加者名簿")


def grid(scene: Scene) -> str:
    return f"/regions/{scene.region.pk}/kpis/"


def fields_of(client, address: str) -> dict[str, str]:
    """What the browser would post from the grid untouched."""
    context = client.get(address).context
    form = context["form"].form
    texts = {field.html_name: field.value() or "" for field in form}
    shown = {name: str(form.fields[name].prepare_value(value)) if value != "" else "" for name, value in texts.items()}
    return shown | {"base": context["base"], "seen": context["seen"], "revision": str(context["revision"])}


def test_a_planner_types_actuals_into_the_grid_and_takes_one_out(scene, kpi):
    client = client_for(scene.planner())
    typed = fields_of(client, grid(scene)) | {
        f"a{kpi.pk}-2024": "６０",
        f"a{kpi.pk}-2025": "▲1.5",
        f"e{kpi.pk}-2025": "報告書",
    }
    assert client.post(grid(scene), typed).status_code == 302
    assert list(kpi.actuals.values_list("fiscal_year", "value", "evidence")) == [
        (2024, Decimal(60), "参加者名簿"),
        (2025, Decimal("-1.5"), "報告書"),
    ]
    again = fields_of(client, grid(scene)) | {f"a{kpi.pk}-2024": "", f"e{kpi.pk}-2024": ""}
    assert client.post(grid(scene), again).status_code == 302
    assert kpi.actuals.get().fiscal_year == 2025


def test_every_wrong_cell_is_named_and_what_was_typed_stays(scene, kpi):
    client = client_for(scene.planner())
    typed = fields_of(client, grid(scene)) | {
        f"a{kpi.pk}-2024": "たくさん",
        f"e{kpi.pk}-2025": "報告書だけ",
        f"a{kpi.pk}-2026": "10",
    }
    page = client.post(grid(scene), typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "参加した職員　令和6年度の実績：数値ではありません（「たくさん」）。" in text
    assert "参加した職員　令和7年度の実績：実績値を入力してください。" in text
    assert 'value="たくさん"' in text
    assert not KpiActual.objects.exists()


def test_two_people_in_different_cells_are_brought_together(scene, kpi):
    client = client_for(scene.planner())
    typed = fields_of(client, grid(scene)) | {f"a{kpi.pk}-2024": "60"}
    colleague = saved(viewer(Duty.MP, municipality="014273"))
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(70))], viewer=colleague)
    assert client.post(grid(scene), typed).status_code == 302
    assert dict(kpi.actuals.values_list("fiscal_year", "value")) == {2024: 60, 2025: 70}


def test_two_people_in_the_same_cell_read_both_values_and_choose(scene, kpi):
    client = client_for(scene.planner())
    typed = fields_of(client, grid(scene)) | {f"a{kpi.pk}-2024": "60"}
    colleague = saved(viewer(Duty.MP, municipality="014273"))
    services.record_actuals([ActualEntry(kpi.pk, 2024, Decimal(70))], viewer=colleague)
    page = client.post(grid(scene), typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert "先に保存しました" in text
    assert kpi.actuals.get().value == 70
    (clash,) = [one for one in page.context["clashes"] if one.block == f"a{kpi.pk}-2024"]
    assert (clash.saved, clash.typed) == (["70"], ["60"])
    assert clash.label == "参加した職員　令和6年度の実績"
    after = typed | {"base": page.context["base"], "seen": page.context["seen"], "go": "here"}
    assert client.post(grid(scene), after).status_code == 302
    assert kpi.actuals.get().value == 60


def test_a_field_officer_writes_what_was_assigned_to_her_and_reads_the_rest(scene, kpi):
    application = scene.application()
    officer = saved(viewer(Duty.MF, municipality="014281"))
    other = KpiFactory(
        project=ProjectFactory(region=scene.region, from_fy=2024), name="別の指標", baseline_fy=2023, data_source="x"
    )
    client = client_for(officer)
    assert client.post(grid(scene), {}).status_code == 403
    application.items.get().assignees.add(officer.user_id)
    typed = fields_of(client, grid(scene))
    assert f"a{kpi.pk}-2025" in typed
    assert f"a{other.pk}-2025" not in typed
    assert client.post(grid(scene), typed | {f"a{kpi.pk}-2025": "90", f"a{other.pk}-2025": "1"}).status_code == 302
    assert kpi.actuals.get().value == 90
    assert not other.actuals.exists()
    assert client.get(f"{grid(scene)}{other.pk}/edit/").status_code == 403
    assert client.get(f"{grid(scene)}{kpi.pk}/edit/").status_code == 200
    assert client.get(f"{grid(scene)}form.xlsx").status_code == 403


def test_a_field_officer_reaches_her_grid_in_two_clicks(scene, kpi):
    application = scene.application()
    officer = saved(viewer(Duty.MF, municipality="014281"))
    application.items.get().assignees.add(officer.user_id)
    client = client_for(officer)
    first = client.get("/").content.decode()
    assert 'href="/kpis/"' in first
    second = client.get("/kpis/").content.decode()
    assert f'href="{grid(scene)}"' in second
    assert "KPIの実績の入力（令和6年度・令和7年度" in second


def test_a_planner_reaches_the_grid_in_two_clicks(scene, kpi):
    client = client_for(scene.planner())
    assert 'href="/regions/"' in client.get("/").content.decode()
    assert f'href="{grid(scene)}"' in client.get("/regions/").content.decode()


def test_one_indicator_says_where_it_stands_and_how_that_was_computed(scene, kpi):
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(90))], viewer=scene.planner())
    text = client_for(scene.planner()).get(f"{grid(scene)}{kpi.pk}/").content.decode()
    assert "令和7年度の実績90人は、計画の120人を30人下回っています。" in text
    assert (
        "目標の180人（令和8年度）に届くには、残り1年間、毎年度90人ずつ増やす必要があります（計画では60人ずつ）。"
        in text
    )
    assert "（実績 90 − 基準値 0）÷（目標値 180 − 基準値 0）＝ 90 ÷ 180 ＝ 50.0％" in text
    assert "<svg" in text


def test_an_actual_comes_with_its_file_and_the_file_can_be_taken_out(scene, kpi):
    client, address = client_for(scene.planner()), f"{grid(scene)}{kpi.pk}/"
    upload = SimpleUploadedFile("名簿.pdf", b"%PDF-1.4\n%%EOF\n")
    given = {"fiscal_year": "R7", "value": "90", "evidence": "", "upload": upload, "revision": "1"}
    assert client.post(address, given).status_code == 302
    page = client.get(address).content.decode()
    assert "名簿.pdf" in page
    (stored,) = [file for line in client.get(address).context["lines"] for file in line.files]
    assert client.get(f"{address}files/{stored.pk}/").status_code == 200
    assert client.post(f"{address}files/{stored.pk}/remove/").status_code == 302
    assert client.get(f"{address}files/{stored.pk}/").status_code == 404


def test_a_wrong_file_keeps_the_actual_out(scene, kpi):
    client, address = client_for(scene.planner()), f"{grid(scene)}{kpi.pk}/"
    upload = SimpleUploadedFile("名簿.exe", b"MZ")
    page = client.post(address, {"fiscal_year": "R7", "value": "90", "upload": upload})
    assert page.status_code == 422
    assert not kpi.actuals.exists()


def test_the_second_to_record_reads_what_the_first_wrote(scene, kpi):
    client, address = client_for(scene.planner()), f"{grid(scene)}{kpi.pk}/"
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(70))], viewer=scene.planner())
    page = client.post(address, {"fiscal_year": "R7", "value": "90", "revision": "1"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "ほかの人が先に更新しました" in text
    assert 'value="90"' in text
    assert "70" in text
    assert client.post(address, {"fiscal_year": "R7", "value": "90", "revision": "2"}).status_code == 302
    assert kpi.actuals.get().value == 90


def test_a_plan_is_written_changed_and_taken_out(scene):
    client, address = client_for(scene.planner()), grid(scene)
    given = {
        "project": str(scene.project.pk),
        "name": "転入者数－転出者数",
        "unit": "人",
        "kind": "outcome",
        "direction": "up",
        "baseline": "▲3,639",
        "baseline_fy": "R6",
        "target": "▲2,000",
        "qualifier": "",
        "target_fy": "R11",
    }
    wrong = client.post(f"{address}new/", given | {"target": "▲4,000"})
    assert wrong.status_code == 422
    assert "目標値が基準値と逆の向きです" in wrong.content.decode()
    assert client.post(f"{address}new/", given).status_code == 302
    made = scene.project.kpis.get(name="転入者数－転出者数")
    page = client.get(f"{address}{made.pk}/edit/")
    typed = {name: texts[0] for name, texts in json.loads(page.context["base"]).items()}
    typed |= {"cumulative": "on", "y2027": "▲3,000", "base": page.context["base"], "revision": "1"}
    assert client.post(f"{address}{made.pk}/edit/", typed).status_code == 302
    made.refresh_from_db()
    assert (made.cumulative, made.target, made.revision) == (True, -2000, 2)
    assert made.targets.get().value == -3000
    assert client.post(f"{address}{made.pk}/remove/").status_code == 302
    assert not scene.project.kpis.filter(pk=made.pk).exists()


def test_two_people_at_one_plan_read_both_texts(scene, kpi):
    client, address = client_for(scene.planner()), f"{grid(scene)}{kpi.pk}/edit/"
    page = client.get(address)
    typed = {name: texts[0] for name, texts in json.loads(page.context["base"]).items()}
    colleague = client_for(saved(viewer(Duty.MP, municipality="014273")))
    assert colleague.post(address, typed | {"target": "200", "base": page.context["base"]}).status_code == 302
    clashing = client.post(
        address, typed | {"target": "190", "base": page.context["base"], "seen": page.context["seen"]}
    )
    assert clashing.status_code == 422
    assert [(one.saved, one.typed) for one in clashing.context["clashes"]] == [(["200"], ["190"])]
    kpi.refresh_from_db()
    assert kpi.target == 200


def test_observers_read_results_of_adopted_visions_without_what_they_rest_on(scene, kpi):
    project = ProjectFactory(region=scene.region, from_fy=2024)
    kpi = KpiFactory(project=project, number=90, baseline_fy=2023)
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(90), "個人名の入った名簿")], viewer=scene.planner())
    observer = client_for(viewer(Duty.OB))
    assert observer.get(f"{grid(scene)}{kpi.pk}/").status_code == 404
    vision = VisionFactory(region=scene.region, adopted_on=date(2024, 4, 1), version=7)
    vision.items.create(project=project, order=0)
    page = observer.get(f"{grid(scene)}{kpi.pk}/").content.decode()
    assert "90" in page
    assert "個人名の入った名簿" not in page
    assert "変更の記録" not in page
    rows = exports.rows(observer, "/kpis/export/")
    assert not any("根拠" in heading for heading in rows[0])
    assert [row["最新の実績値"] for row in rows if row["取組コード"] == project.code] == ["90"]


def test_the_roll_up_counts_by_region_field_and_program(scene, kpi):
    services.record_actuals([ActualEntry(kpi.pk, 2025, Decimal(90))], viewer=scene.planner())
    page = client_for(viewer(Duty.HS)).get("/kpis/?standing=short")
    rollup = page.context["rollup"]
    assert [(group.name, group.total) for group in rollup.regions] == [(scene.region.name, 1)]
    assert sum(group.total for group in rollup.fields) == sum(group.total for group in rollup.by_program) == 1


def test_lists_ask_the_database_as_often_for_many_kpis_as_for_two(scene, kpi):
    KpiFactory(project=scene.project, baseline_fy=2023)
    client = client_for(scene.planner())

    def grow() -> None:
        for _ in range(3):
            project = ProjectFactory(
                region=RegionFactory(members=[scene.region.lead], lead_bureau=scene.region.lead_bureau)
            )
            for _ in range(4):
                made = KpiFactory(project=project, baseline_fy=2023)
                KpiActual.objects.create(kpi=made, fiscal_year=2025, value=3)
        for _ in range(10):
            KpiFactory(project=scene.project, baseline_fy=2023)

    assert_same_queries(client, "/kpis/", grow)
    assert_same_queries(client, grid(scene), lambda: KpiFactory(project=scene.project, baseline_fy=2023))
