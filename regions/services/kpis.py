"""KPIs of initiatives: plan with its yearly path, and what was reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from common import audit, clock
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer

from .. import duties
from ..models import Kpi, KpiActual, KpiTarget, Project
from .access import project_for


@dataclass(frozen=True)
class KpiDraft:
    """What a person typed. `baseline` is None where it is 新規; `target` None only for 全数; years are fiscal years;
    `yearly` is the planned value by fiscal year."""

    name: str
    unit: str
    kind: str = Kpi.Kind.OUTCOME
    direction: str = Kpi.Direction.UP
    cumulative: bool = False
    baseline: Decimal | None = None
    baseline_fy: int | None = None
    target: Decimal | None = None
    qualifier: str = Kpi.Qualifier.NONE
    target_fy: int | None = None
    data_source: str = ""
    yearly: Mapping[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def set_kpi(
    project_id: int,
    draft: KpiDraft,
    *,
    viewer: Viewer,
    number: int | None = None,
    entrusted: bool = False,
    remark: str = "",
) -> Kpi:
    """Write KPI `number` of the initiative, or add the next one. Raises Refused; DoesNotExist for a wrong number.

    `entrusted` says that the caller has made sure that this initiative was given to the person (a field officer, or
    staff of the bureau in a town's name); `remark` is then added to the title in the timeline.
    """
    project = project_for(viewer, project_id, duties.KPI, Access.READ if entrusted else Access.EDIT)
    problems = _problems(draft)
    if problems:
        raise Refused(*problems)
    kpi = project.kpis.get(number=number) if number else Kpi(project=project, number=_next_number(project))
    before = _state(kpi) if kpi.pk else None
    for name, value in asdict(draft).items():
        if name != "yearly":
            setattr(kpi, name, value)
    kpi.baseline_is_new = draft.baseline is None
    kpi.save()
    kpi.targets.all().delete()
    KpiTarget.objects.bulk_create(
        KpiTarget(kpi=kpi, fiscal_year=year, value=value) for year, value in sorted(draft.yearly.items())
    )
    title = f"KPI「{kpi.name}」を登録{remark}"
    audit.record(viewer, "kpi.set", project.region, title, before=before, after=_state(kpi))
    return kpi


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
def record_actual(kpi_id: int, *, fiscal_year: int, value: Decimal, evidence: str, viewer: Viewer) -> KpiActual:
    """Write what was reached in a fiscal year, with what it rests on; a second entry replaces the first.

    Raises Refused: a year in the future, no evidence.
    """
    kpi = Kpi.objects.select_related("project").get(pk=kpi_id)
    project = project_for(viewer, kpi.project_id, duties.KPI, Access.EDIT)
    if fiscal_year > FiscalYear.of(clock.today()):
        raise Refused("まだ始まっていない年度の実績は入力できません。")
    if not evidence.strip():
        raise Refused("実績の根拠を入力してください。")
    earlier = kpi.actuals.filter(fiscal_year=fiscal_year).first()
    actual, _ = KpiActual.objects.update_or_create(
        kpi=kpi, fiscal_year=fiscal_year, defaults={"value": value, "evidence": evidence.strip()}
    )
    audit.record(
        viewer,
        "kpi.actual",
        project.region,
        f"KPI「{kpi.name}」の{FiscalYear(fiscal_year).wareki}の実績を登録",
        before={"value": earlier.value} if earlier else None,
        after={"value": value, "evidence": evidence.strip()},
    )
    return actual


def _problems(draft: KpiDraft) -> list[str]:
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
    return problems


def _next_number(project: Project) -> int:
    return (project.kpis.aggregate(last=Max("number"))["last"] or 0) + 1


def _state(kpi: Kpi) -> dict[str, object]:
    return {
        "name": kpi.name,
        "unit": kpi.unit,
        "baseline": kpi.baseline,
        "target": kpi.target,
        "qualifier": kpi.qualifier,
        "target_fy": kpi.target_fy,
        "yearly": {row.fiscal_year: row.value for row in kpi.targets.all()},
    }
