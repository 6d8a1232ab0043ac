"""What time brings in this room: new names of regions, and what is called to mind; part of `run_due`."""

from __future__ import annotations

from datetime import date

from common import reminders

from .. import obligations  # noqa: F401  its sources are registered by being imported
from .regions import bear_names


def run_due(on: date) -> dict[str, int]:
    """Let regions bear their new names, remind of what is owed. Idempotent; returns counts."""
    return {"renamed": bear_names(on), "regions_reminded": reminders.send_due(on, "regions")}
