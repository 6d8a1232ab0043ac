"""The sums of the cost step, as the person at the form sees them while typing (C-11 asks the same at submission)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.yen import show_yen


@dataclass(frozen=True)
class Balance:
    """Two amounts that must be equal (whole yen), and what to say when they are not."""

    label: str
    left_yen: int
    right_label: str
    right_yen: int

    @property
    def holds(self) -> bool:
        return self.left_yen == self.right_yen

    @property
    def sentence(self) -> str:
        """配分額の合計が申請額より120,000円足りません。"""
        difference = self.right_yen - self.left_yen
        if not difference:
            return f"{self.label}と{self.right_label}が一致しています。"
        word = "足りません" if difference > 0 else "多くなっています"
        return f"{self.label}が{self.right_label}より{show_yen(abs(difference))}円{word}。"


@dataclass(frozen=True)
class Sums:
    """All sums of an estimate in whole yen."""

    cost_yen: int
    eligible_yen: int
    other_income_yen: int
    requested_yen: int
    split_yen: int
    burden_yen: int

    @property
    def income_yen(self) -> int:
        """Everything that comes in, the grant included."""
        return self.other_income_yen + self.requested_yen

    @property
    def balances(self) -> tuple[Balance, Balance]:
        return (
            Balance("収入の合計（交付金を含む）", self.income_yen, "経費の合計", self.cost_yen),
            Balance("配分額の合計", self.split_yen, "交付申請額", self.requested_yen),
        )


def sums_of(
    costs: Iterable[Mapping[str, Any]],
    incomes: Iterable[Mapping[str, Any]],
    requested_yen: int | None,
    shares: Iterable[tuple[int | None, int | None]],
) -> Sums:
    """Add up rows as far as they can be read: an amount that is missing or wrong counts as nothing.

    `costs` and `incomes` are cleaned rows (`amount_yen`, `eligible_yen`), `shares` pairs of split and burden.
    """
    cost_rows, split = list(costs), list(shares)
    return Sums(
        cost_yen=sum(row.get("amount_yen") or 0 for row in cost_rows),
        eligible_yen=sum(row.get("eligible_yen") or 0 for row in cost_rows),
        other_income_yen=sum(row.get("amount_yen") or 0 for row in incomes),
        requested_yen=requested_yen or 0,
        split_yen=sum(part or 0 for part, _ in split),
        burden_yen=sum(burden or 0 for _, burden in split),
    )
