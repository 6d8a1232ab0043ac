"""KPIs of initiatives: plan with its yearly path, and what was reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from common import audit, clock, files
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.models import StoredFile
from common.viewer import SYSTEM, Access, Viewer

from .. import duties
from ..models import Kpi, KpiActual, KpiTarget, Project, Region
from .access import project_for, require_part

BACKWARDS = "目標値が基準値と逆の向きです。方向（増やす・減らす）か数値を確かめてください。"


@dataclass(frozen=True)
class KpiDraft:
    """What a person typed. `baseline` is None where it is 新規; `target` None only for 全数; years are fiscal years;
    `yearly` is the planned value by fiscal year. `cumulative` is None where a form does not ask: it stays."""

    name: str
    unit: str
    kind: str = Kpi.Kind.OUTCOME
    direction: str = Kpi.Direction.UP
    cumulative: bool | None = None
    baseline: Decimal | None = None
    baseline_fy: int | None = None
    target: Decimal | None = None
    qualifier: str = Kpi.Qualifier.NONE
    target_fy: int | None = None
    data_source: str = ""
    yearly: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class ActualEntry:
    """What was reached in one fiscal year of one KPI; None takes it out. `evidence` may be empty: the data source."""

    kpi_id: int
    fiscal_year: int
    value: Decimal | None
    evidence: str = ""


@transaction.atomic
def set_kpi(
    project_id: int,
    draft: KpiDraft,
    *,
    viewer: Viewer,
    number: int | None = None,
    revision: int | None = None,
    entrusted: bool = False,
    remark: str = "",
) -> Kpi:
    """Write KPI `number` of the initiative, or add the next one. Raises Refused; DoesNotExist for a wrong number.

    `revision` is the one that the person saw: Conflict where somebody else has written since. `entrusted` says that the
    caller has made sure that this initiative was given to the person (a field officer, or staff of the bureau in a
    town's name); `remark` is then added to the title in the timeline.
    """
    project = project_for(viewer, project_id, duties.KPI, Access.READ if entrusted else Access.EDIT)
    problems = plan_problems(draft)
    if problems:
        raise Refused(*problems)
    kpi = project.kpis.get(number=number) if number else Kpi(project=project, number=_next_number(project))
    _expect(kpi, revision)
    before = _state(kpi) if kpi.pk else None
    if write_plan(kpi, draft):
        title = f"KPI「{kpi.name}」の計画を{'変更' if before else '登録'}{remark}"
        audit.record(viewer, "kpi.set", project.region, title, before=before, after=_state(kpi, draft.yearly))
    return kpi


def write_plan(kpi: Kpi, draft: KpiDraft) -> bool:
    """Put a draft into a KPI (new ones are not saved yet) and save it; False where nothing changed."""
    before = _state(kpi) if kpi.pk else None
    for name, value in asdict(draft).items():
        if name != "yearly" and (name != "cumulative" or value is not None):
            setattr(kpi, name, value)
    kpi.baseline_is_new = draft.baseline is None
    yearly = {int(year): value for year, value in sorted(draft.yearly.items())}
    if before == _state(kpi, yearly):
        return False
    kpi.changed_at = clock.now()
    kpi.revision += 1 if kpi.pk else 0
    kpi.save()
    kpi.targets.all().delete()
    KpiTarget.objects.bulk_create(KpiTarget(kpi=kpi, fiscal_year=year, value=value) for year, value in yearly.items())
    return True


@transaction.atomic
def remove_kpi(project_id: int, number: int, *, viewer: Viewer, entrusted: bool = False, remark: str = "") -> None:
    """Take KPI `number` out of the plan of the initiative; `entrusted` and `remark` as in `set_kpi`.

    Raises Refused once something was reached and recorded, DoesNotExist for a wrong number.
    """
    project = project_for(viewer, project_id, duties.KPI, Access.READ if entrusted else Access.EDIT)
    kpi = project.kpis.get(number=number)
    if kpi.actuals.exists():
        raise Refused(f"KPI「{kpi.name}」には実績が記録されているため、削除できません。")
    before = _state(kpi)
    kpi.delete()
    audit.record(viewer, "kpi.remove", project.region, f"KPI「{kpi.name}」を削除{remark}", before=before)


@transaction.atomic
def record_actuals(
    entries: Sequence[ActualEntry],
    *,
    viewer: Viewer,
    entrusted: Collection[int] = (),
    revisions: Mapping[int, int] | None = None,
    by_sheet: bool = False,
) -> list[Kpi]:
    """Write what was reached in several years of several KPIs, all or nothing; return the KPIs that changed.

    An entry without a value takes the actual of that year out again. Without words of its own an entry rests on the
    KPI's data source. `entrusted` are the ids of initiatives of which the caller has made sure that they were given to
    the person (a field officer); of all others the person needs the right to edit. `revisions` (KPI id → revision) are
    those that the person saw. Raises Conflict (somebody else wrote meanwhile), Refused (year in the future, no
    evidence, an actual with files taken out) and DoesNotExist.

    `by_sheet`: an import of I-10 writes, with the right to bring sheets in (row 36) and one event for each region.
    """
    kpis = _locked({entry.kpi_id for entry in entries}, viewer, entrusted, by_sheet)
    for kpi in kpis.values():
        _expect(kpi, (revisions or {}).get(kpi.pk))
    problems = [text for entry in entries for text in _wrong_actual(kpis[entry.kpi_id], entry)]
    if problems:
        raise Refused(*problems)
    changed: dict[int, dict[int, tuple[Any, Any]]] = {}
    for entry in entries:
        kpi = kpis[entry.kpi_id]
        before, after = _write_actual(kpi, entry)
        if before != after:
            changed.setdefault(kpi.pk, {})[entry.fiscal_year] = (before, after)
    for pk in changed:
        _touch(kpis[pk])
    if by_sheet:
        record_import([kpis[pk] for pk in changed], "KPIの実績をExcelから取込", viewer)
        return [kpis[pk] for pk in changed]
    for pk, years in changed.items():
        kpi = kpis[pk]
        named = "・".join(FiscalYear(year).wareki for year in sorted(years))
        audit.record(
            viewer,
            "kpi.actual",
            kpi.project.region,
            f"KPI「{kpi.name}」の{named}の実績を登録",
            before={"kpi": pk, "actuals": {str(year): before for year, (before, _) in years.items() if before}},
            after={"kpi": pk, "actuals": {str(year): after for year, (_, after) in years.items() if after}},
        )
    return [kpis[pk] for pk in changed]


def record_actual(
    kpi_id: int,
    *,
    fiscal_year: int,
    value: Decimal,
    evidence: str,
    viewer: Viewer,
    entrusted: Collection[int] = (),
    revision: int | None = None,
) -> KpiActual:
    """Write what was reached in one fiscal year; a second entry replaces the first. Raises as `record_actuals`."""
    entry = ActualEntry(kpi_id, fiscal_year, value, evidence)
    seen = {} if revision is None else {kpi_id: revision}
    record_actuals([entry], viewer=viewer, entrusted=entrusted, revisions=seen)
    return KpiActual.objects.get(kpi=kpi_id, fiscal_year=fiscal_year)


@transaction.atomic
def attach_evidence(
    kpi_id: int, *, fiscal_year: int, upload: File, viewer: Viewer, entrusted: Collection[int] = ()
) -> StoredFile:
    """Keep a file on which the actual of that year rests. Raises Refused where no actual is recorded, FileRefused."""
    kpi = _locked({kpi_id}, viewer, entrusted)[kpi_id]
    if not kpi.actuals.filter(fiscal_year=fiscal_year).exists():
        raise Refused(f"{FiscalYear(fiscal_year).wareki}の実績を先に入力してください。")
    return files.store(upload, subject=kpi, label=evidence_label(fiscal_year), viewer=viewer)


@transaction.atomic
def detach_evidence(kpi_id: int, file_id: int, *, viewer: Viewer, entrusted: Collection[int] = ()) -> StoredFile:
    """Take an evidence file out of the page; it stays in the archive. Raises DoesNotExist."""
    kpi = _locked({kpi_id}, viewer, entrusted)[kpi_id]
    stored: StoredFile = StoredFile.objects.of(kpi).visible_to(viewer).get(pk=file_id)
    files.remove(stored, viewer=viewer)
    return stored


def record_import(kpis: Sequence[Kpi], title: str, viewer: Viewer) -> None:
    """One event for each region whose KPIs a sheet wrote; `after` names them."""
    by_region: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        by_region.setdefault(kpi.project.region_id, []).append(kpi)
    for rows in by_region.values():
        after = {"kpis": [kpi.pk for kpi in rows]}
        audit.record(viewer, "kpi.import", rows[0].project.region, f"{title}（{len(rows)}件）", after=after)


def require_sheet_part(viewer: Viewer, regions: Collection[Region]) -> None:
    """Raise PermissionDenied unless this person may bring in KPIs of these regions (row 36).

    Planners those to which their town belongs, bureau staff those they lead, headquarters and the administrator all.
    """
    if viewer is SYSTEM:
        return
    require(viewer, duties.BRING_IN_KPIS, Access.EDIT)
    for region in regions:
        if not viewer.is_prefecture:
            require_part(viewer, region)


def evidence_label(fiscal_year: int) -> str:
    """令和7年度の実績の根拠."""
    return f"{FiscalYear(fiscal_year).wareki}の実績の根拠"


def _locked(
    kpi_ids: Collection[int], viewer: Viewer, entrusted: Collection[int], by_sheet: bool = False
) -> dict[int, Kpi]:
    """Return the locked KPIs for their writing, by id. Raises DoesNotExist and PermissionDenied."""
    rows = locking(Kpi.objects).select_related("project__region").order_by("pk")
    seen = Region.objects.all() if viewer is SYSTEM else Region.objects.visible_to(viewer)
    kpis = {kpi.pk: kpi for kpi in rows.filter(pk__in=kpi_ids, project__region__in=seen)}
    if len(kpis) < len(set(kpi_ids)):
        raise Kpi.DoesNotExist
    if by_sheet:
        require_sheet_part(viewer, {kpi.project.region_id: kpi.project.region for kpi in kpis.values()}.values())
        return kpis
    regions = {}
    for kpi in kpis.values():
        own = kpi.project_id in entrusted
        require(viewer, duties.KPI, Access.READ if own else Access.EDIT)
        regions[kpi.project.region_id] = kpi.project.region
    for region in regions.values():
        require_part(viewer, region)
    return kpis


def _expect(kpi: Kpi, revision: int | None) -> None:
    """Raise Conflict where the KPI is not the one that the person saw."""
    if revision is not None and kpi.revision != revision:
        raise Conflict(f"KPI「{kpi.name}」は、ほかの人が先に更新しました。いまの内容と見比べてください。")


def _wrong_actual(kpi: Kpi, entry: ActualEntry) -> Iterator[str]:
    named = f"KPI「{kpi.name}」の{FiscalYear(entry.fiscal_year).wareki}："
    if entry.value is None:
        if StoredFile.objects.of(kpi).filter(removed_at=None, label=evidence_label(entry.fiscal_year)).exists():
            yield f"{named}根拠のファイルがあるため、実績を消せません。先にファイルを外してください。"
        return
    if entry.fiscal_year > FiscalYear.of(clock.today()):
        yield f"{named}まだ始まっていない年度の実績は入力できません。"
    if not (entry.evidence.strip() or kpi.data_source.strip()):
        yield f"{named}実績の根拠を入力してください。"


def _write_actual(kpi: Kpi, entry: ActualEntry) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Write or take out one actual; return how it stood and how it stands."""
    row = kpi.actuals.filter(fiscal_year=entry.fiscal_year).first()
    before = {"value": row.value, "evidence": row.evidence} if row else None
    if entry.value is None:
        if row is not None:
            row.delete()
        return before, None
    after = {"value": entry.value, "evidence": entry.evidence.strip() or kpi.data_source.strip()}
    if before != after:
        KpiActual.objects.update_or_create(kpi=kpi, fiscal_year=entry.fiscal_year, defaults=after)
    return before, after


def _touch(kpi: Kpi) -> None:
    kpi.revision += 1
    kpi.changed_at = clock.now()
    kpi.save(update_fields=["revision", "changed_at"])


def plan_problems(draft: KpiDraft) -> list[str]:
    """What is wrong with a draft, as sentences; empty where it can be measured."""
    problems = []
    if not draft.name.strip():
        problems.append("指標名を入力してください。")
    if not draft.unit.strip():
        problems.append("単位を入力してください。")
    if draft.target is None and draft.qualifier != Kpi.Qualifier.ALL:
        problems.append("目標値を入力してください（全数の場合を除く）。")
    if draft.baseline is not None and draft.baseline_fy is None:
        problems.append("基準値の年度を入力してください。")
    if draft.target_fy is None:
        problems.append("目標年度を入力してください。")
    elif draft.baseline_fy is not None and draft.target_fy <= draft.baseline_fy:
        problems.append("目標年度は基準年度より後にしてください。")
    if backwards(draft.baseline, draft.target, draft.direction):
        problems.append(BACKWARDS)
    return problems


def backwards(baseline: Decimal | None, target: Decimal | None, direction: str) -> bool:
    """Whether the target lies on the wrong side of the baseline for the direction (増やす, 減らす)."""
    if baseline is None or target is None:
        return False
    return target < baseline if direction == Kpi.Direction.UP else target > baseline and direction == Kpi.Direction.DOWN


def _next_number(project: Project) -> int:
    return (project.kpis.aggregate(last=Max("number"))["last"] or 0) + 1


def _state(kpi: Kpi, yearly: Mapping[int, Decimal] | None = None) -> dict[str, object]:
    """The plan of a KPI as the timeline keeps it; `yearly` where it is not written yet."""
    return {
        "kpi": kpi.pk,
        "name": kpi.name,
        "unit": kpi.unit,
        "kind": kpi.kind,
        "direction": kpi.direction,
        "cumulative": kpi.cumulative,
        "baseline": kpi.baseline,
        "baseline_fy": kpi.baseline_fy,
        "target": kpi.target,
        "qualifier": kpi.qualifier,
        "target_fy": kpi.target_fy,
        "data_source": kpi.data_source,
        "yearly": {row.fiscal_year: row.value for row in kpi.targets.all()} if yearly is None else dict(yearly),
    }
