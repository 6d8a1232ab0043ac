"""A program's rules as data: parsed from YAML or from the database, checked row by row.

A row is a single rule (`kind` with `parameters`) or a combination (`all` or `any` of rows). A parameter written as
`$cap_yen` takes the value of the ruleset's own table, so that staff change a number in one place. What is wrong is
said in Japanese with the row and the key; nothing is guessed. Titles and wordings may name parameters ({cap_yen}).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .codec import Json
from .kinds import KINDS, Kind
from .parameters import PARAMETERS
from .values import Parameter, Value

EMPTY: Mapping[str, Any] = {}


class Stage(StrEnum):
    """When a rule is asked. FAIL blocks the act that ends its stage; earlier it is only shown (rulings "Rules" 1)."""

    REGION = "region"
    SUBMIT = "submit"
    BUREAU = "bureau"
    HQ = "hq"
    DECIDE = "decide"
    CHANGE = "change"
    REPORT = "report"

    @property
    def label(self) -> str:
        return STAGE_LABELS[self]


STAGE_LABELS = {
    Stage.REGION: "地域の要件",
    Stage.SUBMIT: "提出",
    Stage.BUREAU: "振興局の審査",
    Stage.HQ: "本庁の審査",
    Stage.DECIDE: "交付決定",
    Stage.CHANGE: "変更",
    Stage.REPORT: "実績報告",
}
PATH = (Stage.REGION, Stage.SUBMIT, Stage.BUREAU, Stage.HQ, Stage.DECIDE)
"""The stages an application passes up to its decision, in order."""


def up_to(stage: Stage) -> tuple[Stage, ...]:
    """The stages whose rules are asked when the application stands at this stage."""
    return PATH[: PATH.index(stage) + 1] if stage in PATH else (stage,)


class Severity(StrEnum):
    """What becomes of a FAIL: it blocks, it asks a person, it only warns; or the rule is not asked at all."""

    BLOCK = "block"
    JUDGE = "judge"
    WARN = "warn"
    OFF = "off"


DEMANDS = {
    "required": Severity.BLOCK,
    "framework": Severity.BLOCK,
    "light": Severity.BLOCK,
    "or_equivalent": Severity.BLOCK,
    "exclude": Severity.BLOCK,
    "judge": Severity.JUDGE,
    "warn": Severity.WARN,
    "advisory": Severity.WARN,
    "none": Severity.OFF,
    "off": Severity.OFF,
    "optional": Severity.OFF,
    "allow": Severity.OFF,
}
"""How the value of a demand parameter (agreement: required …) reads as the severity of its rule."""


class RuleSetError(ValueError):
    """A ruleset that cannot be used; `errors` are Japanese sentences that name row and key."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(errors))


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the parameter table: the typed value with its source and note."""

    parameter: Parameter
    value: Value
    source: str = ""
    note: str = ""

    @property
    def shown(self) -> str:
        return self.parameter.show(self.value)


@dataclass(frozen=True)
class Row:
    """One rule: a kind with its values, or a combination (`combine` is "all" or "any") of rows.

    A row inside a combination may have no id of its own: then it is a part of the outer rule. `also` are further
    stages at which it is asked again; `judged_at` the stage whose staff resolves an open answer.
    """

    id: str
    title: str
    wording: str
    source: str
    stage: Stage
    severity: Severity
    judged_at: Stage
    kind: Kind | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    combine: str = ""
    rows: tuple[Row, ...] = ()
    also: tuple[Stage, ...] = ()
    enabled: bool = True
    messages: Mapping[str, str] = field(default_factory=dict)
    restates: tuple[str, ...] = ()
    note: str = ""

    def walk(self) -> Iterator[Row]:
        """This row and the rows with an id inside it."""
        yield self
        for row in self.rows:
            if row.id:
                yield from row.walk()
            else:
                yield from (inner for inner in row.walk() if inner.id)

    @property
    def stages(self) -> tuple[Stage, ...]:
        return (self.stage, *self.also)


@dataclass(frozen=True)
class RuleSet:
    """One version of a program's rules, ready to be asked.

    `settings` is the parameter table, `fields` the eligible fields, `content` what it was parsed from.
    """

    program: str
    name: str
    version: int
    settings: Mapping[str, Setting]
    fields: tuple[str, ...]
    rows: tuple[Row, ...]
    content: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)

    def value(self, name: str) -> Value:
        """The value of a parameter. Raises KeyError naming it when this ruleset does not set it."""
        return self.settings[name].value

    def row(self, rule: str) -> Row:
        """The row with this id. Raises KeyError."""
        for row in self.walk():
            if row.id == rule:
                return row
        raise KeyError(rule)

    def walk(self) -> Iterator[Row]:
        """All rows with an id, outer before inner."""
        for row in self.rows:
            yield from row.walk()


def parse(content: Mapping[str, Any]) -> RuleSet:
    """Read a ruleset.

    `content` holds program, name, version, parameters, fields and rules, as in `fixtures/programs/*.yaml`.
    Raises RuleSetError with all errors found, each naming row and key.
    """
    return _Reader(content).read()


_TOP_KEYS = {"program", "name", "version", "parameters", "fields", "rules"}
_ROW_KEYS = {"id", "title", "wording", "source", "stage", "also", "severity", "judged_at", "kind", "parameters",
             "when", "all", "any", "messages", "restates", "note", "enabled"}  # fmt: skip


class _Reader:
    """Collects every error of one ruleset, so that staff mend them in one go."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.errors: list[str] = []
        self.settings: dict[str, Setting] = {}
        self.fields: tuple[str, ...] = ()
        self.seen: set[str] = set()

    def read(self) -> RuleSet:
        for key in ("program", "name"):
            if not isinstance(self.content.get(key), str) or not self.content[key]:
                self.errors.append(f"「{key}」がありません。")
        for key in sorted(set(self.content) - _TOP_KEYS, key=str):
            self.errors.append(f"「{key}」は使えない項目です。")
        version = self.content.get("version", 1)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            self.errors.append("「version」は1以上の整数です。")
        self._read_settings()
        self._read_fields()
        rules = self.content.get("rules")
        if not isinstance(rules, list) or not rules:
            self.errors.append("「rules」に要件がありません。")
            rules = []
        rows = [self._row(raw, f"{n}番目の要件", None) for n, raw in enumerate(rules, 1)]
        if self.errors:
            raise RuleSetError(self.errors)
        return RuleSet(
            program=self.content["program"],
            name=self.content["name"],
            version=version,
            settings=self.settings,
            fields=self.fields,
            rows=tuple(row for row in rows if row is not None),
            content=self.content,
        )

    def _read_settings(self) -> None:
        table = self.content.get("parameters") or {}
        if not isinstance(table, Mapping):
            self.errors.append("「parameters」は表で書いてください。")
            return
        order = {name: number for number, name in enumerate(PARAMETERS)}  # a database may have lost the order
        for name, raw in sorted(table.items(), key=lambda item: order.get(item[0], len(order))):
            parameter = PARAMETERS.get(name)
            if parameter is None:
                self.errors.append(f"パラメータ「{name}」は登録されていない名前です。")
                continue
            entry = raw if isinstance(raw, Mapping) else {"value": raw}
            if unknown := set(entry) - {"value", "source", "note"}:
                self.errors.append(f"パラメータ「{name}」：「{sorted(unknown)[0]}」は使えない項目です。")
            try:
                value = parameter.read(entry.get("value"))
            except ValueError as error:
                self.errors.append(f"パラメータ「{name}」：{error}")
                continue
            self.settings[name] = Setting(parameter, value, str(entry.get("source", "")), str(entry.get("note", "")))

    def _read_fields(self) -> None:
        fields = self.content.get("fields")
        if not isinstance(fields, list) or not fields or not all(isinstance(item, str) for item in fields):
            self.errors.append("「fields」に対象分野を並べてください。")
            return
        if len(set(fields)) < len(fields):
            self.errors.append("「fields」に同じ分野が2回あります。")
        self.fields = tuple(fields)

    def _row(self, raw: Json, where: str, outer: Mapping[str, Any] | None) -> Row | None:
        """Read one row; `outer` is the row it stands in, from which a part takes what it leaves out."""
        if not isinstance(raw, Mapping):
            self.errors.append(f"{where}：項目と値で書いてください。")
            return None
        name = str(raw.get("id", ""))
        where = f"要件「{name}」" if name else where
        before = len(self.errors)
        for key in sorted(set(raw) - _ROW_KEYS, key=str):
            self.errors.append(f"{where}：「{key}」は使えない項目です。")
        if outer is None and not name:
            self.errors.append(f"{where}：「id」がありません。")
        if name in self.seen:
            self.errors.append(f"{where}：同じ番号の要件が2つあります。")
        if name:
            self.seen.add(name)
        inherited = dict(outer or EMPTY)
        texts = {}
        for key in ("title", "wording", "source", "stage"):
            text = raw.get(key, inherited.get(key))
            if not isinstance(text, str) or not text:
                self.errors.append(f"{where}：「{key}」がありません。")
                text = ""
            texts[key] = self._filled(text, where, key)
        stage = self._stage(texts["stage"], where, "stage")
        also = tuple(self._stage(item, where, "also") for item in raw.get("also", ()))
        default_judge = Stage.HQ if stage == Stage.HQ else Stage.BUREAU if stage in up_to(Stage.BUREAU) else stage
        judged_at = self._stage(raw.get("judged_at", inherited.get("judged_at", default_judge)), where, "judged_at")
        severity = self._severity(raw.get("severity", "block"), where)
        enabled = self._switch(raw.get("enabled", True), where) and self._enabled(raw.get("when", {}), where)
        combine, rows, kind, values = self._body(raw, where, {**inherited, **texts, "judged_at": judged_at})
        if len(self.errors) > before:
            return None
        return Row(
            id=name,
            **{key: texts[key] for key in ("title", "wording", "source")},
            stage=stage,
            also=also,
            severity=severity,
            judged_at=judged_at,
            kind=kind,
            values=values,
            combine=combine,
            rows=rows,
            enabled=enabled,
            messages={str(key): str(text) for key, text in raw.get("messages", {}).items()},
            restates=tuple(raw.get("restates", ())),
            note=str(raw.get("note", "")),
        )

    def _filled(self, text: str, where: str, key: str) -> str:
        """Put the values of the parameter table where a text names them: {cap_yen}以内 → 10,000,000円以内."""

        def shown(match: re.Match[str]) -> str:
            setting = self.settings.get(match[1])
            if setting is None:
                self.errors.append(f"{where}：「{key}」のパラメータ「{match[1]}」がこの制度にありません。")
                return match[0]
            return setting.shown

        return re.sub(r"\{(\w+)\}", shown, text)

    def _body(
        self, raw: Mapping[str, Any], where: str, outer: Mapping[str, Any]
    ) -> tuple[str, tuple[Row, ...], Kind | None, dict[str, Value]]:
        given = [key for key in ("kind", "all", "any") if key in raw]
        if len(given) != 1:
            self.errors.append(f"{where}：「kind」「all」「any」のどれか1つを書いてください。")
            return "", (), None, {}
        if given == ["kind"]:
            return "", (), *self._kind(raw, where)
        combine = given[0]
        if not isinstance(raw[combine], list) or not raw[combine]:
            self.errors.append(f"{where}：「{combine}」に要件を並べてください。")
            return combine, (), None, {}
        parts = [self._row(part, f"{where}の{n}番目", outer) for n, part in enumerate(raw[combine], 1)]
        return combine, tuple(part for part in parts if part is not None), None, {}

    def _kind(self, raw: Mapping[str, Any], where: str) -> tuple[Kind | None, dict[str, Value]]:
        kind = KINDS.get(str(raw["kind"]))
        if kind is None:
            self.errors.append(f"{where}：「kind」の「{raw['kind']}」は登録されていない種類です。")
            return None, {}
        given = raw.get("parameters") or {}
        if not isinstance(given, Mapping):
            self.errors.append(f"{where}：「parameters」は表で書いてください。")
            return kind, {}
        for key in sorted(set(given) - {parameter.name for parameter in kind.parameters}, key=str):
            self.errors.append(f"{where}：「{key}」は「{kind.name}」にない項目です。")
        values = {}
        for parameter in kind.parameters:
            try:
                values[parameter.name] = self._resolve(parameter, given.get(parameter.name))
            except ValueError as error:
                self.errors.append(f"{where}の「{parameter.name}」：{error}")
        return kind, values

    def _resolve(self, parameter: Parameter, raw: Json) -> Value:
        if not isinstance(raw, str) or not raw.startswith("$"):
            return parameter.read(raw)
        name = raw[1:]
        if name == "fields":
            return self.fields
        if name not in self.settings:
            raise ValueError(f"パラメータ「{name}」がこの制度にありません。")
        setting = self.settings[name]
        if setting.parameter.type != parameter.type:
            raise ValueError(f"パラメータ「{name}」は{setting.parameter.label}です。ここには使えません。")
        return None if setting.value is None and parameter.optional else parameter.read(parameter.write(setting.value))

    def _stage(self, text: Json, where: str, key: str) -> Stage:
        try:
            return Stage(text)
        except ValueError:
            if text:
                self.errors.append(f"{where}：「{key}」の「{text}」は段階の名前ではありません（{'、'.join(Stage)}）。")
            return Stage.REGION

    def _severity(self, text: Json, where: str) -> Severity:
        if isinstance(text, str) and text.startswith("$"):
            name = text[1:]
            demand = self.settings[name].value if name in self.settings else None
            if demand in DEMANDS:
                return DEMANDS[demand]
            self.errors.append(f"{where}：「severity」の「{text}」は重さを決めるパラメータではありません。")
            return Severity.BLOCK
        try:
            return Severity(text)
        except ValueError:
            self.errors.append(f"{where}：「severity」の「{text}」は使えません（{'、'.join(Severity)}）。")
            return Severity.BLOCK

    def _switch(self, given: Json, where: str) -> bool:
        """Whether staff have the rule switched on."""
        if not isinstance(given, bool):
            self.errors.append(f"{where}：「enabled」は true か false です。")
        return given is not False

    def _enabled(self, when: Json, where: str) -> bool:
        if not isinstance(when, Mapping):
            self.errors.append(f"{where}：「when」はパラメータと値で書いてください。")
            return True
        answer = True
        for name, allowed in when.items():
            if name not in self.settings:
                self.errors.append(f"{where}：「when」のパラメータ「{name}」がこの制度にありません。")
                continue
            wanted = allowed if isinstance(allowed, list) else [allowed]
            answer = answer and self.settings[name].value in wanted
        return answer
