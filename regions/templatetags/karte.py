"""How shares and changes of population look on the pages of regions: `{% load karte %}`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils.safestring import SafeString

from common.templatetags.portal import meter
from municipalities.population import percent

from ..karte import show, target_text
from ..models import Kpi

register = template.Library()
SCALE = 2  # the bar is full at a decline of 50 %
USUAL = 30  # 概ね30%: what the model program asked for


@register.simple_tag
def share(value: Fraction | None, digits: int = 1) -> str:
    """A share given in percent, rounded: 30.8; － where there is none."""
    return "－" if value is None else percent(value / 100, digits)


@register.simple_tag
def change(decline: Fraction | None) -> str:
    """A decline given in percent as a change: ▲26.7, or +1.2 where people become more; － without data."""
    if decline is None:
        return "－"
    text = percent(abs(decline) / 100, 1)
    return f"▲{text}" if decline > 0 else f"+{text}" if decline < 0 else text


@register.simple_tag
def figure(value: Decimal | None) -> str:
    """A KPI value as people write it: 1,240, 12.5, ▲3,639; － where there is none."""
    return show(value)


@register.simple_tag
def decline_meter(decline: Fraction) -> SafeString:
    """A bar for a decline given in percent, full at 50, with the usual 30 as a line."""
    return meter(decline * SCALE, USUAL * SCALE)


@register.filter(name="target_text")
def target_of(kpi: Kpi) -> str:
    """The target with its condition: 80以上, 全数."""
    return target_text(kpi)
