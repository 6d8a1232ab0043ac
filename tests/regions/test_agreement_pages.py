"""The pages of an agreement: from the draft in its parts to force, consent on one page, what others read."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import DocumentIssue, StoredFile
from common.viewer import Duty
from regions import services
from regions.models import Agreement
from tests.factories.regions import AgreementFactory, ProjectFactory
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

AGREEMENT = {"title": "連携協定", "parties": ["014281", "014273"]}
GIVEN = {"agreed_on": "令和8年11月20日", "document_no": "長企第1号"}


def text_of(response):
    return response.content.decode()


def drafted(world, **more):
    draft = services.AgreementDraft("連携協定", framework=True, valid_until=date(2031, 3, 31), **more)
    return services.create_agreement(world.region.pk, draft, viewer=world.planner())


def asked(world, **more):
    return services.start_consent(drafted(world).pk, viewer=world.planner(), **more)


def articles(agreement, **changed):
    """What a browser posts from the page of the articles."""
    rows = list(agreement.articles.all())
    typed = {"order": ",".join(row.key for row in rows), "revision": str(agreement.revision)}
    for row in rows:
        typed |= {f"heading-{row.key}": row.heading, f"text-{row.key}": row.text}
    return typed | changed


def test_an_agreement_goes_from_draft_to_force_on_its_pages(world):
    planner, naganuma, yuni = (
        client_for(person) for person in (world.planner(), world.approver(), world.approver(world.yuni))
    )
    typed = AGREEMENT | {"fields_covered": ["disaster"], "framework": "on"}
    answer = planner.post(f"/regions/{world.region.pk}/agreements/new/", typed)
    agreement = Agreement.objects.get()
    assert answer.url == f"/agreements/{agreement.pk}/edit/articles/"
    page = text_of(planner.get(f"/agreements/{agreement.pk}/"))
    assert "各市町村へ同意を依頼する" in page
    assert "構成町は、防災の分野において連携する。" in page
    planner.post(f"/agreements/{agreement.pk}/start/", {"answer_by": "R8.12.1"})
    assert "未回答の2団体に督促する" in text_of(planner.get(f"/agreements/{agreement.pk}/"))
    page = text_of(naganuma.get(f"/agreements/{agreement.pk}/consent/"))
    assert "協定への同意（長沼町）" in page
    assert "第1条　目的" in page
    wrong = naganuma.post(f"/agreements/{agreement.pk}/consent/", {"agreed_on": "R8.11.22", "document_no": ""})
    assert wrong.status_code == 422
    naganuma.post(f"/agreements/{agreement.pk}/consent/", GIVEN)
    yuni.post(f"/agreements/{agreement.pk}/consent/", GIVEN | {"needs_council": "on"})
    assert "議決待ち" in text_of(planner.get(f"/agreements/{agreement.pk}/"))
    council = GIVEN | {"needs_council": "on", "council_resolved_on": "2026/11/21"}
    assert yuni.post(f"/agreements/{agreement.pk}/consent/", council).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.state, agreement.in_force_on) == ("in_force", date(2026, 11, 21))


def test_an_approver_sees_in_menu_and_list_that_her_consent_is_awaited(world):
    agreement = AgreementFactory(region=world.region, state="consent", consents="none")
    client = client_for(world.approver())
    page = text_of(client.get("/agreements/"))
    assert "同意を待っている協定が<strong>1件</strong>" in page
    assert "要同意" in page
    client.post(f"/agreements/{agreement.pk}/decline/", {"decline-reason": "負担割合を見直したい"})
    agreement.refresh_from_db()
    assert agreement.state == "draft"
    assert "負担割合を見直したい" in text_of(client_for(world.planner(world.yuni)).get(f"/agreements/{agreement.pk}/"))


def test_an_amendment_opens_as_a_draft_and_a_second_one_is_refused_in_words(world):
    agreement = AgreementFactory(region=world.region)
    client = client_for(world.planner())
    address = f"/agreements/{agreement.pk}/amend/"
    wrong = client.post(address, {"leavers": ["014281"]})
    assert (wrong.status_code, "代表市町村（長沼町）を別の市町村に変更してください" in text_of(wrong)) == (422, True)
    answer = client.post(address, {"joiners": "栗山町", "in_force_on": "R9.4.1"})
    draft = Agreement.objects.get(version=2)
    assert answer.url == f"/agreements/{draft.pk}/edit/"
    assert draft.consents.count() == 3
    again = client.post(address, {})
    assert (again.status_code, "作成中の協定があります" in text_of(again)) == (422, True)


def test_articles_are_changed_moved_added_removed_and_reset_on_their_page(world):
    agreement = drafted(world)
    client, address = client_for(world.planner()), f"/agreements/{agreement.pk}/edit/articles/"
    changed = articles(agreement, **{"text-purpose": "支え合う。"})
    assert client.post(address, changed | {"go": "here"}).status_code == 302
    agreement.refresh_from_db()
    assert "標準から変更" in text_of(client.get(address))
    client.post(address, articles(agreement) | {"go": "down:purpose"})
    agreement.refresh_from_db()
    assert [row.key for row in agreement.articles.all()][:2] == ["policy", "purpose"]
    client.post(address, articles(agreement) | {"go": "remove:consult"})
    agreement.refresh_from_db()
    page = text_of(client.get(address))
    assert "標準の「協議」を加える" in page
    client.post(address, articles(agreement) | {"go": "add"})
    agreement.refresh_from_db()
    assert agreement.articles.last().heading == "新しい条"
    client.post(address, articles(agreement) | {"go": "reset:purpose"})
    assert "相互に役割を分担して連携し" in agreement.articles.get(key="purpose").text


def test_two_planners_at_once_lose_nobody_s_words(world):
    agreement = drafted(world)
    base = articles(agreement)
    naganuma, yuni = client_for(world.planner()), client_for(world.planner(world.yuni))
    address = f"/agreements/{agreement.pk}/edit/articles/"
    naganuma.post(address, base | {"text-purpose": "長沼町の文"})
    other = yuni.post(address, base | {"base": _json(base), "text-policy": "由仁町の文"})
    assert other.status_code == 302
    texts = dict(agreement.articles.values_list("key", "text"))
    assert (texts["purpose"], texts["policy"]) == ("長沼町の文", "由仁町の文")
    clash = yuni.post(address, base | {"base": _json(base), "text-purpose": "由仁町の目的"})
    page = text_of(clash)
    assert clash.status_code == 422
    assert "長沼町の文" in page
    assert "由仁町の目的" in page
    assert agreement.articles.get(key="purpose").text == "長沼町の文"


def _json(base):
    import json

    return json.dumps({name: [text] for name, text in base.items() if name != "revision" and text})


def test_an_initiative_is_added_with_roles_and_stands_in_the_annexed_table(world):
    agreement = drafted(world)
    known = ProjectFactory(region=world.region, name="合同研修")
    client, address = client_for(world.planner()), f"/agreements/{agreement.pk}/edit/initiatives/"
    typed = {
        "project": str(known.pk),
        "secretariat": "014273",
        "role-014281": "会場を用意する。",
        "common_role": "職員を出す。",
    }
    assert client.post(f"{address}new/", typed).url == address
    page = text_of(client.get(f"/agreements/{agreement.pk}/"))
    assert "合同研修" in page
    assert "会場を用意する。" in page
    wrong = client.post(f"{address}new/", {"name": " "})
    assert (wrong.status_code, "取組を選ぶか、名称を入力してください。" in text_of(wrong)) == (422, True)


def test_the_split_of_costs_is_computed_and_shown_with_an_example(world):
    agreement = drafted(world)
    client, address = client_for(world.planner()), f"/agreements/{agreement.pk}/edit/costs/"
    client.post(address, {"method": "equal", "revision": "1"})
    page = text_of(client.get(address))
    assert page.count("50.00") == 2
    assert "500,000" in page
    typed = {"method": "custom", "share-014281": "33.33", "share-014273": "66.66", "revision": "2"}
    client.post(address, typed)
    assert "合計が100％になっていません（いま99.99％）" in text_of(client.get(address))
    wrong = client.post(address, {"method": "custom", "share-014281": "33.333"})
    assert wrong.status_code == 422


def test_whoever_has_no_part_reads_the_published_text_and_its_paper_only(world, django_capture_on_commit_callbacks):
    agreement = asked(world)
    observer = client_for(saved(viewer(Duty.OB)))
    for address in (f"/agreements/{agreement.pk}/", f"/agreements/{agreement.pk}/paper.pdf"):
        assert observer.get(address).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        for town in (world.naganuma, world.yuni):
            services.record_consent(
                agreement.pk, viewer=world.approver(town), agreed_on=date(2026, 11, 1), document_no="企第9号"
            )
    for reader in (observer, client_for(world.planner(world.betsukai))):
        page = text_of(reader.get(f"/agreements/{agreement.pk}/"))
        assert "第1条　目的" in page
        assert "長沼町、由仁町" in page or "由仁町、長沼町" in page
        assert "企第9号" not in page
    answer = observer.get(f"/agreements/{agreement.pk}/paper.pdf")
    assert answer.content[:5] == b"%PDF-"
    document = DocumentIssue.objects.get(kind="D-23")
    assert (document.subject_id, document.issued_on) == (str(agreement.pk), date(2026, 11, 1))
    assert document.pages and document.sha256


def test_a_signed_copy_is_seen_by_all_and_taken_out_only_before_receipt(world):
    agreement = AgreementFactory(region=world.region)
    planner = client_for(world.planner(world.yuni))
    address = f"/agreements/{agreement.pk}/files/"
    planner.post(address, {"upload": SimpleUploadedFile("協定書.pdf", b"%PDF-1.4\n%%EOF\n")})
    stored = StoredFile.objects.get()
    assert client_for(saved(viewer(Duty.OB))).get(f"{address}{stored.pk}/").status_code == 200
    assert planner.post(f"{address}{stored.pk}/remove/", {"reason": " "}).status_code == 422
    services.receive_agreement(agreement.pk, received_on=date(2026, 11, 1), viewer=world.head())
    late = planner.post(f"{address}{stored.pk}/remove/", {"reason": "誤り"})
    assert (late.status_code, "受理した協定の写しは取り下げられません" in text_of(late)) == (422, True)


def test_only_the_lead_s_approver_ends_it_on_its_page(world):
    agreement = AgreementFactory(region=world.region)
    address = f"/agreements/{agreement.pk}/end/"
    assert client_for(world.approver(world.yuni)).get(address).status_code == 403
    assert client_for(world.head()).get(address).status_code == 403
    lead = client_for(world.approver())
    assert lead.post(address, {"ended_on": "R8.11.21", "reason": ""}).status_code == 422
    assert lead.post(address, {"ended_on": "R8.11.21", "reason": "国制度へ移行"}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "ended"


def test_two_versions_stand_side_by_side_with_what_changed(world):
    first = AgreementFactory(region=world.region)
    second = services.amend(first.pk, viewer=world.planner(), joiners=["014290"])
    page = text_of(client_for(world.planner()).get(f"/agreements/{second.pk}/compare/"))
    assert "加わる市町村：<strong>栗山町</strong>" in page
    assert "<ins>" in page


@pytest.mark.parametrize("page", ["", "consent/", "compare/"])
def test_a_page_asks_as_often_for_two_parties_as_for_three(world, page):
    few = services.start_consent(drafted(world).pk, viewer=world.planner())
    client = client_for(world.approver())
    address = f"/agreements/{few.pk}/{page}"
    client.get(address)
    before = queries_of(lambda: client.get(address))
    few.consents.create(municipality=world.kuriyama)
    after = queries_of(lambda: client.get(address))
    assert len(after) == len(before)
    assert len(before) <= 30
