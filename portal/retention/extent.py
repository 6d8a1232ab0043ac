"""What belongs to a thing and what becomes of it: rows that go, rows of which only the figures stay, papers, files.

The principle (docs/decisions/0036): what people wrote goes, what is counted stays. So the ledger, the grant register
and the annual report of a year long past say the same after its files are gone. Every table that hangs on one of the
four kinds is named here; a test walks the models and fails for one that nobody thought of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Count, Field, Model, Q, QuerySet, Value

from common.models import DocumentIssue, Notice, NoticeMail, NoticeRead, SheetImport, SheetImportChunk, StoredFile
from regions import models as region
from subsidies import models as grant
from subsidies.models import Package

from ..models import SearchEntry

GONE = "（廃棄済）"
"""Stands where a rule of the database asks for a text that went."""


@dataclass(frozen=True)
class Going:
    """A table whose rows go: the model and the way from it to the thing."""

    model: type[Model]
    path: str


@dataclass(frozen=True)
class Staying:
    """A table whose rows stay without these fields."""

    model: type[Model]
    path: str
    emptied: tuple[str, ...] = ()

    def empty(self) -> dict[str, Any]:
        """What is written into the emptied fields: nothing, as far as the field may be empty."""
        return {name: _nothing(self.model._meta.get_field(name)) for name in self.emptied}


Table = Going | Staying
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Kind:
    """One class of things."""

    model: type[Model]
    staying: tuple[Staying, ...]
    going: tuple[Going, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        return (*self.staying, *self.going)


def _nothing(one: Any) -> Any:
    if one.null:
        return None
    return one.get_default() if isinstance(one, Field) and one.has_default() else ""


def _rows(path: str, *models: type[Model]) -> tuple[Going, ...]:
    return tuple(Going(model, path) for model in models)


APPLICATION = Kind(
    grant.Application,
    staying=(
        Staying(
            grant.Application,
            "pk",
            (
                "purpose", "plan", "other_subsidy_note", "cost_sharing_note", "self_running_plan", "late_reason",
                "evaluation",
            ),
        ),
        Staying(
            grant.Participant, "application", ("consented_content", "consent_document_no", "consent_note", "role")
        ),
        Staying(grant.ApplicationProject, "application", ("scale", "content")),
        Staying(grant.Decision, "application", ("route", "conditions", "document")),
        Staying(grant.Payment, "application", ("reason", "creditor_no", "document", "answer")),
        Staying(
            grant.Inspection, "application", ("checks", "sampled", "findings", "adjustment", "inspected_who")
        ),
        Staying(grant.Report, "application", ("work_done", "effect", "problems", "outlook")),
        Staying(grant.BudgetEntry, "application"),  # append-only
        Staying(grant.BatchRow, "application", ("message",)),
        Staying(grant.SimulationLine, "application", ("reason",)),
        Staying(grant.FollowUp, "application", ("answered_who", "commented_who")),  # the yearly survey, published
        Staying(grant.CaseSheet, "report__application"),  # the collection of cases, published
        Staying(SheetImport, "parameters__application", ("file", "messages", "problem")),
    ),
    going=(
        *_rows("progress__application", grant.ProgressItem, grant.ProgressSpent),
        *_rows(
            "report__application", grant.ReportCost, grant.ReportIncome, grant.ReportShare, grant.ReportItem,
            grant.ReportReminder,
        ),
        *_rows("run__parameters__application", SheetImportChunk),
        *_rows("round__application", grant.CorrectionItem),
        *_rows("route__application", grant.ApprovalStep),
        *_rows("revocation__application", grant.RevocationConcurrence),
        *_rows("change__application", grant.ChangeVersion),
        *_rows(
            "application", grant.ProgressReport, grant.ReductionLine, grant.CostLine, grant.IncomeLine,
            grant.SelfRunningLine, grant.CaseOpening, grant.CorrectionRound, grant.Reopening, grant.Settlement,
            grant.ReturnOrder, grant.Revocation, grant.ChangeRequest, grant.ApprovalRoute, grant.Delegation,
            grant.Finding, grant.PreConsultation, grant.Judgement, grant.Evaluation, grant.Snapshot,
            grant.InternalNote, grant.Opinion,
        ),
    ),
)  # fmt: skip
AGREEMENT = Kind(
    region.Agreement,
    staying=(Staying(region.Agreement, "pk", ("witness", "asked_content", "source")),),
    going=(
        *_rows("initiative__agreement", region.AgreementRole),
        Going(region.AgreementInitiative.fields.through, "agreementinitiative__agreement"),
        *_rows(
            "agreement", region.AgreementInitiative, region.AgreementArticle, region.AgreementConsent,
            region.AgreementRound, region.RegionComment,
        ),
    ),
)  # fmt: skip
VISION = Kind(
    region.Vision,
    staying=(Staying(region.Vision, "pk", ("future_image", "issues", "aims", "reference", "source")),),
    going=(
        *_rows("item__vision", region.VisionRole, region.VisionCost),
        *_rows("vision", region.VisionProject, region.RegionComment),
    ),
)
PLAN = Kind(
    region.ForwardPlan,
    staying=(
        Staying(region.ForwardPlan, "pk", ("direction", "waiver_reason", "document")),
        Staying(region.ForwardPlanRegion, "plan"),
        Staying(region.ForwardPlanInitiative, "plan"),  # counted by the indicators of past days
    ),
    going=(
        *_rows("review__plan", region.InitiativeProgress),
        *_rows("plan", region.ForwardPlanReview, region.PlanComment),
    ),
)
KINDS: dict[str, Kind] = {"application": APPLICATION, "agreement": AGREEMENT, "vision": VISION, "plan": PLAN}


class Extent:
    """Everything that belongs to some things of one class, asked of the database when it is wanted."""

    def __init__(self, kind: str, keys: Iterable[str]) -> None:
        self.kind, self.keys, self.shape = kind, [int(key) for key in keys], KINDS[kind]

    def rows(self, table: Table) -> QuerySet[Any]:
        """The rows of one table."""
        keys = [str(key) for key in self.keys] if "parameters" in table.path else self.keys
        return table.model._default_manager.filter(**{f"{table.path}__in": keys}).order_by("pk")

    def going(self) -> Iterator[tuple[type[Model], QuerySet[Any]]]:
        """The rows that go, children before what they hang on."""
        for table in self.shape.going:
            yield table.model, self.rows(table)

    def staying(self) -> Iterator[tuple[Staying, QuerySet[Any]]]:
        """The rows of which the figures stay."""
        for table in self.shape.staying:
            yield table, self.rows(table)

    def counted(self) -> tuple[Counts, Counts]:
        """How many rows go and how many stay, by the name of their table; one query."""
        tables = self.shape.tables
        asked = [
            self.rows(table).order_by().annotate(table=Value(place)).values("table").annotate(many=Count("pk"))
            for place, table in enumerate(tables)
        ]
        found = {row["table"]: row["many"] for row in asked[0].union(*asked[1:], all=True)}
        named = [(table, str(table.model._meta.verbose_name), found.get(at, 0)) for at, table in enumerate(tables)]
        told = [one for one in named if one[2] and not one[0].model._meta.auto_created]
        return (
            tuple((name, many) for table, name, many in told if isinstance(table, Going)),
            tuple((name, many) for table, name, many in told if isinstance(table, Staying)),
        )

    @cached_property
    def _about(self) -> Q:
        """Names the things and every row of them, as papers, files and notices name their subject."""
        kinds = [model.objects.order_by().values_list("subject_type") for model in (DocumentIssue, StoredFile, Notice)]
        occurring = {label for (label,) in kinds[0].union(*kinds[1:])}
        named = Q(pk=None)
        for table in self.shape.tables:
            label = table.model._meta.label_lower
            if label in occurring:
                keys = [str(pk) for pk in self.rows(table).values_list("pk", flat=True)]
                named |= Q(subject_type=label, subject_id__in=keys)
        return named

    def papers(self) -> QuerySet[DocumentIssue]:
        """Papers issued about them."""
        return DocumentIssue.objects.filter(self._about).order_by("pk")

    def files(self) -> QuerySet[StoredFile]:
        """Files uploaded for them, also those that were taken out again."""
        return StoredFile.objects.filter(self._about).order_by("pk")

    def notices(self) -> QuerySet[Notice]:
        """Notices about them."""
        return Notice.objects.filter(self._about).order_by("pk")

    def notice_rows(self) -> Iterator[tuple[type[Model], QuerySet[Any]]]:
        """Notices with who read them and whom they were mailed to."""
        notices = list(self.notices().values_list("pk", flat=True))
        yield NoticeRead, NoticeRead.objects.filter(notice__in=notices)
        yield NoticeMail, NoticeMail.objects.filter(notice__in=notices)
        yield Notice, Notice.objects.filter(pk__in=notices)

    def packages(self) -> QuerySet[Package]:
        """Packages made of them (audit, disclosure): copies, so their files go too."""
        made = Package.objects.filter(state=Package.State.MADE).order_by("pk")
        return made.filter(applications__in=self.keys).distinct() if self.kind == "application" else made.none()

    def search_rows(self) -> QuerySet[SearchEntry]:
        """What the search knows of them; the figures that stay are read anew afterwards."""
        about = Q(kind=self.kind, key__in=[str(key) for key in self.keys])
        if self.kind == "application":
            about |= Q(kind__in=["note", "payment"], ref__in=self.keys)
            about |= Q(kind="document", ref__in=list(self.papers().values_list("pk", flat=True)))
        return SearchEntry.objects.filter(about)

    def stored_names(self) -> tuple[list[str], list[str], list[str]]:
        """Names in the storage of papers (empty where one was never drawn), of files and of packages."""
        return (
            list(self.papers().values_list("pdf", flat=True)),
            list(self.files().values_list("file", flat=True)),
            list(self.packages().values_list("file", flat=True)),
        )


@dataclass(frozen=True)
class Amount:
    """How much goes of some things: rows by table, papers, files, notices, bytes in the storage; and what stays."""

    rows: Counts
    stays: Counts
    papers: int
    files: int
    packages: int
    notices: int
    bytes: int

    @property
    def row_count(self) -> int:
        """Rows of all tables that go."""
        return sum(count for _, count in self.rows)

    @property
    def as_json(self) -> dict[str, int]:
        """What the line in the register keeps of it."""
        return {
            "rows": self.row_count,
            "papers": self.papers,
            "files": self.files + self.packages,
            "notices": self.notices,
            "bytes": self.bytes,
        }


def amount_of(extent: Extent) -> Amount:
    """Count what goes and what stays, and weigh the files; eight queries at most, however many things there are."""
    rows, stays = extent.counted()
    papers, files, packages = extent.stored_names()
    names = {*papers, *files, *packages} - {""}
    return Amount(
        rows=rows,
        stays=stays,
        papers=len(papers),
        files=len(files),
        packages=len(packages),
        notices=extent.notices().count(),
        bytes=sum(default_storage.size(name) for name in names if default_storage.exists(name)),
    )


def summed(amounts: Iterable[Amount]) -> Amount:
    """Several classes together, tables of the same name as one line."""
    told = list(amounts)
    return Amount(
        rows=_together(amount.rows for amount in told),
        stays=_together(amount.stays for amount in told),
        papers=sum(amount.papers for amount in told),
        files=sum(amount.files for amount in told),
        packages=sum(amount.packages for amount in told),
        notices=sum(amount.notices for amount in told),
        bytes=sum(amount.bytes for amount in told),
    )


def _together(counts: Iterable[Counts]) -> Counts:
    whole: Counter[str] = Counter()
    for some in counts:
        whole.update(dict(some))
    return tuple(whole.items())
