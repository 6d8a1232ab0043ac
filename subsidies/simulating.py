"""A simulation held against its round: what is left, what does not hold, what has changed. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.yen import show_yen

from .budget_round import Entry, Pot, Round
from .models import SimulationLine


@dataclass(frozen=True)
class Violation:
    """A sentence on something that keeps a simulation from being adopted; `application` where it is about one."""

    text: str
    application: int | None = None


@dataclass(frozen=True)
class Balance:
    """One bureau in a simulation (whole yen). `left_yen` may be below zero: that much too much is given."""

    pot: Pot
    applications: int
    requested_yen: int
    given_yen: int

    @property
    def left_yen(self) -> int:
        return self.pot.available_yen - self.given_yen


def balances(found: Round, amounts: Mapping[int, int]) -> list[Balance]:
    """Each bureau with what the simulation gives there; `amounts` by application."""
    return [
        Balance(
            pot=pot,
            applications=len(entries := found.of_bureau(code)),
            requested_yen=sum(entry.requested_yen for entry in entries),
            given_yen=sum(amounts.get(entry.pk, 0) for entry in entries),
        )
        for code, pot in found.pots.items()
    ]


def violations(found: Round, amounts: Mapping[int, int]) -> list[Violation]:
    """What does not hold: over the rules' most or the request, not in whole units, over a bureau's allotment."""
    wrong = []
    for entry in found.entries:
        amount = amounts.get(entry.pk, 0)
        if amount > entry.requested_yen:
            text = f"申請額{show_yen(entry.requested_yen)}円を{show_yen(amount - entry.requested_yen)}円超えています。"
            wrong.append(Violation(f"{entry.name}：{text}", entry.pk))
        elif amount > entry.most_yen:
            text = (
                f"ルールで認められる額{show_yen(entry.most_yen)}円を{show_yen(amount - entry.most_yen)}円超えています。"
            )
            wrong.append(Violation(f"{entry.name}：{text}", entry.pk))
        if amount % found.unit_yen:
            wrong.append(Violation(f"{entry.name}：{show_yen(found.unit_yen)}円単位にしてください。", entry.pk))
    for row in balances(found, amounts):
        if row.left_yen < 0:
            name = row.pot.bureau.name
            wrong.append(Violation(f"{name}：配分できる額を{show_yen(-row.left_yen)}円超えています。"))
    return wrong


def unexplained(found: Round, lines: Iterable[SimulationLine]) -> list[Violation]:
    """Lines below their request without a reason."""
    names = {entry.pk: entry.name for entry in found.entries}
    return [
        Violation(f"{names[line.application_id]}：減額の理由を入力してください。", line.application_id)
        for line in lines
        if line.application_id in names and line.amount_yen < line.requested_yen and not line.reason.strip()
    ]


def changes_since(found: Round, lines: Sequence[SimulationLine]) -> list[str]:
    """What has changed in the round since the lines were computed, a sentence for each application."""
    entries = {entry.pk: entry for entry in found.entries}
    said = [sentence for line in lines if (sentence := _change(line, entries.get(line.application_id)))]
    known = {line.application_id for line in lines}
    said += [f"{entry.name}が新たに提出されました。" for entry in found.entries if entry.pk not in known]
    return said


def _change(line: SimulationLine, entry: Entry | None) -> str:
    application = line.application
    name = f"{application.region.name}（{application.number}）"
    if entry is None:
        return f"{name}は「{application.get_state_display()}」になり、配分の対象ではなくなりました。"
    if entry.requested_yen != line.requested_yen:
        return f"{name}の申請額が{show_yen(line.requested_yen)}円から{show_yen(entry.requested_yen)}円に変わりました。"
    if entry.most_yen != line.most_yen:
        return (
            f"{name}のルールで認められる額が{show_yen(line.most_yen)}円から{show_yen(entry.most_yen)}円に変わりました。"
        )
    return ""
