"""Values, baselines, targets of the prefecture-wide indicators (row 35); the steps of the year's turn (row 37)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.documents.numbering import open_year
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import Access, Viewer

from .duties import INDICATORS, ROLLOVER
from .models import PrefIndicator, PrefIndicatorPlan, PrefIndicatorValue, RolloverStep
from .rollover import may_act

OTHER_CHANGED = "ほかの人が先に更新しました。いま登録されている値は{value}{unit}（出典：{source}）です。"


@transaction.atomic
def set_official(
    code: str, *, fiscal_year: int, value: int, source: str, viewer: Viewer, revision: int | None = None
) -> PrefIndicatorValue:
    """Enter the official value of a year with its source; a changed value has to be confirmed again.

    `revision` is the one that the person saw (0: none was there). Raises PermissionDenied, DoesNotExist, Conflict,
    Refused (year to come, below zero, no source).
    """
    indicator = locking(PrefIndicator.objects.visible_to(viewer)).get(pk=code)
    require(viewer, INDICATORS, Access.EDIT)
    row = indicator.values.filter(fiscal_year=fiscal_year).first()
    if revision is not None and revision != (row.revision if row else 0):
        shown = {"value": row.value, "source": row.source} if row else {"value": "なし", "source": "－"}
        raise Conflict(OTHER_CHANGED.format(unit=indicator.unit if row else "", **shown))
    problems = []
    if fiscal_year > FiscalYear.of(clock.today()):
        problems.append("まだ始まっていない年度の公表値は入力できません。")
    if value < 0:
        problems.append("0以上の整数で入力してください。")
    if not source.strip():
        problems.append("出典を入力してください。")
    if problems:
        raise Refused(*problems)
    before = {"value": row.value, "source": row.source} if row else None
    after = {"value": value, "source": source.strip()}
    if row is not None and before == after:
        return row
    row = row or PrefIndicatorValue(indicator=indicator, fiscal_year=fiscal_year, revision=0)
    row.value, row.source, row.revision = value, source.strip(), row.revision + 1
    row.entered_at, row.entered_by_id = clock.now(), viewer.person
    row.confirmed_at, row.confirmed_by = None, None
    row.save()
    title = f"指標「{indicator.name}」の{FiscalYear(fiscal_year).wareki}の公表値を登録"
    audit.record(viewer, "indicator.set", indicator, title, before=before, after=after)
    return row


@transaction.atomic
def confirm_official(code: str, *, fiscal_year: int, viewer: Viewer, revision: int | None = None) -> PrefIndicatorValue:
    """Confirm a value, so that everyone reads it. Raises PermissionDenied (also for whoever entered it), Conflict."""
    indicator = PrefIndicator.objects.visible_to(viewer).get(pk=code)
    require(viewer, INDICATORS, Access.SUBMIT)
    row: PrefIndicatorValue = locking(indicator.values).get(fiscal_year=fiscal_year)
    if revision is not None and revision != row.revision:
        raise Conflict(OTHER_CHANGED.format(value=row.value, unit=indicator.unit, source=row.source))
    if row.confirmed:
        return row
    if viewer.stands_for(row.entered_by_id):
        raise PermissionDenied("入力した人とは別の人が確認してください。")
    row.confirmed_at, row.confirmed_by_id = clock.now(), viewer.person
    row.revision += 1
    row.save()
    title = f"指標「{indicator.name}」の{FiscalYear(fiscal_year).wareki}の公表値を確認"
    audit.record(viewer, "indicator.confirm", indicator, title, after={"value": row.value, "source": row.source})
    return row


@dataclass(frozen=True)
class IndicatorPlan:
    """Baseline and target as typed: a value or a word in its place; years are fiscal years."""

    baseline: int | None
    baseline_fy: int
    target: int | None
    target_fy: int
    source: str
    baseline_word: str = ""
    target_word: str = ""
    qualifier: str = ""

    def problems(self) -> list[str]:
        """What keeps it from being proposed, in Japanese sentences."""
        said = []
        for name, value, word in (
            ("基準値", self.baseline, self.baseline_word),
            ("目標値", self.target, self.target_word),
        ):
            if (value is None) == (not word.strip()):
                said.append(f"{name}は、数か言葉（「新規」「全市町村」など）のどちらか一方を入力してください。")
            elif value is not None and value < 0:
                said.append(f"{name}は0以上の整数で入力してください。")
        if self.target_fy <= self.baseline_fy:
            said.append("目標年度は基準年度より後にしてください。")
        if not self.source.strip():
            said.append("出典を入力してください。")
        return said


@transaction.atomic
def propose_plan(code: str, plan: IndicatorPlan, *, viewer: Viewer) -> PrefIndicatorPlan:
    """Prepare another baseline and target; what is in force stays until a decider confirms.

    Raises PermissionDenied, DoesNotExist, Refused: one waits already, nothing would change, what is wrong with it.
    """
    indicator = locking(PrefIndicator.objects.visible_to(viewer)).get(pk=code)
    require(viewer, INDICATORS, Access.EDIT)
    if indicator.plans.filter(state=PrefIndicatorPlan.State.WAITING).exists():
        raise Refused("確認を待つ基準値・目標値がすでにあります。先に確認するか、取りやめてください。")
    given = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(plan).items()}
    problems = plan.problems()
    if not problems and all(getattr(indicator, name) == value for name, value in given.items()):
        problems.append("いまの基準値・目標値と同じです。")
    if problems:
        raise Refused(*problems)
    row = indicator.plans.create(**given, entered_at=clock.now(), entered_by_id=viewer.person)
    title = f"指標「{indicator.name}」の基準値・目標値の案を登録"
    audit.record(viewer, "indicator.propose", indicator, title, before=_planned(indicator), after=given, internal=True)
    return row


@transaction.atomic
def confirm_plan(code: str, *, plan_id: int, viewer: Viewer) -> PrefIndicator:
    """Put a prepared baseline and target in force. Raises PermissionDenied (also for whoever entered it), Refused."""
    indicator, row = _waiting_plan(code, plan_id, viewer)
    require(viewer, INDICATORS, Access.SUBMIT)
    if viewer.stands_for(row.entered_by_id):
        raise PermissionDenied("入力した人とは別の人が確認してください。")
    before = _planned(indicator)
    for name in PrefIndicator.PLANNED:
        setattr(indicator, name, getattr(row, name))
    indicator.save(update_fields=PrefIndicator.PLANNED)
    _close_plan(row, PrefIndicatorPlan.State.CONFIRMED, viewer)
    title = f"指標「{indicator.name}」の基準値・目標値を確認"
    audit.record(viewer, "indicator.plan", indicator, title, before=before, after=_planned(indicator))
    return indicator


@transaction.atomic
def drop_plan(code: str, *, plan_id: int, viewer: Viewer) -> PrefIndicator:
    """Give up what was prepared: its staff or the decider. Raises PermissionDenied and Refused."""
    indicator, row = _waiting_plan(code, plan_id, viewer)
    if not viewer.may(INDICATORS, Access.EDIT):
        require(viewer, INDICATORS, Access.SUBMIT)
    _close_plan(row, PrefIndicatorPlan.State.DROPPED, viewer)
    title = f"指標「{indicator.name}」の基準値・目標値の案を取りやめ"
    audit.record(viewer, "indicator.drop", indicator, title, internal=True)
    return indicator


def _waiting_plan(code: str, plan_id: int, viewer: Viewer) -> tuple[PrefIndicator, PrefIndicatorPlan]:
    indicator = locking(PrefIndicator.objects.visible_to(viewer)).get(pk=code)
    row = indicator.plans.filter(pk=plan_id, state=PrefIndicatorPlan.State.WAITING).first()
    if row is None:
        raise Refused("確認を待つ基準値・目標値ではありません。ほかの人がすでに処理した可能性があります。")
    return indicator, row


def _close_plan(row: PrefIndicatorPlan, state: PrefIndicatorPlan.State, viewer: Viewer) -> None:
    row.state, row.closed_at, row.closed_by_id = state, clock.now(), viewer.person
    row.save(update_fields=["state", "closed_at", "closed_by"])


def _planned(indicator: PrefIndicator) -> dict[str, object]:
    return {name: getattr(indicator, name) for name in PrefIndicator.PLANNED}


@transaction.atomic
def finish_step(year: int, step: RolloverStep.Step, *, viewer: Viewer, note: str = "") -> RolloverStep:
    """Call a step of the turn into a fiscal year done; a second time leaves the first as it is. PermissionDenied."""
    _require_step(viewer, step)
    row, first = RolloverStep.objects.get_or_create(
        fiscal_year=year,
        step=step,
        defaults={"done_at": clock.now(), "done_who": viewer.label, "note": note.strip()[:200]},
    )
    if first:
        audit.record(
            viewer, "rollover.done", row, f"{FiscalYear(year).wareki}の年度更新：{step.label}", reason=row.note
        )
    return row


@transaction.atomic
def reopen_step(year: int, step: RolloverStep.Step, *, viewer: Viewer) -> None:
    """Call a step not done after all; nothing that was made in it is taken back. Raises PermissionDenied."""
    _require_step(viewer, step)
    for row in locking(RolloverStep.objects).filter(fiscal_year=year, step=step):
        title = f"{FiscalYear(year).wareki}の年度更新を未了に戻す：{step.label}"
        audit.record(viewer, "rollover.reopen", row, title, before={"done_who": row.done_who, "done_at": row.done_at})
        row.delete()


@transaction.atomic
def open_numbers(year: int, *, viewer: Viewer) -> int:
    """Open the number sequences of a fiscal year after those of the year before; return how many are new."""
    _require_step(viewer, RolloverStep.Step.NUMBERS)
    return open_year(year, viewer=viewer)


def _require_step(viewer: Viewer, step: RolloverStep.Step) -> None:
    require(viewer, ROLLOVER, Access.EDIT)
    if not may_act(viewer, step):
        raise PermissionDenied(f"「{step.label}」は、本庁 審査担当か本庁 決裁者が行います。")
