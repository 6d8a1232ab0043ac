"""The filters of the grant register, read from the address; what cannot be read narrows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau

from ..grant_register import RegisterFilters
from ..models import Application, Program


class RegisterForm(forms.Form):
    """Fiscal year, program and bureau as they stand in the address."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    program = forms.ChoiceField(label="制度", required=False)
    bureau = forms.ChoiceField(label="主管振興局", required=False)

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data, auto_id="register-%s")
        years = (
            Application.objects.visible_to(viewer)
            .filter(submitted_at__isnull=False)
            .order_by("-fiscal_year")
            .values_list("fiscal_year", flat=True)
            .distinct()
        )
        programs = Program.objects.visible_to(viewer).order_by("order").values_list("code", "short_name")
        bureaus = Bureau.objects.filter(parent=None).order_by("order").values_list("code", "short_name")
        self._words: dict[str, dict[str, str]] = {}
        self._choose("year", [(year, FiscalYear(year).full) for year in years])
        self._choose("program", programs)
        self._choose("bureau", bureaus)

    def _choose(self, name: str, choices: Iterable[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        self._words[name] = {str(value): word for value, word in choices}
        field.choices = [("", "すべて"), *self._words[name].items()]

    def filters(self) -> RegisterFilters:
        """What was chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return RegisterFilters(chosen.get("year"), chosen.get("program", ""), chosen.get("bureau", ""))

    def scope(self) -> list[str]:
        """What was chosen, in words: 令和8年度（2026）, 次期支援制度; すべて where nothing was."""
        chosen = self.filters()
        asked = {"year": chosen.year, "program": chosen.program, "bureau": chosen.bureau}
        words = [self._words[name][str(value)] for name, value in asked.items() if value]
        return words or ["すべての年度"]
