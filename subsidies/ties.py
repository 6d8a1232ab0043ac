"""What a region still has open here, for the room `regions`, which knows no applications (`settings.REGION_TIES`)."""

from __future__ import annotations

from .models import Application
from .states import BEFORE_DECISION, State

BINDING = (
    *BEFORE_DECISION,
    State.APPROVAL,
    State.GRANTED,
    State.RUNNING,
    State.CHANGE_REVIEW,
    State.STOP_REVIEW,
    State.DELAY_REVIEW,
    State.REPORT_DUE,
    State.REPORT_OVERDUE,
    State.REPORTED,
    State.REPORT_RETURNED,
    State.INSPECTED,
)


def open_grants(region_code: str) -> list[str]:
    """Return the applications of the region that still run: 申請 次期R8-003（審査中）."""
    rows = Application.objects.filter(region=region_code, state__in=BINDING).order_by("fiscal_year", "number")
    return [f"申請{row.number}（{row.get_state_display()}）" for row in rows.only("number", "state")]
