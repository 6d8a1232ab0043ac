"""I-14 利用者: people and their posts from a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Office, Post, User
from common.models import AuditEvent
from common.sheets import importing
from common.viewer import Duty

from ..kinds import book, brought_in, checked, counts, found, sentences, text
from ..viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db
HEAD = ["利用者ID", "氏名", "所属コード", "役割", "開始日", "終了日", "メール"]
PLANNER = ["naganuma-01", "長沼　花子", "014281", "MP", "R8.4.1", "", "hanako@example.jp"]


@pytest.fixture
def keeper(db: None) -> Any:
    for kind, code, name, section in (
        ("municipality", "014281", "長沼町", ""), ("bureau", "sorachi", "空知総合振興局", "地域政策課"),
        ("prefecture", "01", "北海道", "広域連携担当"), ("prefecture", "01", "北海道", "出納局"),
        ("municipality", "062014", "山形市", ""),
    ):  # fmt: skip
        Office.objects.create(kind=kind, code=code, name=name, section=section)
    return saved(viewer(Duty.AD, section="システム管理"))


def posts(username: str) -> list[tuple[Any, ...]]:
    rows = Post.objects.filter(user__username=username).order_by("valid_from")
    return list(rows.values_list("office__code", "office__section", "duty", "valid_from", "valid_to"))


def test_a_new_person_can_do_nothing_until_a_password_is_handed_over(keeper: Any):
    run = brought_in(
        "I-14",
        book(HEAD, PLANNER, ["naganuma-01", "長沼　花子", "14281", "市町村 承認者", "R8.4.1", "", "hanako@example.jp"]),
        keeper,
    )
    person = User.objects.get(username="naganuma-01")
    assert (person.display_name, person.email, person.has_usable_password()) == (
        "長沼　花子",
        "hanako@example.jp",
        False,
    )
    assert (person.is_staff, person.is_superuser, person.is_sample, person.is_active) == (False, False, False, True)
    assert posts("naganuma-01") == [
        ("014281", "", "MP", date(2026, 4, 1), None),
        ("014281", "", "MA", date(2026, 4, 1), None),
    ]
    importing.undo(run, keeper)
    assert not User.objects.filter(username="naganuma-01").exists()


def test_the_same_sheet_twice_changes_nothing_and_is_one_event_each(keeper: Any):
    brought_in("I-14", text(HEAD, PLANNER), keeper)
    before = AuditEvent.objects.filter(action__startswith="sheet.").count()
    run = checked("I-14", text(HEAD, PLANNER), keeper)
    assert counts(run) == (0, 0, 1, 0)
    assert AuditEvent.objects.filter(action__startswith="sheet.").count() == before + 2  # started, compared


def test_rotation_ends_one_post_and_begins_the_next(keeper: Any):
    brought_in("I-14", book(HEAD, PLANNER), keeper)
    run = brought_in(
        "I-14",
        book(
            HEAD,
            [*PLANNER[:5], "R9.3.31", PLANNER[6]],
            ["naganuma-01", "長沼　花子", "空知総合振興局", "BS", "R9.4.1", "", "hanako@example.jp"],
        ),
        keeper,
    )
    assert counts(run) == (1, 1, 0, 0)
    assert posts("naganuma-01") == [
        ("014281", "", "MP", date(2026, 4, 1), date(2027, 3, 31)),
        ("sorachi", "地域政策課", "BS", date(2027, 4, 1), None),
    ]
    importing.undo(run, keeper)
    assert posts("naganuma-01") == [("014281", "", "MP", date(2026, 4, 1), None)]
    assert User.objects.filter(username="naganuma-01").exists()


def test_a_sheet_without_mail_and_last_day_leaves_both(keeper: Any):
    brought_in("I-14", book(HEAD, [*PLANNER[:5], "R9.3.31", PLANNER[6]]), keeper)
    brought_in("I-14", book(HEAD[:5], ["naganuma-01", "長沼　華子", "014281", "MP", "R8.4.1"]), keeper)
    person = User.objects.get(username="naganuma-01")
    assert (person.display_name, person.email, posts("naganuma-01")[0][4]) == (
        "長沼　華子",
        "hanako@example.jp",
        date(2027, 3, 31),
    )


def test_an_office_with_several_sections_needs_one(keeper: Any):
    head = [*HEAD, "課・係"]
    row = ["suito-02", "出納　次郎", "01", "AC", "R8.4.1", "", ""]
    run = checked("I-14", book(HEAD, row), keeper)
    assert found(run, keeper) == [(2, "課・係", "E-44")]
    assert "広域連携担当" in sentences(run, keeper)[0]
    brought_in("I-14", book(head, [*row, "出納局"]), keeper)
    assert posts("suito-02") == [("01", "出納局", "AC", date(2026, 4, 1), None)]


@pytest.mark.parametrize(
    ("row", "place", "id"),
    [
        (["naganuma/01", "長沼　花子", "014281", "MP", "R8.4.1", "", ""], "利用者ID", "E-64"),
        (["", "長沼　花子", "014281", "MP", "R8.4.1", "", ""], "利用者ID", "E-05"),
        (["n", "", "014281", "MP", "R8.4.1", "", ""], "氏名", "E-05"),
        (["n", "長沼　花子", "014282", "MP", "R8.4.1", "", ""], "所属コード", "E-06"),
        (["n", "長沼　花子", "012238", "MP", "R8.4.1", "", ""], "所属コード", "E-07"),
        (["n", "長沼　花子", "東空知", "MP", "R8.4.1", "", ""], "所属コード", "E-61"),
        (["n", "長沼　花子", "014281", "町長", "R8.4.1", "", ""], "役割", "E-44"),
        (["n", "長沼　花子", "014281", "BS", "R8.4.1", "", ""], "役割", "E-64"),
        (["n", "長沼　花子", "062014", "MP", "R8.4.1", "", ""], "所属コード", "E-18"),
        (["n", "長沼　花子", "014281", "MP", "春から", "", ""], "開始日", "E-11"),
        (["n", "長沼　花子", "014281", "MP", "R8.4.1", "R8.3.31", ""], "終了日", "E-14"),
        (["n", "長沼　花子", "014281", "MP", "R8.4.1", "", "hanako@"], "メール", "E-64"),
        (["naganuma-01", "長沼　花子", "014281", "MP", "R8.10.1", "", "hanako@example.jp"], "開始日", "E-15"),
    ],
)  # fmt: skip
def test_each_fault_names_its_cell(keeper: Any, row: list[Any], place: str, id: str):
    brought_in("I-14", book(HEAD, PLANNER), keeper)
    assert found(checked("I-14", book(HEAD, row), keeper), keeper) == [(2, place, id)]


def test_one_person_has_one_name(keeper: Any):
    other = ["naganuma-01", "長沼　太郎", "014281", "MA", "R8.4.1", "", "hanako@example.jp"]
    run = checked("I-14", book(HEAD, PLANNER, other), keeper)
    assert found(run, keeper) == [(3, "氏名", "E-63")]
    assert sentences(run, keeper)[0].startswith("3行目：2行目の「長沼　花子」と異なります。")


@pytest.mark.parametrize("duty", [Duty.MP, Duty.MA, Duty.BM, Duty.HS, Duty.HM, Duty.AU])
def test_only_the_administrator_brings_people_in(keeper: Any, duty: Duty):
    with pytest.raises(PermissionDenied):
        importing.start(book(HEAD, PLANNER), kind="I-14", viewer=saved(viewer(duty)))


def test_who_signed_in_meanwhile_stays_as_a_person(keeper: Any):
    run = brought_in("I-14", book(HEAD, PLANNER), keeper)
    person = User.objects.get(username="naganuma-01")
    client = client_for(keeper)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=person.pk).update(last_login=run.confirmed_at)
    importing.undo(run, keeper)
    assert (User.objects.filter(pk=person.pk).exists(), posts("naganuma-01")) == (True, [])
