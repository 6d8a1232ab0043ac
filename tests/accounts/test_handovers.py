"""The hand-over each April: prepared by staff, confirmed in one step, undone while untouched."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts import services
from accounts.handing_over import left_without, sheet_of
from accounts.models import Handover, Post, User
from accounts.services import HandoverDraft, Move
from common import audit, notices
from common.errors import Conflict, Refused
from common.viewer import Duty, OfficeKind, Viewer
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

TOWN, APRIL = OfficeKind.MUNICIPALITY, date(2027, 4, 1)


@pytest.fixture(autouse=True)
def _today(settings) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def town(db: None) -> dict[str, Viewer]:
    """長沼町: an approver, a planner who leaves, and one who comes from the field department."""
    return {
        "approver": saved(viewer(Duty.MA)),
        "leaving": saved(viewer(Duty.MP, name="去る人")),
        "coming": saved(viewer(Duty.MF, name="来る人")),
    }


def post_of(person: Viewer, duty: Duty = Duty.MP) -> Post:
    return Post.objects.get(user=person.user_id, duty=duty, valid_to=None)


def prepared(town: dict[str, Viewer], on: date = APRIL, **more) -> Handover:
    move = Move(post_of(town["leaving"]).pk, town["coming"].user_id)
    return services.prepare_handover(HandoverDraft(TOWN, "014281", on, (move,), **more), viewer=town["leaving"])


def holders(duty: Duty, on: date) -> list[int]:
    return list(Post.objects.held(on).filter(duty=duty, office__code="014281").values_list("user", flat=True))


def test_nothing_moves_until_the_approver_confirms_and_then_from_the_day_on(town):
    handover = prepared(town)
    assert holders(Duty.MP, APRIL) == [town["leaving"].user_id]
    with pytest.raises(PermissionDenied):
        services.confirm_handover(handover.pk, viewer=town["leaving"])
    services.confirm_handover(handover.pk, viewer=town["approver"])
    assert holders(Duty.MP, date(2027, 3, 31)) == [town["leaving"].user_id]
    assert holders(Duty.MP, APRIL) == [town["coming"].user_id]
    assert notices.for_viewer(town["leaving"]).get().title == "異動の引継ぎが確定しました（令和9年4月1日から）"


def test_a_duty_may_end_without_a_successor_and_the_preview_says_what_is_lost(town):
    draft = HandoverDraft(TOWN, "014281", APRIL, (Move(post_of(town["approver"], Duty.MA).pk, None),))
    handover = services.prepare_handover(draft, viewer=town["leaving"])
    rows = list(handover.rows.all())
    assert left_without(handover, rows) == ["市町村 承認者"]
    services.confirm_handover(handover.pk, viewer=town["approver"])
    assert holders(Duty.MA, APRIL) == []


def test_only_the_own_office_and_the_administrator(town):
    handover = prepared(town)
    stranger = saved(viewer(Duty.MA, municipality="012238"))
    with pytest.raises(Handover.DoesNotExist):
        services.confirm_handover(handover.pk, viewer=stranger)
    for person in (saved(viewer(Duty.HS)), saved(viewer(Duty.AU))):
        with pytest.raises(PermissionDenied):
            services.confirm_handover(handover.pk, viewer=person)
    with pytest.raises(PermissionDenied, match="自分の所属"):
        services.prepare_handover(HandoverDraft(TOWN, "014281", APRIL, ()), viewer=stranger)
    assert services.confirm_handover(handover.pk, viewer=saved(viewer(Duty.AD))).state == "confirmed"


def test_what_cannot_be_handed_over_is_refused(town):
    leaving, coming = post_of(town["leaving"]), town["coming"].user_id
    elsewhere = post_of(saved(viewer(Duty.MP, municipality="012238")))
    for moves, on, sentence in [
        ((), APRIL, "1つ以上"),
        ((Move(leaving.pk, leaving.user_id),), APRIL, "本人"),
        ((Move(elsewhere.pk, coming),), APRIL, "登録のない役割"),
        ((Move(leaving.pk, 999_999_999),), APRIL, "登録のない役割か利用者"),
        ((Move(leaving.pk, coming),), date(2026, 10, 1), "以後の日"),
    ]:
        with pytest.raises(Refused, match=sentence):
            services.prepare_handover(HandoverDraft(TOWN, "014281", on, moves), viewer=town["approver"])
    second = saved(viewer(Duty.MP, name="もう一人"))
    both = (Move(leaving.pk, coming), Move(post_of(second).pk, coming))
    with pytest.raises(Refused, match="2人から"):
        services.prepare_handover(HandoverDraft(TOWN, "014281", APRIL, both), viewer=town["approver"])
    with pytest.raises(Refused, match="すでに持っています"):
        services.prepare_handover(
            HandoverDraft(TOWN, "014281", APRIL, (Move(leaving.pk, second.user_id),)), viewer=town["approver"]
        )
    assert not Handover.objects.exists()


def test_what_changed_since_it_was_prepared_stops_the_confirmation_whole(town):
    handover = prepared(town)
    User.objects.filter(pk=town["coming"].user_id).update(is_active=False)
    with pytest.raises(Refused, match="利用できない利用者"):
        services.confirm_handover(handover.pk, viewer=town["approver"])
    Post.objects.filter(user=town["leaving"].user_id).update(valid_to=date(2027, 1, 31))
    with pytest.raises(Refused, match="続く役割ではありません"):
        services.confirm_handover(handover.pk, viewer=town["approver"])
    assert Handover.objects.get().state == "prepared"


def test_two_people_prepare_one_hand_over_and_the_second_is_told(town):
    handover = prepared(town)
    draft = HandoverDraft(TOWN, "014281", APRIL, (Move(post_of(town["leaving"]).pk, None),))
    services.change_handover(handover.pk, draft, revision=1, viewer=town["approver"])
    with pytest.raises(Conflict):
        services.change_handover(handover.pk, draft, revision=1, viewer=town["leaving"])
    services.discard_handover(handover.pk, viewer=town["leaving"])
    assert not Handover.objects.exists()


def test_it_is_undone_while_nobody_has_acted_in_the_new_duty(town, settings):
    handover = prepared(town)
    services.confirm_handover(handover.pk, viewer=town["approver"])
    with pytest.raises(Refused, match="理由"):
        services.undo_handover(handover.pk, reason=" ", viewer=town["approver"])
    services.undo_handover(handover.pk, reason="内示の変更", viewer=town["approver"])
    assert holders(Duty.MP, APRIL) == [town["leaving"].user_id]
    assert Post.objects.get(user=town["leaving"].user_id).valid_to is None
    with pytest.raises(Refused, match="「取消」"):
        services.undo_handover(handover.pk, reason="もう一度", viewer=town["approver"])
    again = prepared(town)
    services.confirm_handover(again.pk, viewer=town["approver"])
    settings.DEMO_DATE = "2027-04-02"
    worn = viewer(Duty.MP, name="来る人", user_id=town["coming"].user_id)
    audit.record(worn, "region.rename", ("regions.region", "A01"), "名称を変更")
    with pytest.raises(Refused, match="来る人さんが「市町村 企画担当」として既に処理"):
        services.undo_handover(again.pk, reason="誤り", viewer=town["approver"])


def test_a_post_that_was_changed_since_is_not_taken_back(town):
    handover = prepared(town)
    services.confirm_handover(handover.pk, viewer=town["approver"])
    Post.objects.filter(user=town["coming"].user_id, duty=Duty.MP).update(valid_to=date(2028, 3, 31))
    with pytest.raises(Refused, match="引継ぎの後に変わっています"):
        services.undo_handover(handover.pk, reason="誤り", viewer=town["approver"])


def test_initiatives_of_a_field_officer_move_on_the_day_and_come_back_when_undone(db, settings):
    scene = Scene()
    item = scene.application("draft").items.get()
    old, new = saved(viewer(Duty.MF, name="前任")), saved(viewer(Duty.MP, name="後任"))
    approver = saved(viewer(Duty.MA))
    item.assignees.add(old.user_id or 0)
    sheet = sheet_of(TOWN, "014281", APRIL)
    assert sheet is not None
    assert [len(line.work) for line in sheet.lines if line.post.user_id == old.user_id] == [1]
    move = Move(post_of(old, Duty.MF).pk, new.user_id)
    handover = services.prepare_handover(HandoverDraft(TOWN, "014281", APRIL, (move,)), viewer=approver)
    services.confirm_handover(handover.pk, viewer=approver)
    assert [user.pk for user in item.assignees.all()] == [old.user_id]
    assert [services.move_due(date(2027, 3, 31)), services.move_due(APRIL), services.move_due(APRIL)] == [0, 1, 0]
    assert [user.pk for user in item.assignees.all()] == [new.user_id]
    services.undo_handover(handover.pk, reason="誤り", viewer=approver)
    assert [user.pk for user in item.assignees.all()] == [old.user_id]


def test_the_pages_lead_from_choosing_to_the_confirmed_hand_over(town):
    leaving, coming = post_of(town["leaving"]), town["coming"].user_id
    client = client_for(town["leaving"])
    page = client.get("/handovers/new/").content.decode()
    assert "令和9年4月1日" in page
    typed = {"office": "municipality:014281", "on": "令和9年4月1日", "people": "shiranai", "save": "1"}
    wrong = client.post("/handovers/new/", typed | {f"move-{leaving.pk}": str(coming)})
    assert wrong.status_code == 422
    assert "利用者ID「shiranai」" in wrong.content.decode()
    assert f'<option value="{coming}" selected>' in wrong.content.decode()
    typed["people"] = ""
    assert client.post("/handovers/new/", typed).status_code == 422
    assert "異動の日：" in client.post("/handovers/new/", typed | {"on": "来春"}).content.decode()
    assert client.get("/handovers/new/?office=bureau:sorachi").status_code == 403
    done = client.post("/handovers/new/", typed | {f"move-{leaving.pk}": str(coming)})
    handover = Handover.objects.get()
    assert done.url == f"/handovers/{handover.pk}/"
    shown = client.get(done.url).content.decode()
    assert "確定は、この所属の承認者" in shown
    edited = client.post(f"/handovers/{handover.pk}/edit/", typed | {"revision": "1", f"move-{leaving.pk}": "end"})
    assert edited.status_code == 302
    approver = client_for(town["approver"])
    assert "いなくなります" in approver.get(done.url).content.decode()
    approver.post(f"/handovers/{handover.pk}/confirm/")
    assert "取り消す理由" in approver.get(done.url).content.decode()
    assert approver.get(f"/handovers/{handover.pk}/edit/").status_code == 302
    approver.post(f"/handovers/{handover.pk}/undo/", {"reason": "内示の変更"})
    assert "取り消しました" in approver.get("/handovers/").content.decode() + approver.get(done.url).content.decode()


def test_the_administrator_chooses_the_office(town):
    page = client_for(viewer(Duty.AD)).get("/handovers/new/?office=municipality:014281").content.decode()
    assert "去る人" in page
    assert '<option value="municipality:014281" selected>' in page


def test_many_rows_ask_no_more_than_few(town):
    def grow() -> None:
        for number in range(5):
            person = saved(viewer(Duty.MP, name=f"担当{number}"))
            draft = HandoverDraft(TOWN, "014281", APRIL, (Move(post_of(person).pk, None),))
            services.prepare_handover(draft, viewer=town["approver"])

    grow()
    for address in ("/handovers/", "/handovers/new/"):
        assert_same_queries(client_for(town["approver"]), address, grow)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_confirmed_twice_at_once_it_happens_once(town):
    handover = prepared(town)
    answers: list[str] = []
    start = threading.Barrier(2)

    def confirm() -> None:
        try:
            start.wait(10)
            services.confirm_handover(handover.pk, viewer=town["approver"])
            answers.append("done")
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["done", "refused"]
    assert holders(Duty.MP, APRIL) == [town["coming"].user_id]
