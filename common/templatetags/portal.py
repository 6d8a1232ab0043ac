"""How yen, years, dates, states and results look on every page; loaded everywhere as a builtin.

Components with more than a line of HTML are templates in `templates/components/`; each says at its head what it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock
from common.fiscal_year import FiscalYear, compact_day, short_day, wareki
from common.yen import kin, show_thousands, show_yen

register = template.Library()

SHAPES = {"ours": "", "them": " state--them", "done": " state--done", "late": " state--late", "end": " state--end"}
RESULTS = {
    "pass": ("ok", "適合"),
    "fail": ("ng", "不適合"),
    "judge": ("judge", "要判断"),
    "warn": ("warn", "注意"),
    "no_data": ("none", "データなし"),
    "not_applicable": ("none", "対象外"),
}


@register.filter
def yen(amount: int | None) -> str:
    """8,640,000 (unit in the head)."""
    return show_yen(amount)


@register.filter
def yen_diff(amount: int | None) -> str:
    """+1,120,000 or ▲1,120,000, for difference columns."""
    return show_yen(amount, sign=True)


@register.filter
def thousands(amount: int | None) -> str:
    """8,640 in 千円, for overviews."""
    return show_thousands(amount)


@register.filter(name="kin")
def kin_filter(amount: int) -> str:
    """金8,640,000円."""
    return kin(amount)


@register.filter
def fy(year: int | None) -> str:
    """令和6年度."""
    return "－" if year is None else FiscalYear(year).wareki


@register.filter
def fy_full(year: int | None) -> str:
    """令和6年度（2024）."""
    return "－" if year is None else FiscalYear(year).full


@register.filter
def old_year(year: int | None) -> str:
    """旧年度（出納閉鎖 5月31日まで） for a year that is over while its books are open; empty for all others."""
    if not year or not FiscalYear(year).is_old(clock.today()):
        return ""
    closes = FiscalYear(year).books_close_on
    return f"旧年度（出納閉鎖 {closes.month}月{closes.day}日まで）"


@register.filter
def day(value: date | datetime | None) -> str:
    """令和6年4月18日."""
    return wareki(_day(value))


@register.filter
def day_week(value: date | datetime | None) -> str:
    """令和6年4月18日（木）."""
    return wareki(_day(value), weekday=True)


@register.filter
def day_compact(value: date | datetime | None) -> str:
    """R6.4.18."""
    return compact_day(_day(value))


@register.filter
def day_short(value: date | datetime | None) -> str:
    """4月18日（木）."""
    return short_day(_day(value))


@register.filter
def time_of(value: datetime | None) -> str:
    """10:42."""
    return "" if value is None else timezone.localtime(value).strftime("%H:%M")


@register.filter
def left(value: date | None) -> str:
    """あと8日, 本日, 1日超過."""
    if value is None:
        return ""
    days = clock.days_until(value)
    return "本日" if days == 0 else f"あと{days}日" if days > 0 else f"{-days}日超過"


@register.filter
def number(value: int | None) -> str:
    """71,771; － when there is no value."""
    return "－" if value is None else f"{value:,}"


def _day(value: date | datetime | None) -> date | None:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.simple_tag
def state(label: Any, shape: str = "") -> SafeString:
    """A state as shape and word: `{% state "審査中" "ours" %}`, or `{% state badge %}` for anything with both.

    The shape says whose turn it is: ours ●, them ○, done ■, late ▲, end －.
    """
    if not shape:
        label, shape = label.label, label.shape
    return format_html('<span class="state{}">{}</span>', SHAPES[shape], label)


@register.simple_tag
def mark(result: str, text: Any = None) -> SafeString:
    """The result of a rule as shape and word: `{% mark finding.result %}`, `{% mark "fail" "開始日が早い" %}`."""
    kind, word = RESULTS[str(result)]
    return format_html('<span class="mark mark--{}">{}</span>', kind, word if text is None else text)


@register.simple_tag
def mark_shape(result: str, word: str = "") -> SafeString:
    """The shape alone with its word for screen readers, where a sentence follows."""
    kind, usual = RESULTS[str(result)]
    return format_html('<span class="mark mark--{}"><span class="vh">{}：</span></span>', kind, word or usual)


@register.simple_tag
def count_of(result: str, count: int | None) -> SafeString:
    """How many findings have this result, in a table cell: the shape and the number, 0, or － where none apply."""
    if not count:
        return format_html('<span class="zero">{}</span>', "－" if count is None else 0)
    return mark(result, count)


@register.simple_tag(name="tag")
def small_label(text: str, *, new: bool = False) -> SafeString:
    """A small label in a frame: 庁内限り, 代表, 変更 (`new`)."""
    return format_html('<span class="tag{}">{}</span>', " tag--new" if new else "", text)


@register.simple_tag
def rule_id(text: str) -> SafeString:
    """The id of a rule or a document, small: A-02."""
    return format_html('<span class="id">{}</span>', text)


@register.simple_tag
def crumb(label: str, view: str = "", *args: Any) -> SafeString:
    """One step of the way here, inside `{% block crumb %}`; without a view it is the page itself."""
    if not view:
        return format_html('<li><span aria-current="page">{}</span></li>', label)
    return format_html('<li><a href="{}">{}</a></li>', reverse(view, args=args), label)


@register.simple_tag
def meter(value: int | Fraction | Decimal | None, line: int | Fraction | Decimal | None = None) -> SafeString:
    """A bar in a table cell, 0 to 100, with a goal as a line; the number stands in the next cell."""
    width = f"{float(min(max(value or 0, 0), 100)):.1f}"
    goal = (
        format_html('<line x1="{0}" x2="{0}" y1="-4" y2="14"/>', f"{float(line):.1f}")
        if line is not None
        else SafeString()
    )
    return format_html(
        '<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="10"/>{}</svg>',
        width,
        goal,
    )


@register.simple_tag(takes_context=True)
def sort_head(context: Context, label: str, key: str, *, num: bool = False) -> SafeString:
    """A table head that sorts: `?sort=key`, `-key` when it is sorted so already."""
    query: QueryDict = context["request"].GET.copy()
    now = query.get("sort", context.get("sort", ""))
    ascending, descending = now == key, now == f"-{key}"
    query["sort"] = f"-{key}" if ascending else key
    query.pop("page", None)
    aria = "ascending" if ascending else "descending" if descending else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{}</a></th>',
        format_html(' class="{}"', "num") if num else "",
        format_html(' aria-sort="{}"', aria) if aria else "",
        query.urlencode(),
        label,
    )


@register.simple_tag(takes_context=True)
def export_link(context: Context, view: str, *args: Any, label: str = "一覧を書き出す") -> SafeString:
    """The button above a list that leads to its export, with the filters and the order of the address."""
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    address = reverse(view, args=args)
    return format_html(
        '<a class="btn btn--sub btn--s" href="{}">{}</a>', f"{address}?{query.urlencode()}" if query else address, label
    )


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page) -> dict[str, Any]:
    """「53件中 1–20件」 and links to the other pages; keeps the filters in the address."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"request": context["request"], "page": page, "pages": pages}


@register.inclusion_tag("components/errors.html")
def error_summary(*forms: BaseForm | BaseFormSet | None) -> dict[str, Any]:
    """The first thing of a page whose form was refused: every error, linked to its field. Nothing without errors."""
    return {"problems": [problem for form in forms if form is not None for problem in _problems_of(form)]}


@register.filter
def is_kind(field: BoundField, kind: str) -> bool:
    """Whether the widget of a field is a `checkbox`, `checkboxselectmultiple`, `radioselect`, `clearablefile` …"""
    return field.widget_type == kind


def _problems_of(form: BaseForm | BaseFormSet, row: int = 0) -> Iterator[dict[str, str]]:
    if isinstance(form, BaseFormSet):
        yield from ({"text": str(text), "target": ""} for text in form.non_form_errors())
        for number, one in enumerate(form.forms, 1):
            yield from _problems_of(one, number)
        return
    place = f"{row}行目　" if row else ""
    yield from ({"text": f"{place}{text}", "target": ""} for text in form.non_field_errors())
    for field in form:
        yield from ({"text": f"{place}{field.label}：{text}", "target": _target(field)} for text in field.errors)


def _target(field: BoundField) -> str:
    """The id of what the reader should land on: the input, or the first choice of several."""
    return field.id_for_label or f"{field.auto_id}_0"
