"""What a region asks money for: participants, projects, costs, documents, dates, judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..codec import Json, decode, encode
from ..verdict import Judgement
from .documents import AgreementFacts, ConferenceFacts, EquivalenceFacts, ForwardPlanFacts, VisionFacts
from .region import RegionFacts

NOT_YET_APPLIED = "申請の内容がまだ入力されていません。"


@dataclass(frozen=True, slots=True)
class MunicipalityRef:
    """A municipality by its 6-digit code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """A municipality that takes part in the application.

    `split_yen` is its part of the requested grant, `elsewhere_yen` its parts of other grants of this program and
    fiscal year.
    """

    code: str
    name: str
    consented: bool = False
    split_yen: int | None = None
    elsewhere_yen: int = 0


@dataclass(frozen=True, slots=True)
class KpiFacts:
    """One KPI of a project; figures are texts as entered, because qualifiers belong to them (以上, 維持 …)."""

    name: str
    outcome: bool = False
    baseline: str = ""
    target: str = ""
    yearly_targets: tuple[tuple[int, str], ...] = ()
    data_source: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project (取組). `participants` are codes, empty for all participants of the application.

    `main_field` is empty where nobody has assigned one. `continues` names the earlier supported project that this one
    carries on where it bears another name, empty otherwise.
    """

    name: str
    main_field: str = ""
    fields: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    secretariat: str = ""
    continues: str = ""
    kpis: tuple[KpiFacts, ...] = ()

    @property
    def all_fields(self) -> tuple[str, ...]:
        """Main field first, each once."""
        return tuple(dict.fromkeys(name for name in (self.main_field, *self.fields) if name))


@dataclass(frozen=True, slots=True)
class CostLineFacts:
    """A line of the estimate in whole yen; `category` is its 節.

    `hard` is what the applicant declared: construction or facility (True), not (False), or not stated (None).
    `other_subsidy` marks a line for which another national or prefectural subsidy is received.
    """

    category: str
    amount_yen: int
    eligible_yen: int
    project: str = ""
    member: str = ""
    description: str = ""
    hard: bool | None = False
    other_subsidy: bool = False


@dataclass(frozen=True, slots=True)
class IncomeLineFacts:
    """A line of income besides the grant, in whole yen.

    `deducted` marks income that lowers the grant (participation fees, donations), in contrast to the members' own
    money.
    """

    name: str
    amount_yen: int
    deducted: bool = False


@dataclass(frozen=True, slots=True)
class AllotmentFacts:
    """The budget of the call for the lead bureau, in whole yen: allotted, and committed to other applications."""

    allotted_yen: int
    committed_yen: int

    @property
    def left_yen(self) -> int:
        return self.allotted_yen - self.committed_yen


@dataclass(frozen=True, slots=True)
class SelfRunningFacts:
    """How the work goes on after support: free outlook, and (municipality code, fiscal year, source of money) lines."""

    outlook: str = ""
    funding: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CostSharingFacts:
    """The cost-sharing table: registered or not, and the codes of the participants who agreed to it."""

    registered: bool = False
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubgroupFacts:
    """A sub-group (部会) under a framework agreement and the record of its decision."""

    name: str
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A mid-term review of the region's support; `passed` is None while it is open."""

    fiscal_year: int
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change after the decision: cost by category before and after, grant before and after, in whole yen."""

    categories: tuple[tuple[str, int, int], ...] = ()
    grant_before_yen: int = 0
    grant_after_yen: int = 0
    projects_changed: tuple[str, ...] = ()
    members_changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApplicationFacts:
    """A region with what it asks for.

    `region.members` are the municipalities that take part and are judged; `region_members` those who belong to the
    region by its dated memberships on the reference date (more of them where a sub-group applies).
    `unknown` maps the name of a field of this class, or a part of the projects ("project_fields", "kpis"), to the
    reason (Japanese) why nobody knows it; rules that need it answer NO_DATA with the reason.
    Amounts are whole yen. `elsewhere_yen` is what the region has been granted or asks for in other applications of
    this program and fiscal year; `other_subsidy` the declaration that some cost is also subsidised elsewhere, None
    while the box is empty.
    """

    region: RegionFacts
    region_members: tuple[MunicipalityRef, ...] = ()
    participants: tuple[ParticipantFacts, ...] = ()
    lead: str = ""
    submitted_on: date | None = None
    agreement: AgreementFacts | None = None
    vision: VisionFacts | None = None
    forward_plan: ForwardPlanFacts | None = None
    conference: ConferenceFacts | None = None
    equivalence: EquivalenceFacts | None = None
    projects: tuple[ProjectFacts, ...] = ()
    cost_lines: tuple[CostLineFacts, ...] = ()
    income_lines: tuple[IncomeLineFacts, ...] = ()
    plan_total_yen: int | None = None
    other_subsidy: bool | None = None
    requested_yen: int | None = None
    granted_yen: int | None = None
    elsewhere_yen: int = 0
    allotment: AllotmentFacts | None = None
    purpose: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    decision_expected_on: date | None = None
    early_start_approved: bool = False
    self_running: SelfRunningFacts | None = None
    cost_sharing: CostSharingFacts | None = None
    subgroup: SubgroupFacts | None = None
    pre_consultations_closed_on: tuple[date, ...] = ()
    midterm_review: ReviewFacts | None = None
    change: ChangeFacts | None = None
    case_sheets: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_region(cls, region: RegionFacts, reason: str = NOT_YET_APPLIED, **known: Any) -> ApplicationFacts:
        """Facts of a region alone: everything an application would add is unknown for this reason, unless given."""
        names = set(cls.__dataclass_fields__) - {"region", "judgements", "unknown"} - set(known)
        return cls(region=region, unknown=dict.fromkeys(sorted(names), reason), **known)

    def why_unknown(self, *names: str) -> str:
        """The reason why one of these fields is unknown; empty when all are known.

        "members" is unknown while no municipality is chosen.
        """
        if "members" in names and not self.region.members:
            return "構成市町村がまだ選ばれていません。"
        return next((self.unknown[name] for name in names if name in self.unknown), "")

    def judgement_of(self, rule: str) -> Judgement | None:
        """The latest recorded judgement of the rule."""
        return next((item for item in reversed(self.judgements) if item.rule == rule), None)

    def participants_of(self, project: ProjectFacts) -> tuple[str, ...]:
        """Codes of those who take part in the project; all participants where it names none."""
        return project.participants or tuple(item.code for item in self.participants)

    @property
    def judged_on(self) -> date:
        """The day on which documents must be in force: submission, or the reference date before it."""
        return self.submitted_on or self.region.on

    @property
    def amount_yen(self) -> int | None:
        """The grant in question: the amount to be decided once there is one, the requested one before."""
        return self.requested_yen if self.granted_yen is None else self.granted_yen

    @property
    def eligible_yen(self) -> int:
        return sum(line.eligible_yen for line in self.cost_lines)

    @property
    def people(self) -> int | None:
        """Who lives in the participating municipalities in the base year of the projection; None where unknown."""
        known = [self.region.by_code.get(item.code) for item in self.participants]
        counts = [member and member.projection and member.projection.base_people for member in known]
        return None if None in counts or not counts else sum(count or 0 for count in counts)

    @property
    def other_income_yen(self) -> int:
        """Income that lowers the grant (fees, donations)."""
        return sum(line.amount_yen for line in self.income_lines if line.deducted)

    def to_json(self) -> Json:
        return encode(self)

    @classmethod
    def from_json(cls, data: Json) -> ApplicationFacts:
        return decode(cls, data)
