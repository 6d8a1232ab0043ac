"""The pages of a region's life: proposing, changing, ending, sub-groups, posts, links."""

from __future__ import annotations

import pytest

from common import clock
from common.viewer import Duty
from regions import services
from regions.models import Region, RegionLink, SubGroup
from tests.factories.regions import AgreementFactory, ProjectFactory, RegionFactory, SubGroupFactory, VisionFactory
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

from .conftest import ended


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_planner_chooses_towns_first_and_then_names_the_region(world):
    client = client_for(world.planner())
    first = text_of(client.get("/regions/new/"))
    assert "1市町村を選択中：長沼町" in first
    assert "2つ以上選んでください" in first
    assert "別海町" in first
    alone = client.get("/regions/new/", {"member": "014281", "go": "1"})
    assert "手順1／2" in text_of(alone)
    second = text_of(client.get("/regions/new/", {"member": ["014281", "014290"], "go": "1"}))
    assert "手順2／2" in second
    assert "別海町" not in second
    typed = {"member": ["014281", "014290"], "name": "", "lead": "014281", "start": "令和8年11月1日"}
    wrong = client.post("/regions/new/", typed)
    assert wrong.status_code == 422
    assert 'value="014290"' in text_of(wrong)
    done = client.post("/regions/new/", typed | {"name": "長沼栗山連携地域"})
    region = Region.objects.get(name="長沼栗山連携地域")
    assert (done.url, region.state) == (f"/regions/{region.pk}/", "idea")


def test_name_type_and_lead_change_on_one_page(world):
    client = client_for(world.planner())
    address = f"/regions/{world.region.pk}/edit/"

    def post(act: str, revision: int, **typed: str):
        return client.post(
            address, {"act": act, f"{act}-revision": revision} | {f"{act}-{k}": v for k, v in typed.items()}
        )

    assert post("rename", 1, name="新名称", valid_from="R8.4.1").status_code == 302
    early = post("rename", 2, name="古い", valid_from="R4.4.1")
    assert early.status_code == 422
    assert "開始日より後の日" in text_of(early)
    assert post("type", 2, hub="014273").status_code == 302
    assert post("lead", 3, lead="014273", secretariat="014281").status_code == 302
    world.region.refresh_from_db()
    assert (world.region.name, world.region.lead, world.region.hub) == ("新名称", world.yuni, world.yuni)


def test_who_saves_second_reads_what_the_first_saved_and_may_take_her_own(world):
    services.set_lead(world.region.pk, lead="014273", viewer=world.planner(world.yuni))
    client, address = client_for(world.planner()), f"/regions/{world.region.pk}/edit/"
    typed = {"act": "lead", "lead-revision": "1", "lead-lead": "014281", "lead-secretariat": "014281"}
    second = client.post(address, typed)
    assert second.status_code == 422
    assert "いまの内容は「由仁町」です" in text_of(second)
    assert 'name="lead-revision" value="2"' in text_of(second)
    assert client.post(address, typed | {"lead-revision": "2"}).status_code == 302
    world.region.refresh_from_db()
    assert world.region.lead == world.naganuma


def test_an_idea_is_drawn_anew_and_a_formed_region_is_sent_to_its_agreement(world):
    client = client_for(world.planner())
    agreement = AgreementFactory(region=world.region)
    formed = text_of(client.get(f"/regions/{world.region.pk}/towns/"))
    assert f'href="/agreements/{agreement.pk}/"' in formed
    assert "この構成にする" not in formed
    Region.objects.update(state="idea")
    address = f"/regions/{world.region.pk}/towns/"
    assert "この構成にする" in text_of(client.get(address))
    alone = client.post(address, {"member": ["014281"], "lead": "014281", "save": "1"})
    assert alone.status_code == 422
    done = client.post(address, {"member": ["014281", "014290"], "lead": "014290", "save": "1"})
    assert done.status_code == 302
    world.region.refresh_from_db()
    assert world.region.lead == world.kuriyama


def test_the_lead_pauses_the_region_and_goes_on(world):
    client, address = client_for(world.approver()), f"/regions/{world.region.pk}/state/"
    page = text_of(client.get(address))
    assert "休止する：" in page
    assert "再開する：" not in page
    assert "引き継ぐ国の圏域" not in page
    typed = {"step": "pause", "on": "令和8年11月20日", "reason": ""}
    assert client.post(address, typed).status_code == 422
    assert client.post(address, typed | {"reason": "担当者の不足"}).status_code == 302
    page = text_of(client.get(address))
    assert "再開する：" in page
    assert "令和8年11月20日から" in page
    ended(world.region)
    assert "もう変えられません" in text_of(client.get(address))


def test_the_head_of_the_bureau_links_what_goes_on(world):
    later = RegionFactory(members=[world.naganuma, world.kuriyama], lead_bureau=world.sorachi)
    client, address = client_for(world.head()), f"/regions/{world.region.pk}/links/"
    assert client.post(address, {"zone": "", "successor": ""}).status_code == 422
    assert client.post(address, {"successor": later.pk, "continued": "on"}).status_code == 302
    link = RegionLink.objects.get()
    assert later.name in text_of(client.get(address))
    assert world.region.name in text_of(client.get(f"/regions/{later.pk}/links/"))
    remove = f"/regions/{world.region.pk}/links/{link.pk}/remove/"
    client.post(remove, {"reason": ""})
    assert RegionLink.objects.exists()
    client.post(remove, {"reason": "誤り"})
    assert not RegionLink.objects.exists()
    assert client.post(f"/regions/{later.pk}/links/{link.pk}/remove/", {"reason": "誤り"}).status_code == 404


def test_posts_are_chosen_on_a_grid_and_shares_are_shown_in_code_order(world):
    one, two = ProjectFactory(region=world.region), ProjectFactory(region=world.region)
    client, address = client_for(world.planner()), f"/regions/{world.region.pk}/posts/"
    typed = {"revision": "1", f"lead-{one.pk}": "", f"secretariat-{one.pk}": "014273"}
    typed |= {f"lead-{two.pk}": "014281", f"secretariat-{two.pk}": "014273"}
    assert client.post(address, typed).status_code == 302
    page = client.get(address)
    shares = [
        (share.town.name, share.leads, share.secretariats, share.percent) for share in page.context["grid"].shares
    ]
    assert shares == [("由仁町", 0, 2, 100), ("長沼町", 1, 0, 0)]
    late = client.post(address, typed | {f"secretariat-{one.pk}": "014281"})
    assert late.status_code == 422
    assert f"「{one.name}」のいまの代表は「なし」、事務局は「由仁町」です。" in text_of(late)
    assert client.post(address, {"revision": "x"}).status_code == 422
    assert "保存する" not in text_of(client_for(world.staff()).get(address))


def test_a_group_is_set_up_changed_decides_and_ends(world):
    client = client_for(world.planner())
    typed = {"name": "消防部会", "members": ["014281", "014273"], "chair": "014281", "set_up_on": "令和8年11月1日"}
    wrong = client.post(f"/regions/{world.region.pk}/groups/new/", typed | {"chair": ""})
    assert wrong.status_code == 422
    done = client.post(f"/regions/{world.region.pk}/groups/new/", typed)
    group = SubGroup.objects.get()
    assert done.url == f"/groups/{group.pk}/"
    assert "消防部会" in text_of(client.get(f"/regions/{world.region.pk}/groups/"))
    second = client.post(f"/groups/{group.pk}/edit/", typed | {"name": "防災部会", "revision": "9"})
    assert second.status_code == 422
    assert "いまの内容は「消防部会」です" in text_of(second)
    assert client.post(f"/groups/{group.pk}/edit/", typed | {"name": "防災部会", "revision": "1"}).status_code == 302
    decision = {"decided_on": "令和8年11月15日", "title": "共同訓練", "text": "申請する。", "attended": ["014281"]}
    assert client.post(f"/groups/{group.pk}/", decision | {"text": ""}).status_code == 422
    assert client.post(f"/groups/{group.pk}/", decision).status_code == 302
    assert "共同訓練" in text_of(client.get(f"/groups/{group.pk}/"))
    assert client.post(f"/groups/{group.pk}/end/", {"ended_on": "R8.11.20", "reason": ""}).status_code == 422
    client.post(f"/groups/{group.pk}/end/", {"ended_on": "R8.11.20", "reason": "統合"})
    assert "決定を記録する" not in text_of(client.get(f"/groups/{group.pk}/"))


def test_the_page_of_a_region_names_its_bureaus_and_asks_the_concurring_one(world):
    region = RegionFactory(members=[world.naganuma, world.betsukai], lead_bureau=world.sorachi)
    theirs = text_of(client_for(world.reviewer(world.nemuro)).get(f"/regions/{region.pk}/"))
    assert "この地域の関係振興局です" in theirs
    assert "この地域の関係振興局です" not in text_of(client_for(world.reviewer()).get(f"/regions/{region.pk}/"))
    client = client_for(world.reviewer(world.nemuro))
    whole = {"about": "region"}
    assert client.post(f"/regions/{region.pk}/comment/", whole | {"text": ""}).status_code == 422
    client.post(f"/regions/{region.pk}/comment/", whole | {"text": "運行時刻を調整してほしい。"})
    assert "運行時刻を調整" in text_of(client_for(world.planner()).get(f"/regions/{region.pk}/"))
    stranger = client_for(world.planner(world.kuriyama)).get(f"/regions/{region.pk}/")
    assert "運行時刻を調整" not in text_of(stranger)


def test_offices_say_something_about_a_version_of_the_agreement_or_the_vision(world):
    agreement = AgreementFactory(region=world.region, version=7, state="consent", consents="none")
    vision = VisionFactory(region=world.region, version=7, state="consulted")
    page = f"/regions/{world.region.pk}/comment/"
    bureau, department = client_for(world.reviewer()), client_for(saved(viewer(Duty.SD)))
    shown = text_of(bureau.get(f"{page}?about=vision-{vision.pk}"))
    assert "協定 第7版（同意確認中）" in shown
    assert "ビジョン 第7版（協議済）" in shown
    sent = bureau.post(page, {"about": f"agreement-{agreement.pk}", "text": "第4条の割合を確かめてください。"})
    assert sent.url == f"/agreements/{agreement.pk}/"
    assert (
        department.post(page, {"about": f"vision-{vision.pk}", "text": "搬送の計画と合わせてください。"}).status_code
        == 302
    )
    for about in ("region", f"agreement-{agreement.pk}"):
        assert department.post(page, {"about": about, "text": "意見"}).status_code == 422, (
            "a department speaks of visions"
        )
    assert bureau.post(page, {"about": "vision-999999", "text": "意見"}).status_code == 422
    planner = client_for(world.planner())
    assert "第4条の割合を確かめて" in text_of(planner.get(f"/agreements/{agreement.pk}/"))
    assert "搬送の計画と合わせて" in text_of(planner.get(f"/visions/{vision.pk}/"))
    assert "ビジョン 第7版" in text_of(planner.get(f"/regions/{world.region.pk}/"))
    vision.state, vision.adopted_on = "adopted", clock.today()
    vision.save()
    stranger = client_for(world.planner(world.kuriyama))
    assert "搬送の計画と合わせて" not in text_of(stranger.get(f"/visions/{vision.pk}/"))


@pytest.mark.parametrize("page", ["groups", "posts", "towns"])
def test_many_rows_ask_no_more_than_few(world, page: str):
    for _ in range(2):
        SubGroupFactory(region=world.region)
        ProjectFactory(region=world.region)

    def grow() -> None:
        for _ in range(10):
            SubGroupFactory(region=world.region)
            ProjectFactory(region=world.region)

    assert_same_queries(client_for(world.planner()), f"/regions/{world.region.pk}/{page}/", grow)
