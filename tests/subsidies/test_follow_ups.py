"""支援後の状況: asked once a year, written by the planner, submitted by the approver, read and commented by the bureau."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from common.errors import Conflict, Refused
from common.models import AuditEvent, Notice
from common.viewer import Duty, Viewer
from subsidies.models import Application, FollowUp
from subsidies.services import follow_ups
from subsidies.services.follow_ups import Answer
from subsidies.worklist import items_for
from tests import exports
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
GOES_ON = Answer(True, "各町の一般財源", "長沼町企画課が事務局")


def asked(scene: Scene, fiscal_year: int = 2026) -> FollowUp:
    """A question about the region's initiative, of a grant that is closed."""
    one = scene.application("submitted")
    Application.objects.filter(pk=one.pk).update(state="closed", fixed_yen=1, granted_yen=1, closed_on="2026-05-01")
    row: FollowUp = FollowUp.objects.create(project=scene.project, application=one, fiscal_year=fiscal_year)
    return row


def labels(person: Viewer) -> list[str]:
    return [item.label for item in items_for(person)]


def test_an_answer_goes_from_the_planner_to_the_approver_to_the_bureau(client_for: SignIn):
    scene = Scene()
    row = asked(scene)
    ask: dict[str, Any] = {"follow_up_id": row.pk}
    page = reverse("subsidies:follow_up_detail", args=[row.pk])
    assert "要回答" in labels(scene.planner())
    with pytest.raises(Refused, match="続いているか"):
        follow_ups.submit(**ask, viewer=scene.approver())
    typed = {"continues": "yes", "funding": "各町の一般財源", "staffing": "長沼町企画課が事務局", "revision": "1"}
    assert client_for(scene.planner()).post(page, typed | {"act": "save"}).status_code == 302
    assert "各町の一般財源" not in client_for(scene.reviewer()).get(page).content.decode()  # not submitted yet
    with pytest.raises(Conflict):
        follow_ups.write(**ask, answer=GOES_ON, revision=1, viewer=scene.planner())
    assert "要提出" in labels(scene.approver())
    assert client_for(scene.approver()).post(page, {"act": "submit"}).status_code == 302
    assert labels(scene.approver()) == labels(scene.planner()) == []
    assert Notice.objects.filter(office_key="bureau:sorachi", title__startswith="支援後の状況の回答").exists()
    with pytest.raises(Refused, match="提出済み"):
        follow_ups.write(**ask, answer=Answer(False), revision=2, viewer=scene.planner())
    bureau = client_for(scene.reviewer())
    shown = bureau.get(page).content.decode()
    assert "各町の一般財源" in shown
    assert "令和8年度の支援後の状況" in unquote(shown)  # the evidence that the stage form takes over
    assert bureau.post(page + "comment/", {"text": "来年度も続けてください。"}).status_code == 302
    row.refresh_from_db()
    assert row.comment == "来年度も続けてください。"


def test_other_hands_are_refused_and_leave_no_answer():
    scene = Scene()
    row = asked(scene)
    before = AuditEvent.objects.count()
    by: dict[str, Any] = {"follow_up_id": row.pk}
    for person in (scene.approver(), scene.reviewer(), scene.head(), scene.staff(), scene.planner("014273")):
        with pytest.raises(PermissionDenied):
            follow_ups.write(**by, answer=GOES_ON, revision=1, viewer=person)
    for person in (scene.planner(), scene.reviewer(), scene.approver("014273")):
        with pytest.raises(PermissionDenied):
            follow_ups.submit(**by, viewer=person)
    with pytest.raises(FollowUp.DoesNotExist):
        follow_ups.write(**by, answer=GOES_ON, revision=1, viewer=saved(viewer(Duty.MP, municipality="012238")))
    with pytest.raises(Refused, match="提出されてから"):
        follow_ups.comment(**by, text="確認", viewer=scene.reviewer())
    row.refresh_from_db()
    assert (row.continues, row.answered_at, AuditEvent.objects.count()) == (None, None, before)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer(True), "財源"), (Answer(True, "一般財源"), "体制"), (Answer(False), "続いていない理由")],
)
def test_what_an_answer_lacks_is_said(answer: Answer, said: str):
    row = FollowUp(continues=answer.continues, funding=answer.funding, staffing=answer.staffing)
    assert said in "\n".join(follow_ups.missing(row))


def test_a_year_that_has_not_begun_is_not_answered_yet():
    scene = Scene()
    row = asked(scene, 2027)
    with pytest.raises(Refused, match="令和9年4月1日から"):
        follow_ups.write(follow_up_id=row.pk, answer=GOES_ON, revision=1, viewer=scene.planner())
    assert "要回答" not in labels(scene.planner())


def test_the_overview_counts_and_is_written_out(client_for: SignIn):
    scene = Scene()
    row = asked(scene)
    follow_ups.write(follow_up_id=row.pk, answer=GOES_ON, revision=1, viewer=scene.planner())
    client, address = client_for(scene.staff()), reverse("subsidies:follow_up_list")
    assert "未回答 <strong>1件" in client.get(address).content.decode()
    (line,) = exports.rows(client, reverse("subsidies:follow_up_export"))
    assert (line["状況"], line["財源"]) == ("未回答", "")  # what is not submitted does not leave the town
    follow_ups.submit(follow_up_id=row.pk, viewer=scene.approver())
    assert "続いている <strong>1件" in client.get(address + "?answer=goes_on").content.decode()
