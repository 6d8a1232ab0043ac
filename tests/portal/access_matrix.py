"""THE matrix: every URL × the twelve duties and a person who has not signed in. A URL missing here fails the suite.

A row says what the holder of each duty inside the territory reads: `ok` 200 (or `answers`), `hidden` 404, everyone else
403. `named` is what the address names, by its name in the world; such rows also say what the same duty of another
territory reads: 404, unless `open_to_strangers`. Post-only addresses carry `post`, the data to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from common.viewer import Duty

ALL = frozenset(Duty)
TOWN = frozenset({Duty.MP, Duty.MA, Duty.MF})
BUREAU = frozenset({Duty.BS, Duty.BM})
HEADQUARTERS = frozenset({Duty.HS, Duty.HM})
NOBODY: frozenset[Duty] = frozenset()


def only(*duties: str) -> frozenset[Duty]:
    """`only("BS", "BM")`."""
    return frozenset(Duty(duty) for duty in duties)


@dataclass(frozen=True)
class Row:
    """One URL."""

    view: str
    ok: frozenset[Duty] = ALL
    hidden: frozenset[Duty] = NOBODY
    named: tuple[str, ...] = ()
    args: tuple[object, ...] = ()
    query: str = ""
    post: Mapping[str, str] | None = None
    answers: int = 200
    public: bool = False
    open_to_strangers: bool = False

    def expected(self, duty: Duty) -> int:
        """The status that the holder of the duty inside the territory reads."""
        return self.answers if duty in self.ok else 404 if duty in self.hidden else 403


MATRIX = [
    # portal
    Row("portal:home"),
    Row("portal:worklist"),
    Row("portal:search", query="?q=長沼"),
    Row("portal:task_detail", named=("task",), ok=only("BS"), hidden=ALL - only("BS")),  # hers alone
    # accounts
    Row("accounts:sign_in", public=True, answers=302),  # whoever is signed in goes on to the start page
    Row("accounts:sample_sign_in", public=True, post={"username": "nobody"}, ok=NOBODY, hidden=ALL),
    Row("accounts:sign_out", post={}, answers=302),
    Row("accounts:post_switch", post={"office": "0"}, ok=NOBODY, hidden=ALL),
    Row("accounts:password_change"),
    # municipalities
    Row("municipalities:municipality_list", ok=ALL - only("AC")),
    Row("municipalities:municipality_detail", named=("town",), ok=ALL - only("AC"), open_to_strangers=True),
    # subsidies
    Row("subsidies:application_detail", named=("draft",), ok=TOWN | only("AU"), hidden=ALL - TOWN - only("AU")),
]
