"""Official values of the prefecture-wide indicators: staff of headquarters enter, its decider confirms (row 35)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.fiscal_year import FiscalYear
from common.viewer import Access, Viewer

from .duties import INDICATORS
from .models import PrefIndicator, PrefIndicatorValue

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
