"""What staff type in the rule studio: a program, effective years, the parameter table, fields, one rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from common.form_fields import FiscalYearField
from regions.models import Field

from ..rules.kinds import Kind
from ..rules.parameters import GROUPS, PARAMETERS
from ..rules.ruleset import DEMANDS, STAGE_LABELS, Severity, Stage
from ..rules.values import Parameter, ValueType
from ..services.studio import ProgramInput
from ..studio.content import Content, Raw, given
from ..studio.difference import SEVERITY_LABELS, plain
from ..studio.typed import EXAMPLES, as_typed, read_typed

NOTHING = "（定めない）"
RULE_ID = re.compile(r"[A-Z][A-Z0-9]{0,3}-[0-9]{1,2}[a-z]?(-[0-9]{1,2})?")
OWN = "own"
WIDE = {"size": 40}


class TypedField(forms.Field):
    """One parameter as people type it; cleaned to its exact value, None where nothing stands in it."""

    def __init__(self, parameter: Parameter, options: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        self.parameter = parameter
        choices = list(parameter.choices.items()) or list(options)
        if choices:
            kwargs["widget"] = forms.Select(choices=[("", NOTHING), *choices])
        elif parameter.type == ValueType.TEXTS:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        else:
            number = parameter.type not in (ValueType.TEXT, ValueType.SHARES, ValueType.MONTH_DAY)
            kwargs["widget"] = forms.TextInput(attrs={"class": "num"} if number else {})
        kwargs.setdefault("label", parameter.label)
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        if not str(value or "").strip():
            return None
        try:
            return read_typed(self.parameter, str(value))
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class ProgramForm(forms.Form):
    """A new program and where its first draft comes from."""

    name = forms.CharField(label="制度の名称", max_length=60, widget=forms.TextInput(attrs=WIDE))
    short_name = forms.CharField(label="略称", max_length=20, help_text="一覧や表で使います。")
    code = forms.CharField(
        label="コード", max_length=29, help_text="英小文字・数字・ハイフン。例：next-program。後から変えられません。"
    )
    purpose = forms.CharField(label="目的", widget=forms.Textarea(attrs={"rows": 3}))
    umbrella = forms.CharField(
        label="総称する交付金", max_length=60, required=False, widget=forms.TextInput(attrs=WIDE)
    )
    based_on = forms.TypedChoiceField(
        label="もとにするルール", required=False, coerce=int, empty_value=None, help_text="写してから直せます。"
    )
    from_fy = FiscalYearField(label="適用開始年度", help_text="例：令和10年度、R10")
    to_fy = FiscalYearField(label="適用終了年度", required=False, help_text="決まっていなければ空欄")

    def __init__(self, *args: Any, versions: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].choices = [("", "何も写さず、空の案から作る"), *versions]

    def program(self) -> ProgramInput:
        names = ("code", "name", "short_name", "purpose", "umbrella")
        return ProgramInput(**{name: self.cleaned_data[name] for name in names})


class BasicsForm(forms.Form):
    """The effective years of a draft, why it is made, and the program's names while nobody outside knows it."""

    from_fy = FiscalYearField(label="適用開始年度", help_text="例：令和10年度、R10")
    to_fy = FiscalYearField(label="適用終了年度", required=False, help_text="決まっていなければ空欄")
    note = forms.CharField(
        label="この版を作る理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="公開後も残ります。",
    )
    name = forms.CharField(label="制度の名称", max_length=60, widget=forms.TextInput(attrs=WIDE))
    short_name = forms.CharField(label="略称", max_length=20)
    purpose = forms.CharField(label="目的", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    umbrella = forms.CharField(
        label="総称する交付金", max_length=60, required=False, widget=forms.TextInput(attrs=WIDE)
    )

    def __init__(self, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not named:
            for name in ("name", "short_name", "purpose", "umbrella"):
                del self.fields[name]

    def program(self, code: str) -> ProgramInput | None:
        if "name" not in self.fields:
            return None
        names = ("name", "short_name", "purpose", "umbrella")
        return ProgramInput(code=code, **{name: self.cleaned_data[name] for name in names})


@dataclass(frozen=True)
class Line:
    """One line of the parameter table as the page draws it."""

    parameter: Parameter
    value: BoundField
    source: BoundField
    note: BoundField
    example: str
    before: str
    changed: bool

    @property
    def unit(self) -> str:
        """What stands behind the input; years and days carry theirs in the value."""
        return unit_of(self.parameter)


def unit_of(parameter: Parameter) -> str:
    """円, 割合, 日 …; empty where the typed value says it itself (令和7年度, 4月10日)."""
    said = (ValueType.FISCAL_YEAR, ValueType.MONTH_DAY, ValueType.SHARES)
    return "" if parameter.type in said or parameter.choices else parameter.unit


class ParametersForm(forms.Form):
    """The whole parameter table: for each line its value, source and note."""

    def __init__(
        self, data: Any, *, content: Content, options: Mapping[str, Sequence[tuple[str, str]]], base: Mapping[str, Any]
    ) -> None:
        super().__init__(data)
        self.content, self.base_content = content, base
        for parameter in PARAMETERS.values():
            now = given(content, parameter)
            name = parameter.name
            self.fields[f"v_{name}"] = TypedField(
                parameter, options.get(name, ()), initial=as_typed(parameter, now.value)
            )
            self.fields[f"s_{name}"] = forms.CharField(
                label=f"{parameter.label}の出典", required=False, max_length=200, initial=now.source
            )
            self.fields[f"n_{name}"] = forms.CharField(
                label=f"{parameter.label}の備考", required=False, max_length=300, initial=now.note
            )

    def sections(self) -> Iterator[tuple[str, list[Line]]]:
        """The parts of the table with their lines."""
        for title, names in GROUPS:
            yield title, [self._line(PARAMETERS[name]) for name in names]

    def _line(self, parameter: Parameter) -> Line:
        was, now = given(self.base_content, parameter), given(self.content, parameter)
        before = plain(parameter, was.value) if was.is_set else NOTHING
        return Line(
            parameter,
            self[f"v_{parameter.name}"],
            self[f"s_{parameter.name}"],
            self[f"n_{parameter.name}"],
            EXAMPLES.get(parameter.type, ""),
            before,
            bool(self.base_content) and (was.value, was.is_set) != (now.value, now.is_set),
        )

    def table(self, content: Content) -> dict[str, Any]:
        """The parameter table as a content holds it, from what was typed; lines that could not be read stay."""
        had = content.get("parameters") or {}
        table: dict[str, Any] = {}
        for name, parameter in PARAMETERS.items():
            if f"v_{name}" not in self.cleaned_data:
                if name in had:
                    table[name] = had[name]
                continue
            value, source, note = (self.cleaned_data.get(f"{letter}_{name}") for letter in "vsn")
            if value is None and not (parameter.optional and (name in had or source)):
                continue
            was = given(content, parameter)
            if was.is_set and (was.value, was.source, was.note, was.problem) == (value, source, note, ""):
                table[name] = had[name]
                continue
            entry = {"value": None if value is None else parameter.write(value), "source": source, "note": note}
            table[name] = {key: text for key, text in entry.items() if key == "value" or text}
        return table


class FieldsForm(forms.Form):
    """Which fields are eligible; they stand in groups."""

    def __init__(self, data: Any, *, content: Content, known: Sequence[Field]) -> None:
        super().__init__(data)
        self.known = known
        chosen = list(content.get("fields") or [])
        lost = [name for name in chosen if name not in {field.name for field in known}]
        self.fields["fields"] = forms.MultipleChoiceField(
            label="対象分野",
            required=False,
            choices=[(field.name, field.name) for field in known] + [(name, f"{name}（未登録）") for name in lost],
            initial=chosen,
            widget=forms.CheckboxSelectMultiple,
        )

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """The boxes by group."""
        boxes = {str(box.data["value"]): box for box in self["fields"]}
        for value, label in Field.Group.choices:
            yield label, [boxes.pop(field.name) for field in self.known if field.group == value]
        if boxes:
            yield "登録されていない分野", list(boxes.values())

    def chosen(self, content: Content) -> list[str]:
        """The names: those that were in stay in their order, new ones follow; all stay where it cannot be read."""
        if "fields" not in self.cleaned_data:
            return list(content.get("fields") or [])
        ticked: list[str] = self.cleaned_data.get("fields") or []
        had = [name for name in content.get("fields") or [] if name in ticked]
        return [*had, *(name for name in ticked if name not in had)]


class NewFieldForm(forms.Form):
    """A field that nobody has registered yet."""

    name = forms.CharField(label="分野の名称", max_length=30)
    group = forms.ChoiceField(label="区分", choices=Field.Group.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    """Why a version is sent back, withdrawn or given up."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class HeadForm(forms.Form):
    """What every rule says of itself: number, words, source, when it is asked and what becomes of a FAIL."""

    id = forms.CharField(
        label="番号", max_length=12, help_text="英大文字と数字。例：N-13", widget=forms.TextInput(attrs={"size": 8})
    )
    title = forms.CharField(label="名称", max_length=60, widget=forms.TextInput(attrs=WIDE))
    wording = forms.CharField(
        label="文言",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="{cap_yen} のように書くと「数と条件」の値が入ります。",
    )
    source = forms.CharField(label="出典", max_length=200, widget=forms.TextInput(attrs=WIDE))
    stage = forms.ChoiceField(
        label="段階", choices=list(STAGE_LABELS.items()), help_text="不適合はこの段階で止めます。"
    )
    severity = forms.ChoiceField(label="不適合の扱い")
    judged_at = forms.ChoiceField(label="判断する所", required=False)
    note = forms.CharField(label="備考", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    restates = forms.CharField(
        label="置き換える共通要件", required=False, max_length=60, help_text="あれば番号を「、」で区切ります。例：C-05"
    )

    def __init__(self, data: Any, *, row: Raw, content: Content, part: bool, taken: Sequence[str] = ()) -> None:
        super().__init__(data, initial=_row_texts(row))
        self.row, self.content, self.taken = row, content, taken
        demands = [
            (f"${name}", f"「数と条件」の{PARAMETERS[name].label}に従う（いまは{plain(PARAMETERS[name], value)}）")
            for name in content.get("parameters") or {}
            if name in PARAMETERS
            and (value := given(content, PARAMETERS[name]).value) in DEMANDS
            and set(PARAMETERS[name].choices) <= set(DEMANDS)
        ]
        self.fields["severity"].choices = [
            *((severity.value, SEVERITY_LABELS[severity]) for severity in Severity if severity != Severity.OFF),
            *demands,
        ]
        stages = [(stage.value, STAGE_LABELS[stage]) for stage in (Stage.BUREAU, Stage.HQ, Stage.DECIDE)]
        self.fields["judged_at"].choices = [("", "段階に応じて決める"), *stages]
        if part:
            for name in ("id", "wording", "source", "stage"):
                self.fields[name].required = False
            self.fields["stage"].choices = [("", "外側の要件と同じ"), *STAGE_LABELS.items()]
            self.fields["id"].help_text = "外側の要件の一部として示すときは空欄"

    def clean_id(self) -> str:
        text = str(self.cleaned_data["id"]).strip()
        if text and not RULE_ID.fullmatch(text):
            raise ValidationError("番号は「N-13」のように、英大文字、ハイフン、数字で書いてください。")
        if text and text != self.row.get("id") and text in self.taken:
            raise ValidationError(f"番号「{text}」の要件はもうあります。")
        return text

    def raw(self) -> Raw:
        """The row with what was typed; keys the page does not show stay as they are."""
        row = {key: value for key, value in self.row.items() if key not in self.fields}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if name == "restates":
                value = [text.strip() for text in re.split(r"[、,\s]+", value or "") if text.strip()]
            if value and not (name == "severity" and value == Severity.BLOCK and "severity" not in self.row):
                row[name] = value
        return row


@dataclass(frozen=True)
class Choice:
    """One parameter of a rule as the page draws it: follow a line of the table, or a value of its own."""

    parameter: Parameter
    follow: BoundField
    own: BoundField
    example: str

    @property
    def unit(self) -> str:
        return unit_of(self.parameter)


class ValuesForm(forms.Form):
    """The parameters of a rule's kind."""

    def __init__(self, data: Any, *, kind: Kind, row: Raw, content: Content) -> None:
        super().__init__(data)
        self.kind = kind
        raw = row.get("parameters") or {}
        for parameter in kind.parameters:
            was = raw.get(parameter.name)
            follows = was if isinstance(was, str) and was.startswith("$") else OWN
            lines = list(_lines_for(parameter, content))
            if follows != OWN and follows not in dict(lines):
                lines.append((follows, f"「{follows[1:]}」（この案にありません）"))
            if follows == OWN and was is None and len(lines) == 1:
                follows = lines[0][0]
            self.fields[f"f_{parameter.name}"] = forms.ChoiceField(
                label=f"{parameter.label}の決め方", choices=[*lines, (OWN, "この要件だけの値")], initial=follows
            )
            self.fields[f"o_{parameter.name}"] = TypedField(
                parameter, label=f"{parameter.label}の値", initial=_own_text(parameter, was) if follows == OWN else ""
            )

    def choices(self) -> list[Choice]:
        return [
            Choice(one, self[f"f_{one.name}"], self[f"o_{one.name}"], EXAMPLES.get(one.type, ""))
            for one in self.kind.parameters
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for parameter in self.kind.parameters:
            own = f"o_{parameter.name}"
            empty = cleaned.get(own) is None and own not in self.errors
            if cleaned.get(f"f_{parameter.name}") == OWN and empty and not parameter.optional:
                self.add_error(own, "値を入力してください。")
        return cleaned

    def raw(self) -> dict[str, Any]:
        """The parameters as a row holds them."""
        found = {}
        for parameter in self.kind.parameters:
            follow = self.cleaned_data[f"f_{parameter.name}"]
            value = self.cleaned_data.get(f"o_{parameter.name}")
            if follow != OWN:
                found[parameter.name] = follow
            elif value is not None:
                found[parameter.name] = parameter.write(value)
        return found


class RuleForm(HeadForm):
    """A rule's own words together with the numbers of its kind, as one form."""

    def __init__(self, data: Any, *, kind: Kind | None, row: Raw, content: Content, part: bool, taken: list[str]):
        super().__init__(data, row=row, content=content, part=part, taken=taken)
        self.inner = ValuesForm(data, kind=kind, row=row, content=content) if kind else None
        self.head_names = list(self.fields)
        if self.inner:
            self.fields.update(self.inner.fields)

    def heads(self) -> list[Any]:
        return [self[name] for name in self.head_names]

    def choices(self) -> list[Any]:
        return self.inner.choices() if self.inner else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.inner and not self.inner.is_valid():
            for name, errors in self.inner.errors.items():
                if name not in self.errors:
                    self.add_error(name, list(errors))
        return cleaned

    def raw(self) -> Raw:
        head = {name: self.fields[name] for name in self.head_names}
        every, self.fields = self.fields, head
        row = super().raw()
        self.fields = every
        if self.inner:
            values = self.inner.raw()
            row.pop("parameters", None)
            row |= {"parameters": values} if values else {}
        return row


class CombineForm(forms.Form):
    """Several rules made one."""

    combine = forms.ChoiceField(
        label="組合せ方",
        choices=[("all", "すべて満たすこと"), ("any", "どれか1つを満たすこと")],
        widget=forms.RadioSelect,
        initial="all",
    )
    id = HeadForm.base_fields["id"]
    title = HeadForm.base_fields["title"]
    wording = HeadForm.base_fields["wording"]
    source = HeadForm.base_fields["source"]

    def __init__(self, data: Any = None, *, taken: Sequence[str] = ()) -> None:
        super().__init__(data, prefix="c")
        self.taken = taken

    def clean_id(self) -> str:
        text = str(self.cleaned_data["id"]).strip()
        if not RULE_ID.fullmatch(text):
            raise ValidationError("番号は「N-13」のように、英大文字、ハイフン、数字で書いてください。")
        if text in self.taken:
            raise ValidationError(f"番号「{text}」の要件はもうあります。")
        return text


def _lines_for(parameter: Parameter, content: Content) -> Iterator[tuple[str, str]]:
    """The lines of the table that could stand for this parameter: same type, and for choices no value too many."""
    if parameter.type == ValueType.TEXTS:
        yield "$fields", "対象分野に従う"
    for name, line in PARAMETERS.items():
        if name not in (content.get("parameters") or {}) or line.type != parameter.type:
            continue
        if not set(line.choices) <= set(parameter.choices):
            continue
        yield f"${name}", f"「{line.label}」に従う（いまは{plain(line, given(content, line).value)}）"


def _own_text(parameter: Parameter, raw: Any) -> str:
    try:
        return as_typed(parameter, parameter.read(raw))
    except ValueError:
        return "" if raw is None else str(raw)


def _row_texts(row: Raw) -> dict[str, Any]:
    texts = {key: row.get(key, "") for key in ("id", "title", "wording", "source", "stage", "judged_at", "note")}
    texts["severity"] = row.get("severity", Severity.BLOCK.value)
    texts["restates"] = "、".join(row.get("restates") or ())
    return texts
