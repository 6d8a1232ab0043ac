"""Who carries how much of a region's work: what is open, what was done in a year, who keeps the offices.

Counted from what stands in the portal (consents, figures owed, papers, the audit events), never from what people say
about each other. Members stand in code order: this is for sharing fairly, not for comparing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from common import clock
from common.fiscal_year import FiscalYear
from common.models import AuditEvent
from common.viewer import OfficeKind
from municipalities.models import Municipality
from regions.kpi_records import records_of
from regions.models import Agreement, AgreementConsent, Attendance, Kpi, Region, SubGroup, Vision
from regions.posts import grid_of, shares_of
from subsidies.models import Application, Participant
from subsidies.rulesets import newest_value
from subsidies.states import State

PERIOD = timedelta(days=365)
LOOKED = ("application.look", "application.form")  # opening a paper is no task
LEAD_WRITES = (State.DRAFT, State.RETURNED, State.SELECTED, State.READY)


class Kind(StrEnum):
    """What a task is about; a column of the table."""

    CONSENT = "consent"
    APPLICATION = "application"
    PAPER = "paper"
    KPI = "kpi"
    MEETING = "meeting"
    REGION = "region"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.CONSENT: "同意",
    Kind.APPLICATION: "申請・報告",
    Kind.PAPER: "協定・ビジョン",
    Kind.KPI: "取組・KPI",
    Kind.MEETING: "会議",
    Kind.REGION: "地域の運営",
}
_PREFIXES = {
    "application.consent": Kind.CONSENT,
    "application.agree": Kind.CONSENT,
    "application.decline": Kind.CONSENT,
    "agreement.consent": Kind.CONSENT,
    "agreement.decline": Kind.CONSENT,
    "application.": Kind.APPLICATION,
    "agreement.": Kind.PAPER,
    "vision.": Kind.PAPER,
    "kpi.": Kind.KPI,
    "project.": Kind.KPI,
    "region.": Kind.REGION,
    "group.": Kind.REGION,
}


@dataclass(frozen=True)
class Task:
    """One task: `on` is the day it was done or is due (None: no day), `who` the person who did it."""

    town: str
    kind: Kind
    text: str
    on: date | None
    url: str = ""
    who: str = ""


@dataclass
class Load:
    """One member: its open tasks, what it did in a year, its posts; `share` is its part of the secretariat posts."""

    town: Municipality
    leads: int
    secretariats: int
    share: Fraction | None
    heavy: bool
    open: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)

    @property
    def percent(self) -> Fraction | None:
        return None if self.share is None else self.share * 100

    @property
    def by_kind(self) -> list[int]:
        """What was done, column by column."""
        return [sum(task.kind == kind for task in self.done) for kind in Kind]

    @property
    def oldest_open(self) -> date | None:
        return min((task.on for task in self.open if task.on), default=None)


@dataclass(frozen=True)
class Burden:
    """The fair-share view of a region on a day; `limit` is the share above which a hint is shown (None: no rule)."""

    region: Region
    since: date
    on: date
    loads: list[Load]
    limit: Fraction | None
    unassigned: int

    @property
    def hints(self) -> list[str]:
        """What the members may want to talk about; never a reproach."""
        told = []
        others = [load.town.name for load in self.loads if not load.secretariats]
        for load in self.loads:
            if load.heavy and self.limit is not None and load.percent is not None:
                sentence = (
                    f"取組の事務局の{float(load.percent):.1f}％を{load.town.name}が受け持っています"
                    f"（目安 {float(self.limit * 100):.0f}％まで）。"
                )
                free = "、".join(others[:3]) + ("ほか" if len(others) > 3 else "")
                told.append(sentence + (f"{free}と分担できるか、話し合ってみてください。" if free else ""))
        if self.unassigned:
            told.append(f"事務局が決まっていない取組が{self.unassigned}件あります。")
        return told

    @property
    def tasks(self) -> list[Task]:
        """Every task, the open ones first, by member and day: what the list below the table shows and is exported."""
        return [task for load in self.loads for task in (*load.open, *load.done)]


def burden_of(region: Region, on: date) -> Burden:
    """Gather the view of today's members. The number of queries does not depend on their number."""
    grid = grid_of(region, on)
    limit = newest_value("secretariat_share_warn")
    posts = [line.posts for line in grid.lines]
    several = len(grid.lines) > 1
    loads = {
        share.town.pk: Load(
            share.town,
            share.leads,
            share.secretariats,
            share.share,
            several and limit is not None and share.share is not None and share.share > limit,
        )
        for share in shares_of(grid.members, posts)
    }
    since = on - PERIOD
    for task in (*_open(region), *_kpis(region, on)):
        if task.town in loads:
            loads[task.town].open.append(task)
    for task in (*_done(region, list(loads), since), *_attended(list(loads), since, on)):
        if task.town in loads:
            loads[task.town].done.append(task)
    for load in loads.values():
        load.open.sort(key=lambda task: (task.on or date.max, task.text))
        load.done.sort(key=lambda task: (task.on or date.min, task.text), reverse=True)
    unassigned = sum(not post.secretariat for post in posts)
    return Burden(region, since, on, list(loads.values()), limit, unassigned)


def _open(region: Region) -> list[Task]:
    """Consents asked for, and papers that the lead writes or a chair owes."""
    found = []
    asked = Participant.objects.filter(
        application__region=region,
        consent=Participant.Consent.ASKED,
        application__state__in=[State.CONSENT, State.RETURNED],
    ).select_related("application__call")
    for part in asked:
        url = reverse("subsidies:application_detail", args=[part.application_id])
        due = part.application.due_on or part.application.call.closes_on
        found.append(Task(part.municipality_id, Kind.CONSENT, f"申請{part.application.number}への同意", due, url))
    for row in Application.objects.filter(region=region, state__in=LEAD_WRITES).select_related("call"):
        url = reverse("subsidies:application_detail", args=[row.pk])
        words = f"申請{row.number}（{row.get_state_display()}）"
        found.append(Task(row.lead_id, Kind.APPLICATION, words, row.due_on or row.call.closes_on, url))
    waiting = AgreementConsent.objects.filter(agreement__region=region, agreement__state="consent").exclude(
        state="done"
    )
    for consent in waiting.select_related("agreement"):
        agreement = consent.agreement
        url = reverse("regions:agreement_detail", args=[agreement.pk])
        words = f"協定 第{agreement.version}版への同意"
        found.append(Task(consent.municipality_id, Kind.CONSENT, words, agreement.answer_by, url))
    for draft in Agreement.objects.filter(region=region, state="draft"):
        url = reverse("regions:agreement_detail", args=[draft.pk])
        found.append(Task(region.lead_id, Kind.PAPER, f"協定 第{draft.version}版の案の作成", None, url))
    for vision in Vision.objects.filter(region=region, state__in=["draft", "consulted"]):
        url = reverse("regions:vision_detail", args=[vision.pk])
        found.append(Task(region.lead_id, Kind.PAPER, f"ビジョン 第{vision.version}版の策定", None, url))
    for group in SubGroup.objects.filter(region=region, projects__isnull=False, decisions=None).acting().distinct():
        url = reverse("regions:group_detail", args=[group.pk])
        found.append(Task(group.chair_id, Kind.REGION, f"部会「{group.name}」の決定の記録", None, url))
    return found


def _kpis(region: Region, on: date) -> list[Task]:
    """Figures owed, by the secretariat of the initiative (the lead where it has none)."""
    found = []
    for record in records_of(Kpi.objects.filter(project__region=region), on):
        project = record.kpi.project
        for year in record.missing:
            words = f"KPI「{record.kpi.name}」の実績（{FiscalYear(year).wareki}）"
            day = FiscalYear(year + 1).first_day
            url = reverse("regions:kpi_list", args=[region.pk])
            found.append(Task(project.secretariat_id or region.lead_id, Kind.KPI, words, day, url))
    return found


def _done(region: Region, towns: list[str], since: date) -> list[Task]:
    """What people of the members did, from the audit events; saving one paper often on one day counts once."""
    keys = {f"{OfficeKind.MUNICIPALITY}:{town}": town for town in towns}
    cases = {str(pk): number for pk, number in Application.objects.filter(region=region).values_list("pk", "number")}
    events = AuditEvent.objects.filter(
        Q(subject_type="regions.region", subject_id=region.pk)
        | Q(subject_type="subsidies.application", subject_id__in=list(cases))
        | _papers(region),
        office_key__in=list(keys),
        at__gte=clock.at(since, 0),
        internal=False,
    ).order_by("-id")
    once: dict[tuple[object, ...], Task] = {}
    for event in events.values("at", "action", "title", "who", "office_key", "subject_type", "subject_id"):
        kind = _kind(event["action"])
        if kind is None:
            continue
        day = timezone.localdate(event["at"])
        title = event["title"]
        if event["subject_type"] == "subsidies.application":
            title = f"申請{cases[event['subject_id']]}：{title}"
        key = (event["office_key"], kind, title, day)
        once.setdefault(key, Task(keys[event["office_key"]], kind, title, day, who=event["who"]))
    return list(once.values())


def _papers(region: Region) -> Q:
    """Events about the region's papers, where they stand under the paper itself."""
    agreements = [str(pk) for pk in region.agreements.values_list("pk", flat=True)]
    visions = [str(pk) for pk in region.visions.values_list("pk", flat=True)]
    return Q(subject_type="regions.agreement", subject_id__in=agreements) | Q(
        subject_type="regions.vision", subject_id__in=visions
    )


def _kind(action: str) -> Kind | None:
    """The column of an act; None for what is no work of a member."""
    if action in LOOKED:
        return None
    return next((kind for prefix, kind in _PREFIXES.items() if action.startswith(prefix)), None)


def _attended(towns: list[str], since: date, on: date) -> list[Task]:
    """Meetings of the bureaus' conferences at which a member was present."""
    rows = Attendance.objects.filter(
        member__municipality__in=towns, meeting__held_on__gte=since, meeting__held_on__lte=on
    ).exclude(state=Attendance.State.ABSENT)
    return [
        Task(
            row.member.municipality_id or "",
            Kind.MEETING,
            f"{row.meeting.title}への出席",
            row.meeting.held_on,
            reverse("regions:meeting_detail", args=[row.meeting_id]),
        )
        for row in rows.select_related("meeting", "member")
    ]
