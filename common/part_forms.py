"""What forms that are saved in parts share: grids of rows, problems that name their place, and the texts as posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from .merging import Typed


@dataclass(frozen=True)
class Problem:
    """One thing to mend: a sentence, the id of the place it links to, and the name of the field that is wrong."""

    text: str
    target: str = ""
    field: str = ""


class Grid:
    """Rows of one small form under a name: `costs-0-amount_yen`. Empty rows count as not there.

    Give either `data` (what was posted) or `initial` (a list of dicts). `blank` empty rows follow for new entries.
    """

    def __init__(
        self,
        name: str,
        title: str,
        row_form: type[forms.Form],
        *,
        data: QueryDict | None = None,
        initial: list[dict[str, Any]] | None = None,
        blank: int = 2,
        **options: Any,
    ) -> None:
        self.name, self.title = name, title
        if data is None:
            given = initial or []
            self.rows = [row_form(initial=row, prefix=f"{name}-{n}", **options) for n, row in enumerate(given)]
        else:
            self.rows = [row_form(data, prefix=f"{name}-{n}", **options) for n in _indexes(name, data)]
        after = 1 + max((int(str(row.prefix).rsplit("-", 1)[1]) for row in self.rows), default=-1)
        self.blank = [row_form(prefix=f"{name}-{after + n}", **options) for n in range(blank)]

    def __iter__(self) -> Iterator[forms.Form]:
        """Every row to draw, the empty ones last; each knows the place that people see."""
        for place, row in enumerate([*self.rows, *self.blank], 1):
            row.place = place  # type: ignore[attr-defined]
            yield row

    def is_valid(self) -> bool:
        return not [row for row in self.rows if not row.is_valid()]

    @property
    def cleaned(self) -> list[dict[str, Any]]:
        return [row.cleaned_data for row in self.rows]

    def problems(self) -> Iterator[Problem]:
        """Each error with table, row and column: 経費 3行目「金額」：…"""
        for number, row in enumerate(self.rows, 1):
            for error in row.non_field_errors():
                yield Problem(f"{self.title} {number}行目：{error}", _first_id(row))
            for field in row:
                for error in field.errors:
                    text = f"{self.title} {number}行目「{field.label}」：{error}"
                    yield Problem(text, field.id_for_label, field.html_name)


def _indexes(name: str, data: Mapping[str, Any]) -> list[int]:
    pattern = re.compile(rf"^{re.escape(name)}-(\d+)-")
    filled = {int(match[1]) for key in data if (match := pattern.match(key)) and str(data[key]).strip()}
    return sorted(filled)


def _first_id(row: forms.Form) -> str:
    return next(field.id_for_label for field in row)


def problems_of(form: forms.Form, *, where: str = "") -> Iterator[Problem]:
    """The errors of one form, each with its label and a link to the field."""
    for error in form.non_field_errors():
        yield Problem(f"{where}{error}")
    for field in form:
        for error in field.errors:
            target = field.id_for_label or f"{field.auto_id}_0"
            yield Problem(f"{where}「{field.label}」：{error}", target, field.html_name)


def posted(*forms_and_grids: forms.Form | Grid) -> Typed:
    """The texts that a browser would post from these unbound forms untouched."""
    texts: Typed = {}
    for part in forms_and_grids:
        for form in part if isinstance(part, Grid) else [part]:
            for field in form:
                texts |= {field.html_name: found} if (found := _texts(field)) else {}
    return texts


def _texts(field: BoundField) -> list[str]:
    value = field.value()
    if value in (None, "", False):
        return []
    if value is True:
        return ["on"]
    if isinstance(value, list | tuple | set):
        return [str(item) for item in value]
    shown = field.field.widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [str(item) for item in shown]
    return [str(shown)] if shown not in (None, "") else []


class StepForm:
    """One step of the wizard: its forms read from what was posted (`data`) or from the application as it is.

    `grids` names its tables and `sets` its groups of boxes, as `merging` treats them.
    """

    grids: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    partial = False  # whether what can be read is saved even where another field is wrong

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        """The forms and grids of the step, in the order of the page; none where it only shows."""
        return ()

    def posted(self) -> Typed:
        """What a browser would post if nobody touched the page; ask an unbound one."""
        return posted(*self.parts())

    def is_valid(self) -> bool:
        """Read every part, so that all errors are found in one go."""
        wrong = [part for part in self.parts() if not part.is_valid()]
        return not wrong and not list(self.further_problems())

    def further_problems(self) -> Iterator[Problem]:
        """What is wrong between the parts; empty unless a step says more."""
        yield from ()

    @property
    def problems(self) -> list[Problem]:
        """Everything to mend, each with its place."""
        found: list[Problem] = []
        for part in self.parts():
            found += part.problems() if isinstance(part, Grid) else problems_of(part)
        return found + list(self.further_problems())
