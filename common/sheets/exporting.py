"""The one way in which a list is written out: columns and form are chosen, gaps are said, the act is noted.

A list declares an `Export` beside its view, with the rows of the very filter object that its page uses; `export_page`
does the rest. The address carries the filters of the list, the form that is sent carries what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any, Generic
from urllib.parse import quote, unquote_plus

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from .. import audit, clock
from ..request import Request
from ..viewer import Viewer
from .writing import ROWS_OF_A_SHEET, Column, Encoding, Row, csv_lines, unwritable, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 2000
NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


class Form(StrEnum):
    """In which form a list leaves the house."""

    XLSX = "xlsx"
    UTF8 = "utf8"
    CP932 = "cp932"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Form.XLSX: "Excel（.xlsx）",
    Form.UTF8: "CSV（UTF-8）。Excelでもそのまま開けます",
    Form.CP932: "CSV（Shift_JIS）。UTF-8を読めないシステムに渡すとき",
}


@dataclass(frozen=True)
class Export(Generic[Row]):
    """What a list writes out.

    `name` is the title of the list (申請一覧), `rows` its rows with filters and order, `read` turns them into what the
    columns take their values from, `trail` are the pages above (title, address), the list itself last.
    """

    name: str
    columns: Sequence[Column[Row]]
    rows: QuerySet[Any] | Sequence[Any]
    trail: Sequence[tuple[str, str]]
    read: Callable[[Iterable[Any]], Iterable[Row]] = iter

    def lines(self) -> Iterable[Row]:
        """The rows from the first on, fetched in portions, so that memory does not grow with their number."""
        rows = self.rows.iterator(chunk_size=CHUNK) if isinstance(self.rows, QuerySet) else self.rows
        return self.read(rows)

    def count(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)


class ExportForm(forms.Form):
    """Which columns, all of them unless some are left out, and in which form."""

    form = forms.ChoiceField(
        label="形式",
        choices=[(form.value, form.label) for form in Form],
        widget=forms.RadioSelect(),
        error_messages={"required": "形式を選んでください。", "invalid_choice": "形式を選んでください。"},
    )
    columns = forms.MultipleChoiceField(
        label="書き出す列",
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "書き出す列を1つ以上選んでください。",
            "invalid_choice": "列を選び直してください。",
        },
    )

    def __init__(self, data: Any, columns: Sequence[Column[Any]]) -> None:
        headings = [column.heading for column in columns]
        super().__init__(data, label_suffix="", initial={"form": Form.XLSX.value, "columns": headings})
        self.fields["form"].widget.rows = True  # one below the other
        field = self.fields["columns"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(heading, heading) for heading in headings]


def export_page(request: Request, export: Export[Any]) -> HttpResponseBase:
    """Ask for columns and form (GET), then answer with the file (POST).

    Characters that Shift_JIS does not have are listed before anything is written (E-23); `gaps` says that they were
    seen and are to become 〓.
    """
    form = ExportForm(request.POST if request.method == "POST" else None, export.columns)
    count, missing = export.count(), []
    if form.is_bound and form.is_valid():
        chosen = [column for column in export.columns if column.heading in form.cleaned_data["columns"]]
        kind = Form(form.cleaned_data["form"])
        if kind == Form.XLSX and count >= ROWS_OF_A_SHEET:
            form.add_error(
                "form", f"Excelの1枚のシートに入るのは{ROWS_OF_A_SHEET - 1:,}行までです。CSVを選んでください。"
            )
        elif kind == Form.CP932 and "gaps" not in request.POST:
            missing = unwritable(chosen, export.lines())
        if not missing and not form.errors:
            return _file(export, chosen, kind, count, request)
    query = request.GET.urlencode()
    context = {
        "export": export,
        "form": form,
        "count": count,
        "missing": missing,
        "back": f"{export.trail[-1][1]}?{query}" if query else export.trail[-1][1],
    }
    return render(request, "common/export.html", context, status=422 if form.errors else 200)


def _file(
    export: Export[Any], columns: Sequence[Column[Any]], form: Form, count: int, request: Request
) -> HttpResponseBase:
    name = f"{export.name}_{clock.today():%Y%m%d}"
    response: HttpResponseBase
    if form == Form.XLSX:
        book = xlsx(export.name.translate(NOT_IN_A_SHEET_NAME)[:31], columns, export.lines())
        response = download(name, book)
    else:
        encoding = Encoding.UTF8 if form == Form.UTF8 else Encoding.CP932
        charset = "utf-8" if form == Form.UTF8 else "Shift_JIS"
        lines = csv_lines(columns, export.lines(), encoding)
        response = StreamingHttpResponse(lines, content_type=f"text/csv; charset={charset}")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name + '.csv')}"
    _note(request.viewer, export, columns, form, count, unquote_plus(request.GET.urlencode()))
    return response


@transaction.atomic
def _note(
    viewer: Viewer, export: Export[Any], columns: Sequence[Column[Any]], form: Form, count: int, query: str
) -> None:
    """Whoever takes data out of the house is on record: which list, how narrowed, which columns, how many rows."""
    audit.record(
        viewer,
        "list.export",
        ("list", export.name),
        f"{export.name}を書き出し",
        after={
            "形式": form.value,
            "行数": count,
            "条件": query,
            "列": [column.heading for column in columns],
        },
    )


def download(name: str, book: IO[bytes]) -> FileResponse:
    """Answer with an open workbook under this name (without extension)."""
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
