"""How yen, years, dates, states and results look on every page; loaded everywhere as a builtin."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from common import clock
from common.fiscal_year import FiscalYear, short_day, wareki
from common.yen import kin, show_thousands, show_yen

register = template.Library()


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
def day(value: date | datetime | None) -> str:
    """令和6年4月18日."""
    return wareki(_day(value))


@register.filter
def day_week(value: date | datetime | None) -> str:
    """令和6年4月18日（木）."""
    return wareki(_day(value), weekday=True)


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
