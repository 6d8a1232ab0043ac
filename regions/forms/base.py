"""What the forms of this room share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from common.errors import Refused
from municipalities.models import Municipality

from ..models import Field


class Form(forms.Form):
    """A form whose page draws `<form>`, buttons and token itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def refuse(self, refused: Refused) -> None:
        """Show what the service would not do, above the form."""
        for problem in refused.problems:
            self.add_error(None, problem)


class TownNames(forms.CharField):
    """Municipalities typed by name or code, separated by 、 or a line break; cleaned to their 6-digit codes.

    A name counts only where it is unique in the prefecture among those that exist on the day.
    """

    def __init__(self, *, prefecture: str, on: date, **kwargs: Any) -> None:
        self.prefecture, self.on = prefecture, on
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        words = [word for word in re.split(r"[、,，\s]+", super().clean(value)) if word]
        rows = Municipality.objects.existing(self.on).filter(prefecture=self.prefecture)
        towns = list(rows.filter(name__in=words) | rows.filter(code__in=words))
        problems, codes = [], []
        for word in words:
            found = [town.code for town in towns if word in (town.code, town.name)]
            if len(found) == 1:
                codes.append(found[0])
            elif found:
                problems.append(f"「{word}」は複数あります。団体コード（6桁）で入力してください。")
            else:
                problems.append(f"「{word}」という市町村は登録されていません。")
        if problems:
            raise ValidationError(problems)
        return tuple(dict.fromkeys(codes))


def field_choices(*, blank: bool = False) -> list[tuple[str, str]]:
    """The policy fields in their order; `blank` puts 「選択してください」 first."""
    rows = [(row.code, row.name) for row in Field.objects.all()]
    return [("", "選択してください"), *rows] if blank else rows


def town_choices(towns: Iterable[Municipality], *, blank: str = "") -> list[tuple[str, str]]:
    """Municipalities as choices; `blank` is the words of the empty choice, if there is one."""
    rows = [(town.code, town.name) for town in towns]
    return [("", blank), *rows] if blank else rows
