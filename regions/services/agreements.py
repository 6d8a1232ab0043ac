"""Agreements (地域連携協定): draft, consent of each member, in force, amendment, end."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.viewer import Access, Viewer

from .. import duties
from ..models import Agreement, AgreementConsent, Field, Region, RegionMembership
from ..workflow import Step
from . import life, regions
from .access import agreement_for, region_for, require_lead, towns

S = Agreement.State
C = AgreementConsent.State


@dataclass(frozen=True)
class AgreementDraft:
    """What a person typed. `parties` are 6-digit codes, empty for the members of today; `fields` are field codes,
    empty where the agreement names none; `in_force_on` is empty when it takes effect with the last consent."""

    title: str
    purpose: str
    basic_policy: str = ""
    cost_sharing: str = ""
    change_clause: str = ""
    term: str = ""
    witness: str = ""
    framework: bool = False
    fields: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    in_force_on: date | None = None

    @property
    def texts(self) -> dict[str, object]:
        """The columns that are written as they are."""
        return {name: value for name, value in asdict(self).items() if name not in ("fields", "parties")}


@transaction.atomic
def create_agreement(region_code: str, draft: AgreementDraft, *, viewer: Viewer) -> Agreement:
    """Write the draft (案) of the next version. A version in the making blocks another one. Raises Refused."""
    region = region_for(viewer, region_code, duties.AGREEMENT, Access.EDIT)
    if region.state in (Region.State.ENDED, Region.State.NATIONAL):
        raise Refused(f"「{region.get_state_display()}」の地域では協定を作成できません。")
    if region.agreements.filter(state__in=[S.DRAFT, S.CONSENT, S.SIGNED]).exists():
        raise Refused("作成中の協定があります。先にその版を完了するか、内容を変更してください。")
    version = (region.agreements.aggregate(last=Max("version"))["last"] or 0) + 1
    agreement = Agreement(region=region, version=version)
    _write(agreement, draft)
    audit.record(viewer, "agreement.create", region, f"協定 第{version}版の案を作成", after=_state(agreement))
    return agreement


@transaction.atomic
def update_agreement(agreement_id: int, draft: AgreementDraft, *, viewer: Viewer) -> Agreement:
    """Change a draft; after consent was asked for, only `decline_consent` brings it back. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    _only(agreement, S.DRAFT)
    before = _state(agreement)
    _write(agreement, draft)
    audit.record(
        viewer,
        "agreement.update",
        agreement.region,
        f"協定 第{agreement.version}版の案を変更",
        before=before,
        after=_state(agreement),
    )
    return agreement


@transaction.atomic
def start_consent(agreement_id: int, *, viewer: Viewer) -> Agreement:
    """Ask every party for its consent; the text is frozen from here. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    _only(agreement, S.DRAFT)
    problems = []
    if not agreement.purpose.strip():
        problems.append("目的を入力してください。")
    if agreement.consents.count() < 2:
        problems.append("当事者となる市町村を2つ以上選んでください。")
    if problems:
        raise Refused(*problems)
    agreement.state = S.CONSENT
    agreement.save(update_fields=["state"])
    audit.record(
        viewer, "agreement.start_consent", agreement.region, f"協定 第{agreement.version}版の同意を各市町村へ依頼"
    )
    return agreement


@transaction.atomic
def record_consent(
    agreement_id: int,
    *,
    viewer: Viewer,
    agreed_on: date,
    document_no: str = "",
    needs_council: bool = False,
    council_resolved_on: date | None = None,
) -> Agreement:
    """Record the consent of the viewer's own municipality; the last one brings the version into force.

    `needs_council` without the day of the resolution leaves 議決待ち. Only an approver may consent, only for her own
    municipality. Raises DoesNotExist, PermissionDenied, Refused.
    """
    agreement = Agreement.objects.visible_to(viewer).select_for_update(of=("self",)).get(pk=agreement_id)
    require(viewer, duties.AGREEMENT, Access.SUBMIT)
    if not viewer.is_municipal:
        raise PermissionDenied("同意は、その市町村の承認者が記録します。")
    _only(agreement, S.CONSENT)
    consent = agreement.consents.filter(municipality=viewer.office.code).select_related("municipality").first()
    if consent is None:
        raise Refused("この協定の当事者に、あなたの市町村は含まれていません。")
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
def decline_consent(agreement_id: int, *, reason: str, viewer: Viewer) -> Agreement:
    """Refuse or ask for a change: the version is a draft again and every consent starts anew. Raises Refused."""
    agreement = Agreement.objects.visible_to(viewer).select_for_update(of=("self",)).get(pk=agreement_id)
    require(viewer, duties.AGREEMENT, Access.SUBMIT)
    if not viewer.is_municipal:
        raise PermissionDenied("同意は、その市町村の承認者が記録します。")
    _only(agreement, S.CONSENT)
    if not agreement.consents.filter(municipality=viewer.office.code).exists():
        raise Refused("この協定の当事者に、あなたの市町村は含まれていません。")
    if not reason.strip():
        raise Refused("理由を入力してください。")
    agreement.state = S.DRAFT
    agreement.save(update_fields=["state"])
    agreement.consents.update(state=C.NONE, agreed_on=None, document_no="", council_resolved_on=None, recorded_by=None)
    audit.record(
        viewer,
        "agreement.decline",
        agreement.region,
        f"協定 第{agreement.version}版に{viewer.office.name}が修正を求める",
        reason=reason,
    )
    return agreement


@transaction.atomic
def amend(agreement_id: int, *, viewer: Viewer) -> Agreement:
    """Copy the version in force to a new draft, with today's members as parties. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.EDIT)
    _only(agreement, S.IN_FORCE)
    return create_agreement(
        agreement.region_id,
        AgreementDraft(
            title=agreement.title,
            purpose=agreement.purpose,
            basic_policy=agreement.basic_policy,
            cost_sharing=agreement.cost_sharing,
            change_clause=agreement.change_clause,
            term=agreement.term,
            witness=agreement.witness,
            framework=agreement.framework,
            fields=tuple(agreement.fields.values_list("pk", flat=True)),
        ),
        viewer=viewer,
    )


@transaction.atomic
def end_agreement(agreement_id: int, *, ended_on: date, reason: str, viewer: Viewer) -> Agreement:
    """End the version in force; `ended_on` is its last day. An act of the lead's approver. Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.SUBMIT)
    require_lead(viewer, agreement.region)
    _only(agreement, S.IN_FORCE)
    if not reason.strip():
        raise Refused("理由を入力してください。")
    if agreement.in_force_on is not None and ended_on < agreement.in_force_on:
        raise Refused("終了日が効力発生日より前です。")
    agreement.state, agreement.ended_on = S.ENDED, ended_on
    agreement.save(update_fields=["state", "ended_on"])
    audit.record(
        viewer,
        "agreement.end",
        agreement.region,
        f"協定 第{agreement.version}版を終了",
        after={"ended_on": ended_on},
        reason=reason,
    )
    return agreement


@transaction.atomic
def receive_agreement(agreement_id: int, *, received_on: date, viewer: Viewer) -> Agreement:
    """Note the receipt by the lead bureau's head (受理). Raises Refused."""
    agreement = agreement_for(viewer, agreement_id, Access.SUBMIT)
    if not viewer.is_bureau:
        raise PermissionDenied("受理は主管振興局が記録します。")
    _only(agreement, S.IN_FORCE)
    agreement.received_on = received_on
    agreement.save(update_fields=["received_on"])
    audit.record(viewer, "agreement.receive", agreement.region, f"協定 第{agreement.version}版を受理")
    return agreement


def _bring_into_force(agreement: Agreement, viewer: Viewer) -> None:
    """All have consented: the version is in force, the one before is amended away, the members follow the parties."""
    region = Region.objects.select_for_update(of=("self",)).get(pk=agreement.region_id)
    days = [row.council_resolved_on or row.agreed_on for row in agreement.consents.all()]
    signed_on = max(day for day in days if day is not None)
    starts = max(agreement.in_force_on or signed_on, signed_on)
    earlier = region.agreements.filter(state=S.IN_FORCE).first()
    if earlier is not None:
        if earlier.in_force_on is not None and earlier.in_force_on >= starts:
            raise Refused(f"第{earlier.version}版の効力発生日より後の日に効力が生じるようにしてください。")
        earlier.state, earlier.ended_on = S.AMENDED, starts - regions.ONE_DAY
        earlier.save(update_fields=["state", "ended_on"])
    agreement.state, agreement.signed_on, agreement.in_force_on = S.IN_FORCE, signed_on, starts
    agreement.save(update_fields=["state", "signed_on", "in_force_on"])
    _follow_parties(region, agreement, starts)
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


def _follow_parties(region: Region, agreement: Agreement, starts: date) -> None:
    parties = set(agreement.consents.values_list("municipality", flat=True))
    members = set(region.memberships.filter(left_on=None).values_list("municipality", flat=True))
    reason = f"協定 第{agreement.version}版"
    for code in sorted(parties - members):
        regions.enter(region, code, starts, agreement, reason)
    for code in sorted(members - parties):
        regions.leave(region, code, starts - timedelta(days=1), reason)


def _write(agreement: Agreement, draft: AgreementDraft) -> None:
    if not draft.title.strip():
        raise Refused("題名を入力してください。")
    today = clock.today()
    region = agreement.region
    parties = list(draft.parties) or list(
        RegionMembership.objects.on(today).filter(region=region).values_list("municipality", flat=True)
    )
    towns(parties, today, region.prefecture_id)
    if len(parties) < 2:
        raise Refused("当事者となる市町村を2つ以上選んでください。")
    if region.lead_id not in parties:
        raise Refused(f"代表市町村（{region.lead.name}）を当事者に含めてください。")
    fields = Field.objects.filter(pk__in=draft.fields)
    if len(fields) < len(set(draft.fields)):
        raise Refused("登録されていない分野が含まれています。")
    for name, value in draft.texts.items():
        setattr(agreement, name, value.strip() if isinstance(value, str) else value)
    agreement.save()
    agreement.fields.set(fields)
    agreement.consents.exclude(municipality__in=parties).delete()
    for code in sorted(parties):
        AgreementConsent.objects.get_or_create(agreement=agreement, municipality_id=code)


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


def _only(agreement: Agreement, state: str) -> None:
    if agreement.state != state:
        raise Refused(f"「{agreement.get_state_display()}」の協定には行えません。")


def _state(agreement: Agreement) -> dict[str, object]:
    return {
        "version": agreement.version,
        "title": agreement.title,
        "parties": sorted(agreement.consents.values_list("municipality", flat=True)),
        "fields": sorted(agreement.fields.values_list("pk", flat=True)),
        "in_force_on": agreement.in_force_on,
    }
