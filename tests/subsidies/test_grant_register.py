"""交付金台帳 (D-31): one line an application with what was decided, paid and given back; who sees which; how it prints."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.documents import unissued
from common.models import Task
from common.viewer import Duty
from subsidies.grant_register import RegisterFilters, grants, lines_of, register_columns, summed, totals, with_life
from subsidies.models import Application, Payment
from subsidies.papers.register import register_paper
from subsidies.services import returns, revocations
from subsidies.views import register as register_views
from tests import exports
from tests.common.pdf import drawn_clean, pages_of, text_of
from tests.factories.subsidies import Scene
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

from .test_batches import several

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
LIST, PDF = "subsidies:register_list", "subsidies:register_pdf"


def paid(application: Application, kind: str, yen: int) -> None:
    person, today = saved(viewer(Duty.HM)), clock.today()
    Payment.objects.create(
        application=application,
        number=application.payments.count() + 1,
        kind=kind,
        state=Payment.State.PAID,
        amount_yen=yen,
        claimed_on=today,
        claimed_by_id=person.user_id,
        approved_on=today,
        approved_by_id=person.user_id,
        paid_on=today,
        recorded_by_id=person.user_id,
    )


def test_a_line_tells_every_day_number_and_amount():
    scene = Scene()
    application = scene.application("running")
    paid(application, Payment.Kind.ADVANCE, 500_000)
    paid(application, Payment.Kind.RETURN, 120_000)
    (line,) = lines_of(with_life(grants(scene.staff(), RegisterFilters())))
    decision = application.decisions.get(kind="granted")
    assert line.granted_on == decision.decided_on
    assert line.order_number == decision.document.number.text
    assert line.first_granted_yen == application.granted_yen
    assert line.changed_yen is None
    assert (line.sums.paid_yen, line.sums.returned_yen, line.sums.balance_yen) == (500_000, 120_000, 380_000)
    assert line.support_number == 1


def test_a_revocation_stands_in_the_line_with_its_day_number_and_what_is_added():
    scene = Scene()
    one = scene.application("running")
    paid(one, Payment.Kind.ADVANCE, 4_800_000)
    by = {"application_id": one.pk}
    revocations.propose(
        **by,
        viewer=scene.reviewer(),
        ground="other_use",
        scope="part",
        facts="別の事業に充てた。",
        revoked_yen=2_000_000,
    )
    revocations.record_hearing(
        **by, viewer=scene.reviewer(), held_on=clock.today(), who="長沼町 課長", statement="誤りであった。"
    )
    decision = revocations.decide(**by, viewer=scene.head())
    returns.order_return(**by, due_on=clock.today(), viewer=scene.head())
    (line,) = lines_of(with_life(grants(scene.staff(), RegisterFilters())))
    told = {column.heading: column.value(line) for column in register_columns()}
    assert (told["取消日"], told["取消しの指令番号"]) == (decision.decided_on, decision.document.number.text)
    assert (told["交付決定額（円）"], told["取り消した額（円）"], told["取消し後の額（円）"]) == (
        6_000_000, 2_000_000, 4_000_000)  # fmt: skip
    assert told["変更後の交付決定額（円）"] is None
    assert (told["加算金・延滞金（円）"], told["加算金・延滞金の未納（円）"]) == (240, 240)  # 800,000 × 10.95 % × 1/365


def test_the_sums_are_those_of_the_lines():
    scene = Scene()
    first = scene.application("running")
    (second,) = several(scene, "submitted", 1, again=True)
    total = summed(lines_of(with_life(grants(scene.staff(), RegisterFilters()))))
    assert total.requested_yen == first.requested_yen + second.requested_yen
    assert total.granted_yen == first.granted_yen
    assert totals(grants(scene.staff(), RegisterFilters())) == total


def test_a_bureau_reads_its_own_and_filters_narrow():
    scene = Scene()
    mine = scene.application("running")
    assert [row.pk for row in grants(scene.reviewer(), RegisterFilters())] == [mine.pk]
    assert not grants(viewer(Duty.BS, bureau="oshima"), RegisterFilters()).exists()
    assert not grants(scene.staff(), RegisterFilters(year=mine.fiscal_year - 1)).exists()
    assert not grants(scene.staff(), RegisterFilters(bureau="oshima")).exists()
    assert grants(scene.staff(), RegisterFilters(mine.fiscal_year, mine.call.program_id, mine.lead_bureau_id)).exists()


def test_a_draft_stands_in_no_register():
    scene = Scene()
    scene.application("draft")
    assert not grants(viewer(Duty.AU), RegisterFilters()).exists()


def test_page_and_sheet_ask_as_often_for_five_lines_as_for_one():
    scene = Scene()
    scene.application("running")
    client = client_for(scene.staff())
    address = reverse(LIST)
    client.get(address)
    few = len(queries_of(lambda: client.get(address)))
    several(scene, "running", 4, again=True)
    client.get(address)
    assert len(queries_of(lambda: client.get(address))) == few
    sheet = exports.book(client, reverse("subsidies:register_export"))
    assert len(sheet) == 6
    assert "交付決定額（円）" in sheet[0]
    assert isinstance(sheet[1][sheet[0].index("交付決定額（円）")], float | int)


def test_the_paper_conforms_and_repeats_its_heads(caplog: pytest.LogCaptureFixture):
    scene = Scene()
    application = scene.application("fixed")
    line = next(iter(lines_of(with_life(grants(scene.staff(), RegisterFilters())))))
    data = drawn_clean("D-31", register_paper([line] * 90, ["令和8年度"], clock.today(), "北海道"), caplog)
    pages = pages_of(data)
    assert len(pages) > 1
    assert all("申請番号・連携地域" in page for page in pages)
    assert application.number in pages[0]
    assert f"{(application.fixed_yen or 0) * 90:,}" in pages[-1]


def test_an_empty_register_says_so(caplog: pytest.LogCaptureFixture):
    paper = register_paper([], ["すべての年度"], clock.today(), "北海道")
    assert "該当する申請はない。" in text_of(drawn_clean("D-31", paper, caplog))


def test_a_long_register_is_drawn_by_the_worker(monkeypatch: pytest.MonkeyPatch):
    scene = Scene()
    scene.application("running")
    client = client_for(scene.staff())
    assert client.get(reverse(PDF))["Content-Type"] == "application/pdf"
    monkeypatch.setattr(register_views, "AT_ONCE", 0)
    answer = client.get(reverse(PDF))
    assert answer["Location"] == reverse("portal:task_detail", args=[Task.objects.get(kind=unissued.DRAW).pk])
