"""長の職務代理者: entered by the town's approver for days, named by its papers in these days and in no others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import clock
from common.errors import Refused
from common.models import AuditEvent
from common.viewer import Duty, Viewer
from municipalities.acting import head_of, heads_of
from municipalities.models import ActingHead, Municipality
from municipalities.services import end_acting_head, enter_acting_head
from regions.papers.agreement import agreement_paper
from subsidies.papers import sources
from tests.factories.municipalities import MunicipalityFactory
from tests.factories.regions import AgreementFactory
from tests.factories.subsidies import Scene
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db
CODE = "014281"


@pytest.fixture
def town(db: None) -> Municipality:
    return MunicipalityFactory(code=CODE, name="長沼町")


def approver(code: str = CODE) -> Viewer:
    return saved(viewer(Duty.MA, municipality=code))


def entered(first: date, last: date | None = None, title: str = "副町長") -> ActingHead:
    return enter_acting_head(code=CODE, title=title, reason="vacant", from_on=first, to_on=last, viewer=approver())


def test_a_town_signs_by_who_acts_on_the_day_and_by_its_head_before_and_after(town: Municipality):
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    entered(first, last)
    said = "長沼町長職務代理者　長沼町副町長"
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [head_of(town, day) for day in days] == ["長沼町長", said, said, "長沼町長"]
    assert AuditEvent.objects.filter(action="municipality.acting_head", subject_id=CODE).count() == 1


def test_many_towns_are_asked_for_at_once(town: Municipality, django_assert_num_queries):
    other = MunicipalityFactory(code="014290", name="栗山町")
    entered(clock.today())
    with django_assert_num_queries(1):
        assert heads_of([town, other]) == {CODE: "長沼町長職務代理者　長沼町副町長", "014290": "栗山町長"}


def test_days_do_not_overlap_and_an_end_lies_after_its_start(town: Municipality):
    entered(date(2026, 11, 1))
    with pytest.raises(Refused, match="重なっています"):
        entered(date(2026, 12, 1), date(2026, 12, 5), "総務課長")
    with pytest.raises(Refused, match="開始日以後"):
        entered(date(2026, 12, 5), date(2026, 12, 1))
    with pytest.raises(Refused, match="開始日以後"):
        end_acting_head(code=CODE, to_on=date(2026, 10, 31), viewer=approver())
    end_acting_head(code=CODE, to_on=date(2026, 11, 30), viewer=approver())
    entered(date(2026, 12, 1), date(2026, 12, 5), "総務課長")
    assert head_of(town, date(2026, 12, 1)) == "長沼町長職務代理者　長沼町総務課長"


def test_the_database_keeps_an_end_after_its_start_and_one_open_row(town: Municipality):
    day = date(2026, 11, 1)
    given = {"municipality": town, "title": "副町長", "reason": "vacant", "entered_at": clock.now()}
    for wrong in ({"from_on": day, "to_on": day - timedelta(days=1)}, {"from_on": day, "title": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ActingHead.objects.create(**given | wrong)
    ActingHead.objects.create(**given, from_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActingHead.objects.create(**given, from_on=day + timedelta(days=9))


@pytest.mark.parametrize("duty", [Duty.MP, Duty.MF, Duty.BM, Duty.HS, Duty.HM, Duty.AD])
def test_only_the_approver_of_the_town_itself_enters_it(town: Municipality, duty: Duty):
    given = {"code": CODE, "title": "副町長", "reason": "vacant", "from_on": clock.today(), "to_on": None}
    with pytest.raises(PermissionDenied):
        enter_acting_head(
            **given, viewer=viewer(duty, municipality=CODE) if duty in (Duty.MP, Duty.MF) else viewer(duty)
        )
    MunicipalityFactory(code="014290", name="栗山町")
    with pytest.raises(PermissionDenied):
        enter_acting_head(**given, viewer=approver("014290"))
    assert not ActingHead.objects.exists()


def test_the_page_takes_what_is_typed_and_says_what_is_wrong(town: Municipality):
    client, page = client_for(approver()), reverse("municipalities:municipality_acting", args=[CODE])
    wrong = client.post(page, {"title": "", "from_on": "きのう", "reason": "vacant"})
    assert wrong.status_code == 422
    assert "職務代理者の職名を入力してください。" in wrong.content.decode()
    done = client.post(page, {"title": "副町長", "from_on": "令和8年11月1日", "to_on": "", "reason": "hindered"})
    assert done["Location"] == page
    assert "長沼町長職務代理者　長沼町副町長" in client.get(page).content.decode()
    assert "長の職務代理者" in client.get(reverse("municipalities:municipality_detail", args=[CODE])).content.decode()
    ended = client.post(reverse("municipalities:municipality_acting_end", args=[CODE]), {"to_on": "令和8年11月20日"})
    assert ended["Location"] == page
    assert head_of(town, date(2026, 11, 21)) == "長沼町長"


def test_letters_forms_and_agreements_name_who_acts():
    scene = Scene()
    one = scene.application("draft")
    assert sources.lead_lines(one)[1] == "代表　長沼町長"
    agreement = AgreementFactory(region=scene.region, version=7, state="draft", consents="none")
    entered(clock.today())
    assert sources.lead_lines(one)[1] == "代表　長沼町長職務代理者　長沼町副町長"
    signed = [block.title for block in agreement_paper(agreement).signatories]
    assert signed == ["由仁町長", "長沼町長", "栗山町長"]  # it was signed before
    agreement.signed_on = None
    titles = [block.title for block in agreement_paper(agreement).signatories]
    assert titles == ["由仁町長", "長沼町長職務代理者　長沼町副町長", "栗山町長"]
