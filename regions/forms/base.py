"""What the forms of this room share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.errors import Refused
from municipalities.models import Municipality

from ..models import Field

LONGEST = 50  # characters that a text box shows at most


class Form(forms.Form):
    """A form as this room draws it: no colon after labels, boxes as wide as what they take."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("size", min(field.max_length or LONGEST, LONGEST))

    def refuse(self, refused: Refused) -> None:
        """Show what the service would not do, above the form."""
        for problem in refused.problems:
            self.add_error(None, problem)

    def clash(self, refused: Refused, saved: Mapping[str, object], revision: int) -> None:
        """Say at each field what another person saved meanwhile; what was typed stays, and saving again takes it.

        `saved` maps field names to the values of now, `revision` is the one the next save builds on.
        """
        self.refuse(refused)
        typed = dict(self.cleaned_data)
        for name, value in saved.items():
            field = self.fields[name]
            given = [str(one) for one in (typed[name] if isinstance(typed.get(name), list) else [typed.get(name)])]
            now = [str(one) for one in (value if isinstance(value, list) else [value])]
            if sorted(given) != sorted(now):
                words = dict(getattr(field, "choices", ()))
                shown = "、".join(str(words.get(one, one)) for one in (value if isinstance(value, list) else [value]))
                self.add_error(
                    name,
                    f"いまの内容は「{shown or 'なし'}」です。入力したものに変えるときは、もう一度保存してください。",
                )
        data = self.data.copy()
        data[self.add_prefix("revision")] = str(revision)
        self.data = data


class TownNames(forms.CharField):
    """Municipalities typed by name or code, separated by 、 or a line break; cleaned to their 6-digit codes.

    A name counts only where it is unique in the prefecture among those that exist on the day.
    """

    def __init__(self, *, prefecture: str, on: date, **kwargs: Any) -> None:
        self.prefecture, self.on = prefecture, on
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("size", LONGEST)

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
