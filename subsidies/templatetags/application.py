"""How the plain content of an application (snapshots.content_of) looks on its pages."""

from datetime import date

from django import template

from common.fiscal_year import FiscalYear

from ..snapshots import show_figure

register = template.Library()


@register.filter
def iso_day(text: str | None) -> date | None:
    """The day of an ISO text, for the day filters."""
    return date.fromisoformat(text) if text else None


@register.filter
def name_in(code: str, participants: list[dict[str, str]]) -> str:
    """The name of a participant by its code; the code itself where it is none."""
    return next((part["name"] for part in participants if part["code"] == code), code)


@register.filter
def grouped(figure: str | None) -> str:
    """A figure of the content with commas: 12,000; words such as 新規 as they are; empty without a value."""
    return show_figure(figure) if figure else ""


@register.filter
def fy_short(year: int) -> str:
    """R8."""
    return FiscalYear(year).short


@register.filter
def in_list(item: str, items: tuple[str, ...]) -> bool:
    """Whether the item is one of them."""
    return item in items
