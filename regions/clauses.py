"""The clause template of an agreement: which articles a draft is born with, and how their blanks are filled.

The wording stands in `fixtures/ground/agreement_clauses.yaml`, per prefecture where one has its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from common.fiscal_year import wareki

from .models import Agreement, CostMethod

FILE: Path = settings.BASE_DIR / "fixtures" / "ground" / "agreement_clauses.yaml"
EVERYWHERE = "*"
LAST_DAY = (3, 31)
YEARS = 5  # fiscal years that a new draft proposes to last
KINDS = ("市", "町", "村")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Blanks:
    """What is known of a draft: the values for the blanks, and the conditions (`when`) that hold."""

    values: Mapping[str, str]
    holds: frozenset[str]


@dataclass(frozen=True)
class Wording:
    """One article of the template, its blanks filled."""

    key: str
    heading: str
    text: str


def blanks_of(agreement: Agreement, names: Sequence[str]) -> Blanks:
    """Return what the rows of a draft tell its articles; `names` are its parties in the order of the paper."""
    region = agreement.region
    fields = [field.name for field in agreement.fields.all()] if agreement.pk else []
    conditions = {
        "framework": agreement.framework,
        "open": agreement.valid_until is None,
        "unsplit": agreement.cost_method == CostMethod.NONE,
        "all_fields": not fields,
    }
    both = not agreement.framework and agreement.cost_method != CostMethod.NONE
    values = {
        "towns": listed(names),
        "parties": parties_word(names),
        "region": region.name,
        "lead": region.lead.name,
        "secretariat": region.secretariat.name,
        "fields": listed(fields),
        "until": wareki(agreement.valid_until).translate(_WIDE) if agreement.valid_until else "",
        "copies": str(len(names)).translate(_WIDE),
        "annex_roles": "別表第１" if both else "別表",
        "annex_costs": "別表第２" if both else "別表",
    }
    return Blanks(values, frozenset(name for name, true in conditions.items() if true))


def wordings(prefecture: str, blanks: Blanks) -> list[Wording]:
    """Return the articles of the template in their order, filled."""
    return [
        Wording(row["key"], row["heading"], _fill(_chosen(row, blanks), blanks)) for row in _of(prefecture)["articles"]
    ]


def frame(prefecture: str, blanks: Blanks) -> tuple[str, str]:
    """Return the sentence before the articles and the one before the signatures."""
    told = _of(prefecture)
    return _fill(told["preamble"], blanks), _fill(told["closing"], blanks)


def default_last_day(start: date) -> date:
    """The last day that a new draft proposes: 31 March of the fifth fiscal year."""
    year = start.year if (start.month, start.day) > LAST_DAY else start.year - 1
    return date(year + YEARS, *LAST_DAY)


def listed(names: Sequence[str]) -> str:
    """長沼町、由仁町及び栗山町, as legal texts list."""
    return "及び".join(part for part in ("、".join(names[:-1]), *names[-1:]) if part)


def parties_word(names: Sequence[str]) -> str:
    """構成町村, 構成市町 … as the parties are."""
    kinds = {name[-1] for name in names}
    return "構成" + ("".join(kind for kind in KINDS if kind in kinds) or "市町村")


def _chosen(row: Mapping[str, Any], blanks: Blanks) -> str:
    return next(one["text"] for one in row["wordings"] if blanks.holds >= set(one.get("when", ())))


def _fill(text: str, blanks: Blanks) -> str:
    return text.format_map(blanks.values)


def _of(prefecture: str) -> Mapping[str, Any]:
    told = _template()
    found: Mapping[str, Any] = told.get(prefecture) or told[EVERYWHERE]
    return found


@cache
def _template() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
