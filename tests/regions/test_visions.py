"""A vision lists initiatives with their costs; it is adopted by the lead and easy to revise."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Refused
from regions import services
from regions.models import Vision
from regions.papers import issued_paper
from tests.factories.regions import AgreementFactory, ProjectFactory

DAY = date(2026, 10, 1)


@pytest.fixture
def draft(world):
    project = ProjectFactory(region=world.region, name="共同の避難所運営訓練")
    item = services.VisionItemDraft(project.pk, outline="訓練", roles="長沼町が事務局", costs={2026: 3_000_000})
    return services.VisionDraft(
        title="南空知連携ビジョン", future_image="支え合う地域", term_from_fy=2026, term_to_fy=2030, items=(item,)
    )


@pytest.fixture
def vision(world, draft):
    return services.create_vision(world.region.pk, draft, viewer=world.planner())


def test_a_draft_holds_its_initiatives_and_their_costs(world, vision):
    assert (vision.state, vision.version) == ("draft", 1)
    item = vision.items.get()
    assert (item.project.name, item.roles) == ("共同の避難所運営訓練", "長沼町が事務局")
    assert list(item.costs.values_list("fiscal_year", "amount_yen")) == [(2026, 3_000_000)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "題名"),
        ({"term_to_fy": 2025}, "終了年度が開始年度より前"),
        ({"costs": {2031: 1}}, "期間の外"),
        ({"costs": {2026: -1}}, "0以上"),
        ({"twice": True}, "2回"),
        ({"foreign": True}, "この地域の取組ではない"),
        ({"agreement_id": 999}, "この地域の協定ではありません"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_whole(world, draft, change, sentence):
    if "costs" in change:
        change = {"items": (replace(draft.items[0], costs=change["costs"]),)}
    elif "twice" in change:
        change = {"items": (*draft.items, draft.items[0])}
    elif "foreign" in change:
        change = {"items": (services.VisionItemDraft(ProjectFactory().pk),)}
    with pytest.raises(Refused, match=sentence):
        services.create_vision(world.region.pk, replace(draft, **change), viewer=world.planner())
    assert not Vision.objects.exists()


def test_it_is_adopted_by_the_leads_approver_under_the_agreement_of_that_day(world, vision):
    agreement = AgreementFactory(region=world.region)
    adopted = services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    assert (adopted.state, adopted.adopted_on, adopted.agreement) == ("adopted", DAY, agreement)
    paper = issued_paper("D-24", adopted)
    assert paper is not None and paper.issued_on == DAY
    assert paper.snapshot["initiatives"][0]["name"] == "共同の避難所運営訓練"


def test_what_was_printed_at_adoption_stays_though_the_initiative_changes(world, vision):
    AgreementFactory(region=world.region)
    adopted = services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    services.rename_project(vision.items.get().project_id, name="避難所訓練", from_fy=2026, viewer=world.planner())
    paper = issued_paper("D-24", adopted)
    assert paper is not None and paper.snapshot["initiatives"][0]["name"] == "共同の避難所運営訓練"


def test_it_is_not_adopted_without_an_agreement_in_force_that_day(world, vision):
    AgreementFactory(region=world.region, in_force_on=date(2026, 10, 2), signed_on=DAY)
    with pytest.raises(Refused, match="効力のある地域連携協定がありません"):
        services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())


def test_it_is_not_adopted_empty_or_in_the_future(world, draft):
    AgreementFactory(region=world.region)
    empty = replace(draft, items=(), future_image="")
    vision = services.create_vision(world.region.pk, empty, viewer=world.planner())
    with pytest.raises(Refused) as refused:
        services.adopt_vision(vision.pk, adopted_on=date(2026, 11, 22), viewer=world.approver())
    assert refused.value.problems == [
        "策定日に将来の日は指定できません。",
        "取組を1つ以上載せてください。",
        "目指す将来像を入力してください。",
    ]


def test_nobody_else_adopts(world, vision):
    AgreementFactory(region=world.region)
    for person in (world.planner(), world.approver(world.yuni), world.reviewer(), world.staff()):
        with pytest.raises((PermissionDenied, Vision.DoesNotExist)):
            services.adopt_vision(vision.pk, adopted_on=DAY, viewer=person)
    services.consult_vision(vision.pk, viewer=world.planner())
    with pytest.raises(PermissionDenied, match="代表市町村の承認者"):
        services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.head())


def test_a_revision_copies_everything_and_replaces_the_version_only_when_adopted(world, vision):
    AgreementFactory(region=world.region)
    services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    second = services.revise(vision.pk, viewer=world.planner())
    assert (second.version, second.state) == (2, "draft")
    assert list(second.items.get().costs.values_list("fiscal_year", "amount_yen")) == [(2026, 3_000_000)]
    assert Vision.objects.adopted(date(2026, 11, 21)).first() == vision
    services.adopt_vision(second.pk, adopted_on=date(2026, 11, 1), viewer=world.approver())
    vision.refresh_from_db()
    assert vision.state == "revised"
    assert Vision.objects.adopted(date(2026, 11, 1)).first() == second
    assert Vision.objects.adopted(date(2026, 10, 31)).first() == vision


def test_a_change_after_consultation_makes_it_a_draft_again(world, vision):
    services.consult_vision(vision.pk, viewer=world.planner())
    texts = services.VisionTexts("南空知連携ビジョン", 2026, 2030, aims="命を守る")
    changed = services.save_vision_texts(vision.pk, texts, revision=1, viewer=world.planner())
    assert (changed.state, changed.aims) == ("draft", "命を守る")


def test_an_adopted_version_is_frozen_and_one_version_is_made_at_a_time(world, vision, draft):
    AgreementFactory(region=world.region)
    with pytest.raises(Refused, match="作成中のビジョン"):
        services.create_vision(world.region.pk, draft, viewer=world.planner())
    services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    with pytest.raises(Refused, match="「策定済」"):
        texts = services.VisionTexts("改題", 2026, 2030)
        services.save_vision_texts(vision.pk, texts, revision=1, viewer=world.planner())


def test_the_bureau_head_notes_the_receipt(world, vision):
    AgreementFactory(region=world.region)
    services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    with pytest.raises(PermissionDenied):
        services.receive_vision(vision.pk, received_on=DAY, viewer=world.reviewer())
    with pytest.raises(PermissionDenied, match="主管振興局"):
        services.receive_vision(vision.pk, received_on=DAY, viewer=world.approver())
    assert services.receive_vision(vision.pk, received_on=DAY, viewer=world.head()).received_on == DAY
