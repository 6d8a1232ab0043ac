"""Papers on the pages: who reads which, drafts before they are issued, copies, and looks that are written down."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from common import audit
from common.documents import UnknownKind
from common.models import DocumentIssue
from common.viewer import Duty, Viewer
from subsidies.papers_access import papers_visible_to, papers_with_number
from subsidies.previews import draft_of
from tests.common.pdf import text_of
from tests.factories.subsidies import Scene
from tests.viewers import viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
SignIn = Callable[[Viewer], Client]


def paper(kind: str) -> DocumentIssue:
    return DocumentIssue.objects.get(kind=kind)


def url(name: str, *args: object) -> str:
    return reverse(f"subsidies:{name}", args=args)


def looks(one: object) -> list[str]:
    events = audit.timeline(("subsidies.application", one.pk), internal=True)
    return [event.title for event in events if event.action.endswith(".look")]


def test_towns_read_their_papers_and_offices_also_what_is_internal():
    scene = Scene()
    scene.application("granted")
    kinds = {person: {row.kind for row in papers_visible_to(person)} for person in (scene.planner(), scene.reviewer())}
    assert kinds[scene.planner()] == {"D-02", "D-03", "D-08"}
    assert kinds[scene.reviewer()] == {"D-02", "D-03", "D-04", "D-05", "D-08"}
    assert set(papers_visible_to(scene.planner("014290"))) == set(papers_visible_to(scene.planner()))
    for duty in (Duty.AD, Duty.OB):
        assert not papers_visible_to(viewer(duty)).exists()
    assert not papers_visible_to(viewer(Duty.MP, municipality="012238")).exists()


@pytest.mark.parametrize("name", ["document_preview", "document_page", "document_pdf"])
def test_a_stranger_and_a_town_asking_for_an_internal_paper_read_404(client_for: SignIn, name: str):
    scene = Scene()
    scene.application("approval")
    inside, outside = paper("D-04"), paper("D-03")
    assert client_for(scene.approver()).get(url(name, inside.pk)).status_code == 404
    assert client_for(viewer(Duty.MA, municipality="012238")).get(url(name, outside.pk)).status_code == 404
    assert client_for(viewer(Duty.BM, bureau="nemuro")).get(url(name, outside.pk)).status_code == 404
    assert client_for(scene.approver()).get(url(name, outside.pk)).status_code == 200
    assert client_for(scene.head()).get(url(name, inside.pk)).status_code == 200


def test_each_look_at_an_internal_paper_is_written_down(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(scene.head())
    client.get(url("document_page", paper("D-04").pk))
    client.get(url("document_pdf", paper("D-04").pk))
    client.get(url("document_page", paper("D-03").pk))
    assert len(looks(one)) == 2
    client.get(url("paper_preview", one.pk, "D-08"))
    assert looks(one)[0] == "庁内限りの書類を閲覧（D-08の案）"


def test_the_pdf_opens_in_the_browser_under_its_japanese_name(client_for: SignIn):
    scene = Scene()
    one = scene.application("granted")
    answer = client_for(scene.planner()).get(url("document_pdf", paper("D-08").pk))
    assert answer["Content-Type"] == "application/pdf"
    assert unquote(answer["Content-Disposition"]).startswith(
        "inline; filename*=UTF-8''交付決定通知書（長沼・栗山連携地域"
    )
    assert answer["Cache-Control"] == "private, no-store"
    text = text_of(answer.content)
    assert "金6,000,000円" in text
    assert "再発行" not in text
    assert paper("D-08").sha256
    assert one.decisions.get().document_id == paper("D-08").pk


def test_a_copy_is_marked_and_counted(client_for: SignIn):
    scene = Scene()
    scene.application("granted")
    client = client_for(scene.reviewer())
    assert client.get(url("document_reprint", paper("D-08").pk)).status_code == 405
    assert "再発行" in text_of(client.post(url("document_reprint", paper("D-08").pk)).content)
    assert paper("D-08").reprints == 1
    assert client_for(scene.planner()).post(url("document_reprint", paper("D-08").pk)).status_code == 403
    assert paper("D-08").reprints == 1


def test_a_draft_bears_its_mark_and_takes_no_number(client_for: SignIn):
    scene = Scene()
    one = scene.application("approval")
    client = client_for(scene.head())
    page = client.get(url("paper_preview", one.pk, "D-08")).content.decode()
    assert '<p class="draft">案</p>' in page
    assert "庁内限り" in page
    assert "金6,000,000円" in page
    pdf = client.get(url("paper_preview_pdf", one.pk, "D-08"))
    assert unquote(pdf["Content-Disposition"]).startswith("inline; filename*=UTF-8''（案）交付決定通知書")
    assert not DocumentIssue.objects.filter(kind="D-08").exists()


@pytest.mark.parametrize("kind", ["D-04", "D-05", "D-06", "D-07", "D-08", "D-09"])
def test_drafts_of_the_office_are_nothing_to_a_town(client_for: SignIn, kind: str):
    scene = Scene()
    one = scene.application("approval")
    assert client_for(scene.approver()).get(url("paper_preview", one.pk, kind)).status_code == 404
    assert client_for(viewer(Duty.BM, bureau="nemuro")).get(url("paper_preview", one.pk, kind)).status_code == 404
    assert client_for(scene.head()).get(url("paper_preview", one.pk, kind)).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("D-01", 404), ("D-03", 200), ("D-10", 404), ("D-99", 404)])
def test_a_town_previews_the_form_of_its_phase(client_for: SignIn, kind: str, status: int):
    scene = Scene()
    one = scene.application("draft")
    assert client_for(scene.planner()).get(url("paper_preview", one.pk, kind)).status_code == status
    assert client_for(viewer(Duty.MP, municipality="012238")).get(url("paper_preview", one.pk, kind)).status_code == 404


def test_without_a_draft_in_circulation_there_is_no_approval_sheet():
    scene = Scene()
    with pytest.raises(UnknownKind):
        draft_of("D-05", scene.application("bureau_review"))


def test_papers_are_found_by_number_and_only_where_visible():
    scene = Scene()
    one = scene.application("granted")
    number = one.decisions.get().document.number.text
    assert [row.kind for row in papers_with_number(scene.planner(), number)] == ["D-08"]
    assert [row.kind for row in papers_with_number(scene.planner(), "企第100号")] == ["D-03"]
    assert not papers_with_number(viewer(Duty.MP, municipality="012238"), number).exists()
    assert not papers_with_number(scene.planner(), "起案用紙").exists()


def test_the_list_of_papers_shows_number_and_addressee(client_for: SignIn):
    scene = Scene()
    one = scene.application("granted")
    page = client_for(scene.planner()).get(url("document_list", one.pk)).content.decode()
    assert one.decisions.get().document.number.text in page
    assert "起案用紙" not in page
    assert "起案用紙" in client_for(scene.reviewer()).get(url("document_list", one.pk)).content.decode()
