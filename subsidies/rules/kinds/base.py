"""What a rule kind is: a name, typed parameters, the facts it needs, and one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..facts import ApplicationFacts
from ..values import Parameter, Value
from ..verdict import Finding

Values = Mapping[str, Value]
Check = Callable[[ApplicationFacts, Values], Finding]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule, as the rule studio offers it.

    `needs` names the fields of ApplicationFacts without which it cannot be answered: where one of them is in
    `facts.unknown`, the answer is NO_DATA with that reason and `check` is not asked. "members" stands for at least one
    municipality being chosen.
    """

    name: str
    label: str
    explanation: str
    check: Check
    parameters: tuple[Parameter, ...] = ()
    needs: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {}
"""Every kind by name. Filled by the `@kind` of the modules in this package."""


def kind(
    name: str, label: str, explanation: str, *parameters: Parameter, needs: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register a pure function as a rule kind. Raises ValueError if the name is taken."""

    def register(check: Check) -> Check:
        if name in KINDS:
            raise ValueError(f"rule kind {name} is registered twice")
        KINDS[name] = Kind(name, label, explanation, check, parameters, needs)
        return check

    return register
