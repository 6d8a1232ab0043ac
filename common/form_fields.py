"""Fields that read what officials type: yen, days and years in Japanese form, figures with ▲."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.fiscal_year import FiscalYear, parse_day, wareki
from common.yen import parse_yen

BIGGEST_YEN = 10**13  # far above any grant; keeps the column's range out of reach of a slip of the finger


class YenField(forms.Field):
    """Whole yen ≥ 0, typed as 8,640,000, ８６４００００, 8640千円; shown with commas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "num", "inputmode": "numeric", "size": 12}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        if isinstance(value, int):
            return value
        try:
            amount = parse_yen(value)
        except ValueError as reason:
            raise ValidationError(str(reason)) from reason
        if not 0 <= amount < BIGGEST_YEN:
            raise ValidationError("0以上の整数（円）で入力してください。")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class DayField(forms.Field):
    """A day, typed as 令和8年12月1日, R8.12.1 or 2026/12/1; shown in Japanese form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 18, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return parse_day(value)
        except ValueError as reason:
            raise ValidationError(str(reason)) from reason

    def prepare_value(self, value: Any) -> Any:
        return wareki(value) if isinstance(value, date) else value


class FiscalYearField(forms.Field):
    """A fiscal year, typed as 令和8年度, R8 or 2026; shown as R8."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 5, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return int(FiscalYear.parse(value))
        except ValueError as reason:
            raise ValidationError(str(reason)) from reason

    def prepare_value(self, value: Any) -> Any:
        return FiscalYear(value).short if isinstance(value, int) else value


class FigureField(forms.Field):
    """A figure of up to three decimals, typed as 12.5, ▲3,639 or １２０; shown without trailing zeros."""

    def __init__(
        self, *, at_least: Decimal | int | None = None, digits: int = 12, places: int = 3, **kwargs: Any
    ) -> None:
        self.at_least, self.digits, self.places = at_least, digits, places
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "size": 8}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        plain = unicodedata.normalize("NFKC", str(value)).replace(",", "").replace(" ", "")
        plain = re.sub(r"^[▲△−ー]", "-", plain)
        try:
            figure = Decimal(plain)
        except InvalidOperation as wrong:
            raise ValidationError(f"数値ではありません（「{value}」）。") from wrong
        if not figure.is_finite() or abs(figure) >= Decimal(10) ** self.digits:
            raise ValidationError(f"数値が大きすぎます（「{value}」）。")
        if self.at_least is not None and figure < self.at_least:
            raise ValidationError(f"{self.at_least}以上の数値を入力してください。")
        if figure != round(figure, self.places):
            raise ValidationError(f"小数は{self.places}桁までです（「{value}」）。")
        return figure

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        text = f"{value.normalize():,f}"
        return f"▲{text[1:]}" if text.startswith("-") else text


class YesNoField(forms.TypedChoiceField):
    """あり / なし, or nothing chosen yet (None)."""

    def __init__(self, *, yes: str = "あり", no: str = "なし", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            coerce=lambda value: {"yes": True, "no": False}.get(value),
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
