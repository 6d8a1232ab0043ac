"""What the lead claims in the grant's name: 概算払請求書, 精算払請求書."""

from dataclasses import dataclass

from common.documents import Head

from .shared import Project, Reference


@dataclass(frozen=True)
class Claim:
    """D-17 概算払請求書 or, with `fixed_yen`, D-17b 精算払請求書. Money in whole yen.

    `received_yen` is what was paid before, less what came back; `rest_yen` what is left of the grant (of the fixed
    amount) after this claim. `creditor_no` is the number under which accounting knows the lead; no account is named.
    """

    head: Head
    grant_name: str
    fiscal_year: int
    region: str
    title: str
    projects: tuple[Project, ...]
    decision: Reference
    granted_yen: int
    received_yen: int
    claim_yen: int
    rest_yen: int
    number: int
    creditor: str
    creditor_no: str = ""
    reason: str = ""
    fixed_yen: int | None = None
    fixing: Reference | None = None
