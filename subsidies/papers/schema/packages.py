"""The cover of what an auditor is given (D-32)."""

from dataclasses import dataclass
from datetime import date

from common.documents import Head


@dataclass(frozen=True)
class PackedFile:
    """One file of the package: where it lies in it, what it is, its number and day, and its SHA-256."""

    path: str
    title: str
    number: str
    dated_on: date | None
    size: int
    sha256: str


@dataclass(frozen=True)
class PackageCover:
    """D-32 監査パッケージの表紙. Amounts are whole yen; `first_event` and `last_event` bound the chain segment."""

    head: Head
    case_number: str
    region: str
    lead: str
    program: str
    fiscal_year: int
    state: str
    granted_yen: int | None
    fixed_yen: int | None
    paid_yen: int
    asked_by: str
    asked_at: str
    events: int
    first_event: int
    last_event: int
    last_hash: str
    files: tuple[PackedFile, ...]
