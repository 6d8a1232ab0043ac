"""The money of a grant in one line of figures: decided, fixed, paid, left to pay or to give back (whole yen)."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import Application
from ..settling import paid_yen


@dataclass(frozen=True)
class Money:
    """What was decided and what became of it. `fixed_yen` is None until the amount is fixed."""

    granted_yen: int
    fixed_yen: int | None
    paid_yen: int

    @property
    def to_pay_yen(self) -> int:
        """What is still to be paid, 0 where more was paid than fixed."""
        return max(0, self._due_yen - self.paid_yen)

    @property
    def to_return_yen(self) -> int:
        """What has to come back, 0 where nothing."""
        return max(0, self.paid_yen - self._due_yen)

    @property
    def _due_yen(self) -> int:
        return self.granted_yen if self.fixed_yen is None else self.fixed_yen


def money_of(application: Application) -> Money | None:
    """Return the figures of a granted application, None before the decision; one query."""
    if application.granted_yen is None:
        return None
    return Money(application.granted_yen, application.fixed_yen, paid_yen(application))
