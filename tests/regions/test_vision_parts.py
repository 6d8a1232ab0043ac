"""A vision is written part by part; nobody's words are lost, and only what belongs to it gets in."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Conflict, Refused
from common.models import AuditEvent
from regions import services
from regions.models import Project, Vision
from regions.services import ItemPart, ProjectDraft, VisionTexts
from regions.vision_check import lacks
from tests.factories.regions import AgreementFactory, KpiFactory, ProjectFactory, VisionFactory

DAY = date(2026, 11, 21)
TEXTS = VisionTexts(
    "南空知連携ビジョン", 2026, 2030, future_image="支え合う地域", issues="職員の不足", aims="共同で守る"
)


@pytest.fixture
def vision(world):
    return services.create_vision(
        world.region.pk, services.VisionDraft("南空知連携ビジョン", "", 2026, 2030), viewer=world.planner()
    )


@pytest.fixture
def item(world, vision):
    project = ProjectFactory(region=world.region, name="合同の避難訓練", outline="訓練を行う")
    return services.add_vision_item(vision.pk, project.pk, revision=1, viewer=world.planner())


def revision(vision: Vision) -> int:
    return Vision.objects.get(pk=vision.pk).revision


class TestTexts:
    def test_each_save_counts_and_is_on_record_with_both_texts(self, world, vision):
        services.save_vision_texts(vision.pk, TEXTS, revision=1, viewer=world.planner())
        vision.refresh_from_db()
        assert (vision.revision, vision.issues, vision.aims) == (2, "職員の不足", "共同で守る")
        event = AuditEvent.objects.filter(action="vision.edit").latest("id")
        assert (event.before["issues"], event.after["issues"]) == ("", "職員の不足")

    def test_a_second_writer_is_stopped_and_writes_nothing(self, world, vision):
        services.save_vision_texts(vision.pk, TEXTS, revision=1, viewer=world.planner())
        other = VisionTexts("別の題名", 2026, 2030)
        with pytest.raises(Conflict, match="ほかの人がこのビジョンを更新"):
            services.save_vision_texts(vision.pk, other, revision=1, viewer=world.planner(world.yuni))
        vision.refresh_from_db()
        assert vision.title == "南空知連携ビジョン"

    @pytest.mark.parametrize(
        ("texts", "sentence"),
        [
            (VisionTexts(" ", 2026, 2030), "題名"),
            (VisionTexts("題", 2030, 2026), "終了年度が開始年度より前"),
            (VisionTexts("題", 2026, 2046), "20年まで"),
            (VisionTexts("題", 2026, 2030, agreement_id=999), "この地域の協定ではありません"),
        ],
    )
    def test_what_cannot_be_is_refused(self, world, vision, texts, sentence):
        with pytest.raises(Refused, match=sentence):
            services.save_vision_texts(vision.pk, texts, revision=1, viewer=world.planner())

    def test_a_shorter_term_that_would_lose_costs_is_refused_with_the_years(self, world, vision, item):
        services.save_vision_costs(vision.pk, {item.pk: {2030: 1_000}}, revision=2, viewer=world.planner())
        with pytest.raises(Refused, match="令和12年度に事業費があります"):
            services.save_vision_texts(vision.pk, VisionTexts("題", 2026, 2029), revision=3, viewer=world.planner())

    def test_only_planners_of_members_write_and_only_before_adoption(self, world, vision):
        for person in (world.reviewer(), world.head(), world.staff(), world.approver()):
            with pytest.raises((PermissionDenied, Vision.DoesNotExist)):
                services.save_vision_texts(vision.pk, TEXTS, revision=1, viewer=person)
        adopted = VisionFactory(region=world.region, version=9)
        with pytest.raises(Refused, match="「策定済」のビジョンは書き換えられません"):
            services.save_vision_texts(adopted.pk, TEXTS, revision=1, viewer=world.planner())


class TestItems:
    def test_an_initiative_brings_its_outline_along(self, item):
        assert (item.outline, item.order) == ("訓練を行う", 1)

    def test_a_new_one_is_registered_with_the_region_at_once(self, world, vision):
        new = ProjectDraft(name="共同の採用", from_fy=2026)
        item = services.add_vision_item(vision.pk, new, revision=1, viewer=world.planner())
        assert Project.objects.get(name="共同の採用").region == world.region
        assert item.project.name == "共同の採用"

    def test_twice_foreign_or_merged_is_refused(self, world, vision, item):
        merged = ProjectFactory(region=world.region, state=Project.State.MERGED)
        for project, sentence in ((item.project, "もう載って"), (ProjectFactory(), "この地域"), (merged, "この地域")):
            with pytest.raises(Refused, match=sentence):
                services.add_vision_item(vision.pk, project.pk, revision=2, viewer=world.planner())

    def test_one_initiative_is_saved_with_what_it_is_and_who_does_what(self, world, vision, item):
        part = ItemPart(
            outline="合同で訓練する",
            roles="輪番",
            parts={world.naganuma.pk: "事務局", world.yuni.pk: " 会場 "},
            main_field="disaster",
            secretariat=world.yuni.pk,
            participants=(world.yuni.pk, world.naganuma.pk),
        )
        services.save_vision_item(vision.pk, item.pk, part, revision=2, viewer=world.planner())
        item.refresh_from_db()
        assert (item.outline, item.roles) == ("合同で訓練する", "輪番")
        assert dict(item.parts.values_list("municipality", "role")) == {"014281": "事務局", "014273": "会場"}
        project = Project.objects.get(pk=item.project_id)
        assert (project.main_field_id, project.secretariat_id) == ("disaster", world.yuni.pk)
        assert project.participants.count() == 2
        assert AuditEvent.objects.filter(action="project.update").count() == 1

    def test_saving_it_unchanged_leaves_the_initiative_and_the_log_alone(self, world, vision, item):
        part = ItemPart(outline="訓練を行う")
        services.save_vision_item(vision.pk, item.pk, part, revision=2, viewer=world.planner())
        before = AuditEvent.objects.count()
        services.save_vision_item(vision.pk, item.pk, part, revision=3, viewer=world.planner())
        assert AuditEvent.objects.count() == before

    def test_a_stranger_has_no_role_but_a_former_member_keeps_hers(self, world, vision, item):
        with pytest.raises(Refused, match="別海町は、この地域の構成市町村ではありません"):
            part = ItemPart(outline="", parts={world.betsukai.pk: "会場"})
            services.save_vision_item(vision.pk, item.pk, part, revision=2, viewer=world.planner())
        part = ItemPart(outline="", parts={world.yuni.pk: "会場"})
        services.save_vision_item(vision.pk, item.pk, part, revision=2, viewer=world.planner())
        world.region.memberships.filter(municipality=world.yuni).update(left_on=date(2026, 3, 31))
        services.save_vision_item(vision.pk, item.pk, part, revision=3, viewer=world.planner())
        assert item.parts.get().role == "会場"

    def test_the_order_changes_one_place_at_a_time(self, world, vision, item):
        for name in ("二", "三"):
            new = ProjectDraft(name=name, from_fy=2026)
            services.add_vision_item(vision.pk, new, revision=revision(vision), viewer=world.planner())
        third = vision.items.last()
        services.move_vision_item(vision.pk, third.pk, up=True, revision=revision(vision), viewer=world.planner())
        assert [row.project.name for row in vision.items.all()] == ["合同の避難訓練", "三", "二"]
        services.move_vision_item(vision.pk, item.pk, up=True, revision=revision(vision), viewer=world.planner())
        assert vision.items.first() == item
        with pytest.raises(Refused, match="ほかの人が外しました"):
            services.move_vision_item(vision.pk, 999, up=True, revision=revision(vision), viewer=world.planner())

    def test_taking_one_out_is_on_record_with_everything_it_held(self, world, vision, item):
        services.save_vision_costs(vision.pk, {item.pk: {2026: 3_000_000}}, revision=2, viewer=world.planner())
        with pytest.raises(Conflict):
            services.remove_vision_item(vision.pk, item.pk, revision=2, viewer=world.planner(world.yuni))
        services.remove_vision_item(vision.pk, item.pk, revision=3, viewer=world.planner())
        event = AuditEvent.objects.filter(action="vision.edit").latest("id")
        assert event.before["costs"] == {"2026": 3_000_000}
        assert Project.objects.filter(name="合同の避難訓練").exists()
        with pytest.raises(Refused, match="ビジョンから外しました"):
            part = ItemPart(outline="")
            services.save_vision_item(vision.pk, item.pk, part, revision=4, viewer=world.planner())


class TestCosts:
    def test_cells_are_set_emptied_and_those_not_named_stay(self, world, vision, item):
        person = world.planner()
        services.save_vision_costs(vision.pk, {item.pk: {2026: 3_000_000, 2027: 1_500}}, revision=2, viewer=person)
        services.save_vision_costs(vision.pk, {item.pk: {2026: None, 2028: 0}}, revision=3, viewer=person)
        assert dict(item.costs.values_list("fiscal_year", "amount_yen")) == {2027: 1_500, 2028: 0}

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [({2031: 1}, "期間の外"), ({2026: -1}, "0以上"), ({"other": 1}, "このビジョンにない取組")],
    )
    def test_what_cannot_be_is_refused(self, world, vision, item, cells, sentence):
        costs = {999: {2026: 1}} if "other" in cells else {item.pk: cells}
        with pytest.raises(Refused, match=sentence):
            services.save_vision_costs(vision.pk, costs, revision=2, viewer=world.planner())


class TestLacks:
    def said(self, vision, *, must=None):
        return [one.text for one in lacks(vision, DAY) if must is None or one.must == must]

    def test_an_empty_draft_lacks_what_blocks_adoption_first(self, world, vision):
        assert self.said(vision, must=True) == [
            "取組を1つ以上載せてください。",
            "目指す将来像を入力してください。",
            "策定日に効力のある地域連携協定がありません。",
        ]
        assert self.said(vision, must=False) == ["課題が書かれていません。", "目指す姿が書かれていません。"]

    def test_an_initiative_says_what_is_thin_and_in_which_years(self, world, vision, item):
        item.project.to_fy = 2027
        item.project.save()
        services.save_vision_costs(vision.pk, {item.pk: {2026: 1_000}}, revision=2, viewer=world.planner())
        assert [text for text in self.said(vision, must=False) if "避難訓練" in text] == [
            "「合同の避難訓練」の主な分野が選ばれていません。",
            "「合同の避難訓練」の役割分担が書かれていません。",
            "「合同の避難訓練」の事業費が空欄です（R9）。",
            "「合同の避難訓練」のKPIがありません。",
        ]

    def test_a_whole_vision_lacks_nothing(self, world, vision, item, django_assert_num_queries):
        AgreementFactory(region=world.region)
        services.save_vision_texts(vision.pk, TEXTS, revision=2, viewer=world.planner())
        part = ItemPart(outline="訓練", roles="輪番", main_field="disaster")
        services.save_vision_item(vision.pk, item.pk, part, revision=3, viewer=world.planner())
        years = dict.fromkeys(range(2026, 2031), 1_000)
        services.save_vision_costs(vision.pk, {item.pk: years}, revision=4, viewer=world.planner())
        KpiFactory(project=item.project)
        vision.refresh_from_db()
        with django_assert_num_queries(5):
            assert lacks(vision, DAY) == []
