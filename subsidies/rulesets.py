"""Rulesets as the rest of the room reads them: parsed once, numbers by name."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from .rules.ruleset import RuleSet, parse

if TYPE_CHECKING:
    from .models import RuleSetVersion


def rules_of(version: RuleSetVersion) -> RuleSet:
    """Return the parsed ruleset; a published version never changes, so it is parsed once per process."""
    if version.state != version.State.PUBLISHED:
        return parse(version.content)
    return _published(version.program_id, version.version, version.published_at, version)


def decided_by_hq() -> frozenset[int]:
    """The rulesets (primary keys) by which headquarters decides; by all others the lead bureau does. One query."""
    from .models import RuleSetVersion

    kept = RuleSetVersion.objects.values_list("pk", "content__parameters__decision_authority")
    return frozenset(pk for pk, said in kept if (said.get("value") if isinstance(said, dict) else said) == "hq")


@lru_cache(maxsize=64)
def _published(program: str, number: int, published_at: datetime, version: RuleSetVersion) -> RuleSet:
    return parse(version.content)
