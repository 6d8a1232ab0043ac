"""The fields of this room's forms; they read what officials type (common/form_fields.py)."""

from common.form_fields import BIGGEST_YEN, DayField, FigureField, FiscalYearField, YenField, YesNoField

__all__ = ["BIGGEST_YEN", "DayField", "FigureField", "FiscalYearField", "YenField", "YesNoField"]
