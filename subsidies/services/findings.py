"""Facts that change after the grant become findings (所見): staff say what follows, nothing is revoked by itself."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Refused
from common.locks import locking
from common.viewer import SYSTEM, Access, Viewer

from ..duties import FINDING
from ..judging import latest_verdict
from ..models import Application
from ..models import Finding as FindingRow
from ..notifying import tell_finding
from ..rules.engine import judge
from ..rules.gather import application_facts
from ..rules.ruleset import Stage, up_to
from ..rules.verdict import Finding, Result
from ..rulesets import rules_of
from ..states import State
from ..workflow import AT_WORK, UNDER_CHANGE, Side
from .advance import locked, sits_on

WATCHED = (*AT_WORK, *UNDER_CHANGE, State.FIXED, State.RETURN_ORDERED, State.SETTLED)
"""Granted, and the file still open."""
HELD = (Result.PASS, Result.WARN, Result.NOT_APPLICABLE)
BROKEN = (Result.FAIL, Result.NO_DATA, Result.JUDGE)
LEAST_REASON = 10


def run_due() -> dict[str, int]:
    """Ask the rules again about every open grant; idempotent. Returns how many findings are new."""
    pks = Application.objects.filter(state__in=WATCHED, evaluation__isnull=False).values_list("pk", flat=True)
    return {"findings": sum(len(rerun(application_id=pk, viewer=SYSTEM)) for pk in list(pks))}


@transaction.atomic
def rerun(*, application_id: int, viewer: Viewer) -> list[FindingRow]:
    """Judge a grant on the facts known today and keep every rule that held at its decision and holds no more.

    Territory stays that of the reference date (W23): whoever joins a zone later changes nothing in the running year,
    a corrected master does. Documents and members count as they stand today. Rules about the amount (stage decide) are
    not asked: the grant itself has changed the budget since. Returns the findings that are new.
    """
    application = locked(application_id, viewer)
    if viewer is not SYSTEM:
        _require_staff(application, viewer)
    then = latest_verdict(application)
    if application.state not in WATCHED or then is None:
        if viewer is SYSTEM:
            return []
        raise Refused(f"「{application.get_state_display()}」の申請の要件は見直せません。")
    facts = application_facts(application, documents_on=clock.today())
    now = judge(rules_of(application.call.ruleset), facts, stages=up_to(Stage.HQ))
    broken = {}
    for finding in now.findings:
        before = then.find(finding.rule)
        if before is not None and before.result in HELD and finding.result in BROKEN:
            broken[_digest(before, finding)] = (before, finding)
    known = {row.digest: row for row in locking(application.findings)}
    for digest, row in known.items():
        gone = digest not in broken
        if gone != (row.gone_at is not None):
            row.gone_at = clock.now() if gone else None
            row.save(update_fields=["gone_at"])
    new = [_keep(application, viewer, digest, *pair) for digest, pair in broken.items() if digest not in known]
    if new:
        tell_finding(application, len(new))
    return new


@transaction.atomic
def conclude(*, application_id: int, finding_id: int, viewer: Viewer, conclusion: str, note: str) -> FindingRow:
    """Staff of the lead bureau, or of headquarters, say what follows from a finding; it acts on nothing by itself."""
    application = locked(application_id, viewer)
    _require_staff(application, viewer)
    row = locking(application.findings).filter(pk=finding_id).first()
    if row is None or row.conclusion:
        raise Refused("結論を待つ所見ではありません。ほかの人がすでに処理した可能性があります。")
    problems = []
    if conclusion not in FindingRow.Conclusion.values:
        problems.append("結論を選んでください。")
    if len(note.strip()) < LEAST_REASON:
        problems.append(f"結論の理由を{LEAST_REASON}字以上で入力してください。")
    if problems:
        raise Refused(*problems)
    row.conclusion, row.note = conclusion, note.strip()
    row.concluded_by_id, row.concluded_who, row.concluded_at = viewer.person, viewer.label, clock.now()
    row.save()
    audit.record(
        viewer, "finding.conclude", application, f"所見の結論：{row.get_conclusion_display()}",
        after={"finding": row.pk, "rule": row.rule}, reason=row.note, internal=True,
    )  # fmt: skip
    return row


def may_conclude(application: Application, viewer: Viewer) -> bool:
    """Say whether the viewer is staff, or a decider, of the lead bureau or of headquarters."""
    edits = viewer.may(FINDING, Access.EDIT) or viewer.may(FINDING, Access.SUBMIT)
    return edits and sits_on(application, Side.DRAFTER, viewer)


def _require_staff(application: Application, viewer: Viewer) -> None:
    if not may_conclude(application, viewer):
        require(viewer, FINDING, Access.EDIT)
        raise PermissionDenied("所見は、主管振興局または本庁が確認します。")


def _keep(application: Application, viewer: Viewer, digest: str, before: Finding, now: Finding) -> FindingRow:
    row = FindingRow.objects.create(
        application=application, rule=now.rule, title=now.title[:200], before=before.to_json(), now=now.to_json(),
        digest=digest, found_at=clock.now(),
    )  # fmt: skip
    after: dict[str, Any] = {"finding": row.pk, "rule": now.rule, "before": before.result, "now": now.result}
    audit.record(viewer, "finding.note", application, f"所見：{now.title}", after=after, internal=True)
    return row


def _digest(before: Finding, now: Finding) -> str:
    """The same change of the same rule on the same figures is the same finding, however often it is seen."""
    seen = [now.rule, before.result, now.result, now.to_json()]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
