"""Official values of the prefecture-wide indicators (row 35), and the steps of the year's turn (row 37)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.documents.numbering import open_year
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer

from .duties import INDICATORS, ROLLOVER
from .models import PrefIndicator, PrefIndicatorValue, RolloverStep
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
    indicator = PrefIndicator.objects.visible_to(viewer).select_for_update().get(pk=code)
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
    row: PrefIndicatorValue = indicator.values.select_for_update().get(fiscal_year=fiscal_year)
    if revision is not None and revision != row.revision:
        raise Conflict(OTHER_CHANGED.format(value=row.value, unit=indicator.unit, source=row.source))
    if row.confirmed:
        return row
    if row.entered_by_id == viewer.user_id:
        raise PermissionDenied("入力した人とは別の人が確認してください。")
    row.confirmed_at, row.confirmed_by_id = clock.now(), viewer.person
    row.revision += 1
    row.save()
    title = f"指標「{indicator.name}」の{FiscalYear(fiscal_year).wareki}の公表値を確認"
    audit.record(viewer, "indicator.confirm", indicator, title, after={"value": row.value, "source": row.source})
    return row


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
    for row in RolloverStep.objects.select_for_update().filter(fiscal_year=year, step=step):
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
