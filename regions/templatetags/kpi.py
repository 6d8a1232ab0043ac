"""Where KPIs stand, as pages show it: `{% load kpi %}`. Always a shape and a word."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from common.fiscal_year import FiscalYear
from common.templatetags.portal import mark
from municipalities.population import percent

from ..achievement import Standing
from ..karte import target_text
from ..kpi_records import KpiRecord
from ..models import Kpi

register = template.Library()
SHAPES = {
    Standing.ON_PATH: "pass",
    Standing.SHORT: "warn",
    Standing.MISSING: "judge",
    Standing.OPEN: "no_data",
    Standing.NOT_DUE: "not_applicable",
}


@register.simple_tag
def standing(record: KpiRecord) -> SafeString:
    """計画どおり, 計画を下回る, 実績なし …, with its shape."""
    return mark(SHAPES[record.standing], record.standing.label)


@register.simple_tag
def standings(tally: Mapping[Standing, int]) -> SafeString:
    """計画どおり 3件　計画を下回る 1件: those that there are."""
    found = [(mark(SHAPES[one], f"{one.label} {many}件"),) for one, many in tally.items() if many]
    return format_html_join("　", "{}", found)


@register.simple_tag
def target(kpi: Kpi) -> str:
    """180以上, 25以上を維持, 全数."""
    return target_text(kpi)


@register.simple_tag
def achieved(record: KpiRecord) -> str:
    """78.9％; 達成 or 未達 where no share can be computed; － without an actual."""
    found = record.achieved
    if found is None or (found.share is None and found.reached is None):
        return "－"
    if found.share is None:
        return "達成" if found.reached else "未達"
    return f"{percent(found.share, 1)}％"


@register.filter
def fy_short(year: int | None) -> str:
    """R8; empty for None."""
    return "" if year is None else FiscalYear(year).short
