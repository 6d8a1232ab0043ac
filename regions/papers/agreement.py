"""地域連携協定書 (D-23): articles, annexed tables of initiatives and roles and of the cost split, a grid of signatures.

What it says follows the published agreements of the region around 京極町 (signed 2021-03-18): purpose, basic policy,
initiatives and roles, costs, amendment, term, consultation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common.documents import Head


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article; `number` is 1 for the first, which bears none on paper."""

    number: int
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """One article: its number and heading, its paragraphs (項) in order, each with its items (号)."""

    number: int
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class RoleRow:
    """What one party (or all of them together) does in an initiative."""

    who: str
    text: str


@dataclass(frozen=True)
class InitiativeRow:
    """A row of the annexed table."""

    number: int
    name: str
    fields: tuple[str, ...]
    secretariat: str
    outline: str
    roles: tuple[RoleRow, ...]


@dataclass(frozen=True)
class ShareRow:
    """A party's share of the costs: percent as text (12.34) and its part of the example, in whole yen."""

    name: str
    percent: str
    amount_yen: int


@dataclass(frozen=True)
class CostTable:
    """How costs are split. `basis` says by what and where the figures come from, `remainder` who bears what is left."""

    method: str
    basis: str
    rows: tuple[ShareRow, ...]
    example_yen: int
    remainder: str


@dataclass(frozen=True)
class Signatory:
    """A signature block: 長沼町長. What the portal recorded of its consent stands below, where it was recorded."""

    title: str
    agreed_on: date | None = None
    document_no: str = ""
    council_on: date | None = None


@dataclass(frozen=True)
class AgreementPaper:
    """D-23. `head.issued_on` is the day of signing, blank in a draft; `supplements` are the 附則."""

    head: Head
    region: str
    version: int
    preamble: str
    clauses: tuple[Clause, ...]
    initiatives: tuple[InitiativeRow, ...]
    costs: CostTable | None
    supplements: tuple[str, ...]
    closing: str
    signatories: tuple[Signatory, ...]
    witness: str = ""
    note: str = ""
