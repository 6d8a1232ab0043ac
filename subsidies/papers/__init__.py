"""What each paper of a grant says: snapshots built from the rows of an application.

`snapshot("D-08", application, decision=decision)` gives the plain JSON that `common.documents.issue` freezes; its
fields are described in `schema/`. Each builder asks a constant number of queries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.documents import freeze
from common.documents.errors import UnknownKind

from ..models import Application
from .changes import change_application, change_approval, delay_report, stop_application, stop_approval
from .claims import advance_claim, final_claim
from .decisions import grant_decision, rejection, selection
from .endings import return_order, revocation
from .forms import grant_application, request, withdrawal
from .records import consultation, draft, review
from .reports import fixed_amount, inspection_record, performance, progress, reminder

BUILDERS: dict[str, Callable[..., Any]] = {
    "D-01": request,
    "D-02": consultation,
    "D-03": grant_application,
    "D-04": review,
    "D-05": draft,
    "D-06": selection,
    "D-07": rejection,
    "D-08": grant_decision,
    "D-09": rejection,
    "D-10": withdrawal,
    "D-11": change_application,
    "D-12": change_approval,
    "D-13": stop_application,
    "D-14": stop_approval,
    "D-15": progress,
    "D-15b": delay_report,
    "D-16": reminder,
    "D-17": advance_claim,
    "D-17b": final_claim,
    "D-18": performance,
    "D-19": inspection_record,
    "D-20": fixed_amount,
    "D-21": return_order,
    "D-22": revocation,
}


def snapshot(kind: str, application: Application, **extra: Any) -> dict[str, Any]:
    """Return the data of a paper of the application. Raises UnknownKind for a paper that no application has."""
    if kind not in BUILDERS:
        raise UnknownKind(kind)
    return freeze(BUILDERS[kind](application, **extra))
