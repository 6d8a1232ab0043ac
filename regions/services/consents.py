"""The consent of each party to an agreement: asked for, given, held back by a council, refused; coming into force."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.documents import freeze
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, Office, OfficeKind, Viewer

from .. import duties
from ..agreement_costs import split_of
from ..models import Agreement, AgreementArticle, AgreementConsent, AgreementRound, CostMethod, Region
from ..papers import issue_paper
from ..papers.agreement import agreement_paper, signed_content
from ..workflow import Step
from . import life, regions
from .access import agreement_for
from .agreements import leaving_problems, only, party_codes
from .telling import tell_bureau, tell_towns

S = Agreement.State
C = AgreementConsent.State
PAPER = "D-23"
TOWNS = (Duty.MP, Duty.MA)


@transaction.atomic
def start_consent(
    agreement_id: int, *, viewer: Viewer, answer_by: date | None = None, revision: int | None = None
) -> Agreement:
    """Ask every party for its consent; the text is frozen from here. `answer_by` is the wished day of the answer.

    Raises Refused, and Conflict where somebody saved since `revision` was read.
    """
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    only(agreement, S.DRAFT)
    _same(agreement, revision)
    today = clock.today()
    problems = readiness(agreement)
    if answer_by is not None and answer_by < today:
        problems.append("回答の期限に過ぎた日は指定できません。")
    if problems:
        raise Refused(*problems)
    agreement.state, agreement.asked_on, agreement.answer_by = S.CONSENT, today, answer_by
    agreement.asked_content = freeze(agreement_paper(agreement))
    agreement.save(update_fields=["state", "asked_on", "answer_by", "asked_content"])
    agreement.consents.update(reminded_on=None)
    audit.record(
        viewer,
        "agreement.start_consent",
        agreement.region,
        f"協定 第{agreement.version}版の同意を各市町村へ依頼",
        after={"answer_by": answer_by},
    )
    tell_towns(agreement, party_codes(agreement), (Duty.MA,), f"{_name(agreement)}への同意を求められています")
    return agreement


def readiness(agreement: Agreement) -> list[str]:
    """What has to be mended before consent can be asked for, as sentences; empty when all is there."""
    articles = {row.key: row for row in agreement.articles.all()}
    parties = {row.municipality_id: row.share_bp for row in agreement.consents.all()}
    problems = []
    purpose = articles.get(AgreementArticle.Key.PURPOSE)
    if purpose is None or not purpose.text.strip():
        problems.append("目的を入力してください。")
    problems += [f"「{row.heading}」の条文を入力してください。" for row in articles.values()
                 if not row.text.strip() and row != purpose]  # fmt: skip
    if len(parties) < 2:
        problems.append("当事者となる市町村を2つ以上選んでください。")
    roles, costs = (articles.get(key) for key in (AgreementArticle.Key.INITIATIVES, AgreementArticle.Key.COST))
    if roles and "別表" in roles.text and not agreement.initiatives.exists():
        problems.append(
            f"「{roles.heading}」の条文は別表を指していますが、別表に取組がありません。"
            "取組を加えるか、大枠の協定とするか、条文を改めてください。"
        )
    if agreement.cost_method == CostMethod.NONE:
        if costs and "別表" in costs.text:
            problems.append(f"「{costs.heading}」の条文は別表を指していますが、負担割合が定められていません。")
    elif trouble := split_of(agreement, parties).problem:
        problems.append(trouble)
    problems += leaving_problems(agreement.region, set(parties))
    earlier = agreement.region.agreements.filter(state=S.IN_FORCE).first()
    if earlier and agreement.in_force_on and earlier.in_force_on and agreement.in_force_on <= earlier.in_force_on:
        problems.append(_too_early(earlier))
    return problems


@transaction.atomic
def record_consent(
    agreement_id: int,
    *,
    viewer: Viewer,
    agreed_on: date,
    document_no: str = "",
    needs_council: bool = False,
    council_resolved_on: date | None = None,
    revision: int | None = None,
) -> Agreement:
    """Record the consent of the viewer's own municipality; the last one brings the version into force.

    `needs_council` without the day of the resolution leaves 議決待ち. Only an approver may consent, only for her own
    municipality, only to the text she read (`revision`). Raises DoesNotExist, PermissionDenied, Refused, Conflict.
    """
    agreement = _asked(viewer, agreement_id)
    _same(agreement, revision)
    consent = _own(agreement, viewer)
    if consent.state == C.DONE:
        raise Refused(f"{consent.municipality.name}の同意は既に記録されています。")
    _refuse_bad_consent(agreed_on, document_no, needs_council, council_resolved_on)
    before = {"state": consent.state}
    consent.state = C.COUNCIL if needs_council and council_resolved_on is None else C.DONE
    consent.agreed_on, consent.document_no = agreed_on, document_no.strip()
    consent.council_resolved_on = council_resolved_on
    consent.recorded_by_id = viewer.user_id
    consent.save()
    audit.record(
        viewer,
        "agreement.consent",
        agreement.region,
        f"協定 第{agreement.version}版に{consent.municipality.name}が{consent.get_state_display()}",
        before=before,
        after={"municipality": consent.municipality_id, "state": consent.state, "agreed_on": agreed_on},
    )
    if not agreement.consents.exclude(state=C.DONE).exists():
        _bring_into_force(agreement, viewer)
    return agreement


@transaction.atomic
def decline_consent(agreement_id: int, *, reason: str, viewer: Viewer, revision: int | None = None) -> Agreement:
    """Ask for a change: the version is a draft again and every consent starts anew.

    The round with its text, its answers and the reason is kept and shown to all parties. Raises Refused, Conflict.
    """
    agreement = _asked(viewer, agreement_id)
    _same(agreement, revision)
    _own(agreement, viewer)
    if not reason.strip():
        raise Refused("理由を入力してください。")
    answers = [
        {
            "name": row.municipality.name,
            "state": row.get_state_display(),
            "agreed_on": row.agreed_on.isoformat() if row.agreed_on else None,
            "document_no": row.document_no,
        }
        for row in agreement.consents.select_related("municipality")
    ]
    AgreementRound.objects.create(
        agreement=agreement,
        number=agreement.rounds.count() + 1,
        asked_on=agreement.asked_on or clock.today(),
        declined_on=clock.today(),
        declined_by_id=viewer.office.code,
        recorded_by_id=viewer.person,
        reason=reason.strip(),
        answers=answers,
        content=agreement.asked_content or freeze(agreement_paper(agreement)),
    )
    agreement.state, agreement.asked_content, agreement.answer_by = S.DRAFT, None, None
    agreement.revision += 1
    agreement.save(update_fields=["state", "asked_content", "answer_by", "revision"])
    agreement.consents.update(state=C.NONE, agreed_on=None, document_no="", council_resolved_on=None, recorded_by=None)
    audit.record(
        viewer,
        "agreement.decline",
        agreement.region,
        f"協定 第{agreement.version}版に{viewer.office.name}が修正を求める",
        reason=reason,
    )
    title = f"{_name(agreement)}に{viewer.office.name}から修正の求めがありました"
    tell_towns(agreement, party_codes(agreement), TOWNS, title, reason.strip())
    return agreement


@transaction.atomic
def remind_consent(agreement_id: int, *, viewer: Viewer) -> list[str]:
    """Remind the parties that have not answered; each at most once a day. Returns their names. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    only(agreement, S.CONSENT)
    open_rows = agreement.consents.filter(state=C.NONE)
    if not open_rows.exists():
        raise Refused("未回答の市町村はありません。")
    on = clock.today()
    reminded = list(open_rows.exclude(reminded_on=on).select_related("municipality"))
    if not reminded:
        raise Refused("未回答の市町村には、本日すでに督促しています。")
    agreement.consents.filter(pk__in=[row.pk for row in reminded]).update(reminded_on=on)
    limit = agreement.answer_by
    due = f"（期限 {limit.month}月{limit.day}日）" if limit else ""
    codes = [row.municipality_id for row in reminded]
    tell_towns(agreement, codes, TOWNS, f"【督促】{_name(agreement)}への同意をお願いします{due}")
    names = [row.municipality.name for row in reminded]
    audit.record(
        viewer,
        "agreement.remind",
        agreement.region,
        f"協定 第{agreement.version}版の同意を督促（{'、'.join(names)}）",
        after={"municipalities": codes, "on": on},
    )
    return names


def _bring_into_force(agreement: Agreement, viewer: Viewer) -> None:
    """All have consented: the version is in force, the one before is amended away, the members follow the parties,
    and the paper is issued and frozen as it was consented to."""
    region = locking(Region.objects).get(pk=agreement.region_id)
    days = [row.council_resolved_on or row.agreed_on for row in agreement.consents.all()]
    signed_on = max(day for day in days if day is not None)
    starts = max(agreement.in_force_on or signed_on, signed_on)
    earlier = region.agreements.filter(state=S.IN_FORCE).first()
    if earlier is not None:
        if earlier.in_force_on is not None and earlier.in_force_on >= starts:
            raise Refused(_too_early(earlier))
        earlier.state, earlier.ended_on = S.AMENDED, starts - regions.ONE_DAY
        earlier.save(update_fields=["state", "ended_on"])
    agreement.state, agreement.signed_on, agreement.in_force_on = S.IN_FORCE, signed_on, starts
    agreement.save(update_fields=["state", "signed_on", "in_force_on"])
    left = _follow_parties(region, agreement, starts)
    before = region.state
    if region.state == Region.State.IDEA:
        life.enter(region, Step.FORM, on=starts, viewer=viewer)
    audit.record(
        viewer,
        "agreement.in_force",
        region,
        f"協定 第{agreement.version}版が効力を持つ",
        before={"state": before},
        after={"state": region.state, "signed_on": signed_on, "in_force_on": starts},
    )
    lead = Office(OfficeKind.MUNICIPALITY, region.lead_id, region.lead.name)
    issue_paper(PAPER, signed_content(agreement), subject=agreement, office=lead, viewer=viewer, on=signed_on)
    tell_towns(agreement, [*party_codes(agreement), *left], TOWNS, f"{_name(agreement)}が締結されました")
    tell_bureau(agreement, (Duty.BS, Duty.BM), f"{region.name}の協定 第{agreement.version}版が締結されました（要受理）")


def _follow_parties(region: Region, agreement: Agreement, starts: date) -> list[str]:
    """Let members join and leave as the parties say; return the codes of those who leave."""
    parties = set(party_codes(agreement))
    members = set(region.memberships.filter(left_on=None).values_list("municipality", flat=True))
    reason = f"協定 第{agreement.version}版"
    for code in sorted(parties - members):
        regions.enter(region, code, starts, agreement, reason)
    left = sorted(members - parties)
    for code in left:
        regions.leave(region, code, starts - timedelta(days=1), reason)
    return left


def _asked(viewer: Viewer, agreement_id: int) -> Agreement:
    agreement = locking(Agreement.objects.visible_to(viewer)).get(pk=agreement_id)
    require(viewer, duties.AGREEMENT, Access.SUBMIT)
    if not viewer.is_municipal:
        raise PermissionDenied("同意は、その市町村の承認者が記録します。")
    only(agreement, S.CONSENT)
    return agreement


def _own(agreement: Agreement, viewer: Viewer) -> AgreementConsent:
    consent = agreement.consents.filter(municipality=viewer.office.code).select_related("municipality").first()
    if consent is None:
        raise Refused("この協定の当事者に、あなたの市町村は含まれていません。")
    return consent


def _same(agreement: Agreement, revision: int | None) -> None:
    if revision is not None and revision != agreement.revision:
        raise Conflict("確認したあとに協定の内容が変わりました。最新の内容を確かめてから、もう一度行ってください。")


def _too_early(earlier: Agreement) -> str:
    return f"第{earlier.version}版の効力発生日より後の日に効力が生じるようにしてください。"


def _name(agreement: Agreement) -> str:
    return f"{agreement.region.name}の協定 第{agreement.version}版"


def _refuse_bad_consent(
    agreed_on: date, document_no: str, needs_council: bool, council_resolved_on: date | None
) -> None:
    today = clock.today()
    problems = []
    if agreed_on > today:
        problems.append("同意日に将来の日は指定できません。")
    if council_resolved_on is not None and not needs_council:
        problems.append("議決日は、議決を要する場合だけ入力してください。")
    if council_resolved_on is not None and council_resolved_on > today:
        problems.append("議決日に将来の日は指定できません。")
    if not document_no.strip():
        problems.append("文書番号を入力してください。")
    if problems:
        raise Refused(*problems)
