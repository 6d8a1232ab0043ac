"""Calls and their budgets: prepared by headquarters staff, opened and closed by its decider (row 10 of the matrix)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from common import audit
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import Access, Viewer
from common.yen import show_yen
from municipalities.models import Bureau

from ..duties import BUDGET, CALL
from ..models import Call, CallAllotment, RuleSetVersion


@dataclass(frozen=True)
class CallInput:
    """What a call fixes: by which rules and projection its applications are judged, and its dates."""

    ruleset_id: int
    fiscal_year: int
    phases: str
    opens_on: date
    closes_on: date
    series_id: str
    decision_expected_on: date | None = None
    required_documents: tuple[str, ...] = ()
    number_prefix: str = ""


@transaction.atomic
def prepare_call(*, viewer: Viewer, values: CallInput) -> Call:
    """Prepare the next round of a program in a fiscal year."""
    _may(viewer, Access.EDIT, Access.SUBMIT)
    ruleset = _usable(values)
    last = Call.objects.filter(program=ruleset.program_id, fiscal_year=values.fiscal_year).aggregate(at=Max("round"))
    call = Call.objects.create(
        program_id=ruleset.program_id, round=(last["at"] or 0) + 1, state=Call.State.PREPARING, **_columns(values)
    )
    audit.record(viewer, "call.prepare", call, "募集を準備", after=_recorded(call))
    return call


@transaction.atomic
def change_call(*, call_id: int, viewer: Viewer, values: CallInput) -> Call:
    """Change a call. Once it is open its rules and year stand; dates and required documents may still move."""
    _may(viewer, Access.EDIT, Access.SUBMIT)
    call = _locked(call_id, viewer)
    ruleset = _usable(values)
    fixed = (call.ruleset_id, call.fiscal_year, call.phases, call.series_id)
    given = (values.ruleset_id, values.fiscal_year, values.phases, values.series_id)
    if call.state != Call.State.PREPARING and fixed != given:
        raise Refused("公開した募集の制度のルール、年度、段階、将来推計の版は変えられません。")
    if ruleset.program_id != call.program_id:
        raise Refused("制度は変えられません。別の募集として準備してください。")
    before = _recorded(call)
    for name, value in _columns(values).items():
        setattr(call, name, value)
    call.save()
    audit.record(viewer, "call.change", call, "募集を変更", before=before, after=_recorded(call))
    return call


@transaction.atomic
def open_call(*, call_id: int, viewer: Viewer) -> Call:
    """Publish a call: from its first day on, towns may apply."""
    _may(viewer, Access.SUBMIT)
    call = _locked(call_id, viewer)
    if call.state not in (Call.State.PREPARING, Call.State.CLOSED):
        raise Refused(f"「{call.get_state_display()}」の募集は公開できません。")
    if not call.allotments.exists():
        raise Refused("振興局への配当を登録してから公開してください。")
    return _moved(call, Call.State.OPEN, viewer, "募集を公開")


@transaction.atomic
def close_call(*, call_id: int, viewer: Viewer) -> Call:
    """Close a call: nothing new is begun. What is under way goes on."""
    _may(viewer, Access.SUBMIT)
    call = _locked(call_id, viewer)
    if call.state != Call.State.OPEN:
        raise Refused(f"「{call.get_state_display()}」の募集は締め切れません。")
    return _moved(call, Call.State.CLOSED, viewer, "募集を締切")


@transaction.atomic
def allot(*, call_id: int, viewer: Viewer, amounts: Mapping[str, int]) -> None:
    """Set what each bureau may spend in this call (whole yen by bureau code); bureaus left out keep what they have.

    Raises Refused where less than what is already committed would remain.
    """
    if not viewer.may(BUDGET, Access.EDIT) and not viewer.may(BUDGET, Access.SUBMIT):
        raise PermissionDenied("配当は、本庁 審査担当、本庁 決裁者の役割で登録します。")
    call = _locked(call_id, viewer)
    names = dict(Bureau.objects.filter(pk__in=amounts).values_list("pk", "name"))
    if unknown := sorted(set(amounts) - set(names)):
        raise Refused(f"登録されていない振興局です（{'、'.join(unknown)}）。")
    rows = {row.bureau_id: row for row in locking(call.allotments).filter(bureau__in=amounts)}
    short = [
        f"{names[code]}の配当は決定済の{show_yen(rows[code].committed_yen)}円以上にしてください。"
        for code, amount in amounts.items()
        if code in rows and amount < rows[code].committed_yen
    ]
    if short:
        raise Refused(*short)
    before = {code: row.amount_yen for code, row in rows.items()}
    changed = {code: amount for code, amount in amounts.items() if before.get(code) != amount}
    for code, amount in changed.items():
        CallAllotment.objects.update_or_create(call=call, bureau_id=code, defaults={"amount_yen": amount})
    if changed:
        kept = {code: before[code] for code in changed if code in before}
        audit.record(viewer, "call.allot", call, "配当を登録", before=kept, after=changed, internal=True)


def _may(viewer: Viewer, *accesses: Access) -> None:
    if not any(viewer.may(CALL, access) for access in accesses):
        raise PermissionDenied("募集は、本庁 審査担当が準備し、本庁 決裁者が公開します。")


def _locked(call_id: int, viewer: Viewer) -> Call:
    call: Call = locking(Call.objects.visible_to(viewer)).get(pk=call_id)
    return call


def _usable(values: CallInput) -> RuleSetVersion:
    """The published ruleset that is in force in the call's year, locked against withdrawal. Raises Refused."""
    ruleset = locking(RuleSetVersion.objects).get(pk=values.ruleset_id)
    if ruleset.state != RuleSetVersion.State.PUBLISHED:
        raise Refused("公開したルールの版を選んでください。")
    last = ruleset.effective_to_fy
    if values.fiscal_year < ruleset.effective_from_fy or (last is not None and values.fiscal_year > last):
        until = f"{FiscalYear(last).wareki}まで" if last else ""
        raise Refused(
            f"このルールの版は{FiscalYear(ruleset.effective_from_fy).wareki}から{until}のものです。"
            f"{FiscalYear(values.fiscal_year).wareki}の募集には使えません。"
        )
    if values.closes_on < values.opens_on:
        raise Refused("締切日は受付開始日以後にしてください。")
    return ruleset


def _columns(values: CallInput) -> dict[str, object]:
    return {
        "ruleset_id": values.ruleset_id,
        "fiscal_year": values.fiscal_year,
        "phases": values.phases,
        "opens_on": values.opens_on,
        "closes_on": values.closes_on,
        "decision_expected_on": values.decision_expected_on,
        "series_id": values.series_id,
        "required_documents": list(values.required_documents),
        "number_prefix": values.number_prefix.strip(),
    }


def _moved(call: Call, state: Call.State, viewer: Viewer, title: str) -> Call:
    before = call.state
    call.state = state
    call.save(update_fields=["state"])
    audit.record(viewer, f"call.{state.value}", call, title, before={"state": before}, after={"state": state.value})
    return call


def _recorded(call: Call) -> dict[str, object]:
    return {
        "ruleset": call.ruleset_id,
        "fiscal_year": call.fiscal_year,
        "round": call.round,
        "phases": call.phases,
        "opens_on": call.opens_on,
        "closes_on": call.closes_on,
        "decision_expected_on": call.decision_expected_on,
        "series": call.series_id,
        "required_documents": call.required_documents,
        "number_prefix": call.number_prefix,
    }
