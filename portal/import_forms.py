"""What the import pages ask for: which runs to list, the file, another sheet or encoding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from common.models import SheetImport
from common.sheets.describing import EXAMPLE_SHEET
from common.sheets.forms import LISTS, NOTES
from common.sheets.kinds import all_kinds
from common.sheets.reading import Book, SheetInfo

from .import_texts import BADGES

HELPERS = (EXAMPLE_SHEET, NOTES, LISTS)  # sheets of our own forms that hold no table
ENCODINGS = (
    ("", "自動で判定する"),
    ("utf-8", "UTF-8"),
    ("cp932", "Shift_JIS（Windows、cp932）"),
    ("utf-16", "UTF-16"),
)


class ListForm(forms.Form):
    """Which imports: of a kind, in a state, of a file with these words in its name."""

    kind = forms.ChoiceField(label="様式", required=False)
    state = forms.ChoiceField(
        label="状態",
        required=False,
        choices=[("", "すべて"), *((state.value, label) for state, (label, _) in BADGES.items())],
    )
    q = forms.CharField(label="ファイル名", required=False, widget=forms.TextInput(attrs={"size": 18}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        kinds = forms.ChoiceField(label="様式", required=False)
        kinds.choices = [("", "すべて"), *((kind.id, f"{kind.id} {kind.title}") for kind in all_kinds())]
        self.fields["kind"] = kinds
        self._asked = self.cleaned_data if self.is_bound and self.is_valid() else {}

    @property
    def narrows(self) -> bool:
        return any(self._asked.values())

    def narrowed(self, runs: QuerySet[SheetImport]) -> QuerySet[SheetImport]:
        """Return the runs that are asked for."""
        if kind := self._asked.get("kind"):
            runs = runs.filter(kind=kind)
        if state := self._asked.get("state"):
            runs = runs.filter(state=state)
        if words := self._asked.get("q"):
            runs = runs.filter(file_name__icontains=words)
        return runs


class UploadForm(forms.Form):
    """The file, and its encoding where the person knows better."""

    file = forms.FileField(
        label="取り込むファイル",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.tsv"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。内容を確かめて、もう一度選んでください。",
            "missing": "ファイルを選んでください。",
        },
        max_length=200,
    )
    encoding = forms.ChoiceField(
        label="文字コード",
        required=False,
        choices=ENCODINGS,
        help_text="CSVとテキストのとき。Excelのファイルでは使いません。",
    )

    def __init__(self, data: Any = None, uploaded: Any = None) -> None:
        super().__init__(data, uploaded, label_suffix="")
        self.fields["file"].widget.attrs["aria-describedby"] = "id_file_helptext"

    def refuse(self, problem: Exception) -> None:
        """Put what was refused to the file, as sentences."""
        sentences = problem.messages if isinstance(problem, ValidationError) else getattr(problem, "problems", [])
        for sentence in sentences or [str(problem)]:
            self.add_error("file", sentence)


class SourceForm(forms.Form):
    """Another sheet of the book, or another encoding of the text."""

    sheet = forms.CharField(required=False, max_length=100)
    encoding = forms.ChoiceField(required=False, choices=ENCODINGS, label="文字コード")

    @classmethod
    def about(cls, sheets: Sequence[SheetInfo], sheet: str, encoding: str) -> SourceForm | None:
        """Return the form with what a book lets one choose, None where there is nothing to choose.

        `encoding` is that of a text, "" of a workbook.
        """
        form = cls(label_suffix="", initial={"sheet": sheet, "encoding": encoding.removesuffix("-sig")})
        named = [(one.name, _sheet_words(one)) for one in sheets]
        if len(named) > 1:
            form.fields["sheet"] = forms.ChoiceField(label="シート", choices=named, required=False)
        else:
            del form.fields["sheet"]
        if not encoding:
            del form.fields["encoding"]
        return form if form.fields else None


def sheets_with_rows(book: Book) -> list[SheetInfo]:
    """Return the sheets among which a person would have to choose: shown, filled, no helper sheet of our forms."""
    return [one for one in book.sheets if one.rows and not one.hidden and one.name not in HELPERS]


def _sheet_words(one: SheetInfo) -> str:
    return f"{one.name}（{one.rows:,}行×{one.columns}列{'、非表示' if one.hidden else ''}）"
