"""A case as the reviewer reads it: what was last submitted, beside what stood there before, and what happened since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from common import audit
from common.fiscal_year import FiscalYear, parse_day
from common.models import AuditEvent, DocumentIssue, StoredFile
from common.viewer import Viewer
from common.yen import show_yen
from regions.models import RegionMembership

from .case_steps import CaseStep, office_steps
from .comparing import OVERVIEW, Costs, Earlier, changes, costs_of, earlier_contents
from .models import Application, CorrectionItem, CorrectionRound, InternalNote, Opinion, Snapshot
from .papers_access import papers_of_case
from .rules.facts import ApplicationFacts
from .snapshots import Change, Content, content_of, show_figure

EDIT, EVALUATE = "application.edit", "application.evaluate"
TOGETHER = timedelta(seconds=5)


@dataclass(frozen=True)
class MemberRow:
    """One participant of the submission; `status` is its standing in the national schemes as it was judged."""

    code: str
    name: str
    lead: bool
    status: str
    joined: str
    consented_on: date | None
    split_yen: int
    burden_yen: int
    role: str
    changed: bool


@dataclass(frozen=True)
class KpiRow:
    """One KPI of the submission; figures are texts, because qualifiers belong to them."""

    project: str
    name: str
    unit: str
    kind: str
    baseline: str
    this_year: str
    target: str
    source: str
    changed: bool


@dataclass(frozen=True)
class CaseFile:
    """Everything on the left of the review page."""

    content: Content
    snapshot: Snapshot | None
    earlier: Earlier | None
    choices: list[Earlier]
    facts: list[tuple[str, str, str]]
    steps: list[CaseStep]
    overview: list[Change]
    costs: Costs
    members: list[MemberRow]
    kpis: list[KpiRow]
    files: list[StoredFile]
    papers: list[DocumentIssue]
    rounds: list[CorrectionRound]
    events: list[AuditEvent]
    notes: list[InternalNote]
    opinions: list[Opinion]

    @property
    def items(self) -> list[CorrectionItem]:
        """The items of the last return."""
        return list(self.rounds[0].items.all()) if self.rounds else []

    @property
    def split_yen(self) -> int:
        return sum(row.split_yen for row in self.members)

    @property
    def burden_yen(self) -> int:
        return sum(row.burden_yen for row in self.members)

    @property
    def agreed(self) -> int:
        return sum(row.consented_on is not None for row in self.members)

    @property
    def blank(self) -> int:
        return sum(row.status == "空白地域" for row in self.members)

    @property
    def split_matches(self) -> bool:
        return self.split_yen == self.content["requested_yen"]


def case_file_of(application: Application, viewer: Viewer, compare: str = "") -> CaseFile:
    """Return the case for a viewer; `compare` chooses the earlier content (last or year), the nearest by default.

    A constant number of queries. Notes and opinions are empty for those who may not see what is 庁内限り.
    """
    snapshots = list(application.snapshots.order_by("-version")[:2])
    content = snapshots[0].data if snapshots else content_of(application)
    choices = earlier_contents(application, viewer, snapshots)
    earlier = next((item for item in choices if item.key == compare), choices[0] if choices else None)
    lines = changes(content, earlier)
    reductions = {row.cost.number: row for row in application.reductions.select_related("cost")}
    events = list(audit.timeline(application, internal=viewer.sees_internal))
    year = next((item for item in choices if item.key == "year"), None)
    inside = viewer.sees_internal
    return CaseFile(
        content=content,
        snapshot=snapshots[0] if snapshots else None,
        earlier=earlier,
        choices=choices,
        facts=_facts(content, year),
        steps=office_steps(application, events),
        overview=[line for section in OVERVIEW for line in lines.get(section, ())],
        costs=costs_of(content, earlier, reductions if inside else {}),
        members=_members(application, content, lines.get("構成市町村", [])),
        kpis=_kpis(application, content, lines.get("KPI", [])),
        files=list(StoredFile.objects.of(application).visible_to(viewer)),
        papers=papers_of_case(application, viewer),
        rounds=list(application.rounds.order_by("-number").prefetch_related("items")),
        events=told(events),
        notes=list(application.notes.all()) if inside else [],
        opinions=list(application.opinions.all()) if inside else [],
    )


def told(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Leave out what only the auditor's list needs: looks, and the runs of the rules that another act brought about.

    Of a run of saves by the same person the last one stays (autosave writes many).
    """
    rows = [event for event in events if not event.action.endswith(".look")]
    kept: list[AuditEvent] = []
    for index, event in enumerate(rows):
        beside = (*rows[max(0, index - 1) : index], *rows[index + 1 : index + 2])
        if event.action == EVALUATE and any(_together(event, other) for other in beside):
            continue
        if kept and event.action == kept[-1].action == EDIT and event.who == kept[-1].who:
            continue
        kept.append(event)
    return kept


def _together(event: AuditEvent, other: AuditEvent) -> bool:
    return other.action != EVALUATE and other.who == event.who and abs(other.at - event.at) < TOGETHER


def _facts(content: Content, year: Earlier | None) -> list[tuple[str, str, str]]:
    """申請額, 前年度との差, 構成 as (term, value, unit)."""
    requested = content["requested_yen"]
    facts = [("申請額", show_yen(requested), "円")]
    if year is not None:
        before = year.content["requested_yen"]
        share = Fraction(requested - before, before) * 100 if before else None
        percent = f"（{'+' if share >= 0 else '▲'}{abs(float(share)):.1f}％）" if share is not None else ""
        facts.append(("前年度との差", show_yen(requested - before, sign=True), f"円{percent}"))
    names = {part["code"]: part["name"] for part in content["participants"]}
    facts.append(("構成", str(len(names)), f"市町村（代表 {names.get(content['lead'], '－')}）"))
    return facts


def _members(application: Application, content: Content, lines: list[Change]) -> list[MemberRow]:
    judged = {}
    if application.evaluation is not None:
        facts = ApplicationFacts.from_json(application.evaluation.facts)
        judged = {
            member.code: "、".join(zone.name for zone in member.zones) or member.status.label
            for member in facts.region.members
        }
    memberships = RegionMembership.objects.filter(region=application.region_id).order_by("joined_on")
    joined = dict(memberships.values_list("municipality", "joined_on"))
    changed = {line.label for line in lines if line.changed}
    return [
        MemberRow(
            code=part["code"],
            name=part["name"],
            lead=part["code"] == content["lead"],
            status=judged.get(part["code"], "－"),
            joined=FiscalYear.of(joined[part["code"]]).wareki if part["code"] in joined else "－",
            consented_on=parse_day(part["consented_on"]) if part["consented_on"] else None,
            split_yen=part["split_yen"],
            burden_yen=part["burden_yen"],
            role=part["role"],
            changed=part["name"] in changed,
        )
        for part in content["participants"]
    ]


def _kpis(application: Application, content: Content, lines: list[Change]) -> list[KpiRow]:
    changed = {line.label for line in lines if line.changed}
    rows = []
    for project in content["projects"]:
        for kpi in project["kpis"]:
            targets = dict(kpi["targets"])
            baseline = show_figure(kpi["baseline"] or "－")
            if kpi["baseline_fy"]:
                baseline = f"{baseline}（{FiscalYear(kpi['baseline_fy']).short}）"
            goal = f"{show_figure(kpi['target'] or '－')}{kpi['qualifier']}"
            rows.append(
                KpiRow(
                    project=project["name"],
                    name=kpi["name"],
                    unit=kpi["unit"],
                    kind=kpi["kind"],
                    baseline=baseline,
                    this_year=show_figure(targets.get(application.fiscal_year) or "－"),
                    target=f"{goal}（{FiscalYear(kpi['target_fy']).short}）" if kpi["target_fy"] else goal,
                    source=kpi["data_source"],
                    changed=f"{project['name']}：{kpi['name']}" in changed,
                )
            )
    return rows
