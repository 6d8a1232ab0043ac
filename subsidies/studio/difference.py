"""The difference between two rulesets in plain words: 「上限額：10,000,000円 → 12,000,000円」.

Works on contents, so that a draft that cannot be parsed yet is compared too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..rules.kinds import KINDS
from ..rules.parameters import PARAMETERS
from ..rules.ruleset import STAGE_LABELS, Severity
from ..rules.values import Parameter, ValueType
from .content import Place, combine_of, given, places

NOT_SET = "（定めなし）"
MAN = 10_000
SEVERITY_LABELS = {
    Severity.BLOCK: "不適合なら手続を止める",
    Severity.JUDGE: "不適合なら判断を求める",
    Severity.WARN: "不適合でも注意にとどめる",
    Severity.OFF: "見ない",
}
COMBINE_LABELS = {"all": "すべて満たす", "any": "どれか1つを満たす"}
KEY_LABELS = {
    "id": "番号",
    "title": "名称",
    "wording": "文言",
    "source": "出典",
    "stage": "段階",
    "also": "もう一度見る段階",
    "severity": "不適合の扱い",
    "judged_at": "判断する所",
    "when": "使う条件",
    "messages": "結果の説明",
    "restates": "置き換える共通要件",
    "note": "備考",
}
AREAS = {"parameter": "数と条件", "field": "対象分野", "rule": "要件"}


@dataclass(frozen=True)
class Change:
    """One difference: `area` is parameter, field or rule; `before` and `after` are empty where `subject` says all."""

    area: str
    subject: str
    before: str = ""
    after: str = ""

    @property
    def area_label(self) -> str:
        return AREAS[self.area]

    @property
    def text(self) -> str:
        """The whole difference in one line."""
        return f"{self.subject}：{self.before} → {self.after}" if self.after or self.before else self.subject


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference from one content to the other: numbers first, then fields, then rules in their order."""
    return [*_parameters(before, after), *_fields(before, after), *_rules(before, after)]


def plain(parameter: Parameter, value: Any) -> str:
    """A value as the difference says it: large sums in 万円, shares both ways (1/2（50％）)."""
    if value is None or value == ():
        return "（空欄）"
    if parameter.type == ValueType.YEN and value >= MAN and value % MAN == 0:
        return f"{value // MAN:,}万円"
    return parameter.show(value)


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for parameter in PARAMETERS.values():
        was, now = given(before, parameter), given(after, parameter)
        old = plain(parameter, was.value) if was.is_set else NOT_SET
        new = plain(parameter, now.value) if now.is_set else NOT_SET
        if old != new:
            yield Change("parameter", parameter.label, old, new)
        for key, one, other in (("出典", was.source, now.source), ("備考", was.note, now.note)):
            if one != other and was.is_set and now.is_set:
                yield Change("parameter", f"{parameter.label}の{key}", one or "（なし）", other or "（なし）")


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    was, now = list(before.get("fields") or []), list(after.get("fields") or [])
    if added := [name for name in now if name not in was]:
        yield Change("field", f"{'、'.join(added)}を加えました")
    if removed := [name for name in was if name not in now]:
        yield Change("field", f"{'、'.join(removed)}を外しました")


def _rules(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    was = {place.address: place for place in places(before)}
    now = {place.address: place for place in places(after)}
    for address, place in now.items():
        if address not in was:
            if place.outer in was or not place.outer:
                yield Change("rule", f"{_name(place)}を加えました")
            continue
        yield from _row(was[address], place)
    for address, place in was.items():
        if address not in now and (place.outer in now or not place.outer):
            yield Change("rule", f"{_name(place)}を除きました")
    common = [address for address in was if address in now]
    if common != [address for address in now if address in was]:
        yield Change("rule", "要件の順番を変えました")


def _row(was: Place, now: Place) -> Iterator[Change]:
    name = _name(now)
    if (was.row.get("enabled", True), now.row.get("enabled", True)) == (True, False):
        yield Change("rule", f"{name}を使わないことにしました")
    if (was.row.get("enabled", True), now.row.get("enabled", True)) == (False, True):
        yield Change("rule", f"{name}を使うことにしました")
    if was.outer != now.outer:
        yield Change("rule", f"{name}の置き場所", was.outer or "単独の要件", now.outer or "単独の要件")
    if combine_of(was.row) != combine_of(now.row):
        yield Change("rule", f"{name}の組合せ", _combination(was.row), _combination(now.row))
    for key, label in KEY_LABELS.items():
        one, other = _said(key, was.row.get(key)), _said(key, now.row.get(key))
        if one != other:
            yield Change("rule", f"{name}の{label}", one, other)
    if was.row.get("kind") != now.row.get("kind"):
        yield Change("rule", f"{name}の種類", _kind(was.row.get("kind")), _kind(now.row.get("kind")))
        return
    kind = KINDS.get(str(now.row.get("kind")))
    for parameter in kind.parameters if kind else ():
        one, other = (
            value_text(parameter, (row.row.get("parameters") or {}).get(parameter.name)) for row in (was, now)
        )
        if one != other:
            yield Change("rule", f"{name}の{parameter.label}", one, other)


def _name(place: Place) -> str:
    title = place.row.get("title", "")
    return f"要件{place.row['id']}「{title}」" if place.row.get("id") else f"要件{place.outer}の中の「{title}」"


def _kind(name: Any) -> str:
    return KINDS[name].label if name in KINDS else "（なし）"


def _combination(row: Mapping[str, Any]) -> str:
    return COMBINE_LABELS.get(combine_of(row), "単独の要件")


def _said(key: str, raw: Any) -> str:
    """What stands under a key of a row, as readers know it."""
    if raw in (None, "", [], {}):
        return "（なし）"
    if key in ("stage", "judged_at"):
        return STAGE_LABELS.get(raw, str(raw))
    if key == "also":
        return "、".join(STAGE_LABELS.get(item, str(item)) for item in raw)
    if key == "severity":
        return severity_text(str(raw))
    if isinstance(raw, list):
        return "、".join(str(item) for item in raw)
    if key == "when":
        return when_text(raw)
    if isinstance(raw, Mapping):
        return "、".join(str(text) for text in raw.values())
    return filled(str(raw))


def severity_text(raw: str) -> str:
    """What becomes of a FAIL, in words; `$agreement` follows the table of the ruleset."""
    if raw.startswith("$"):
        return f"「{label_of(raw)}」に従う"
    return SEVERITY_LABELS[Severity(raw)] if raw in set(Severity) else raw


def when_text(when: Mapping[str, Any]) -> str:
    """「事前協議」が必須のとき."""
    said = []
    for name, allowed in when.items():
        parameter = PARAMETERS.get(name)
        values = allowed if isinstance(allowed, list) else [allowed]
        shown = [parameter.choices.get(str(value), str(value)) if parameter else str(value) for value in values]
        said.append(f"「{parameter.label if parameter else name}」が{'・'.join(shown)}のとき")
    return "、".join(said)


def label_of(reference: str) -> str:
    """The Japanese name of `$cap_yen`."""
    name = reference.removeprefix("$")
    return "対象分野" if name == "fields" else PARAMETERS[name].label if name in PARAMETERS else name


def filled(text: str) -> str:
    """A wording with the names of its numbers in place of their keys: {cap_yen} → 〔上限額〕."""
    for name, parameter in PARAMETERS.items():
        text = text.replace(f"{{{name}}}", f"〔{parameter.label}〕")
    return text


def value_text(parameter: Parameter, raw: Any) -> str:
    """The value of a rule's own parameter as readers see it; a reference by the name of the table's line."""
    if isinstance(raw, str) and raw.startswith("$"):
        return f"「{label_of(raw)}」に従う"
    try:
        return plain(parameter, parameter.read(raw))
    except ValueError:
        return "（空欄）" if raw in (None, "") else str(raw)
