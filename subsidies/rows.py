"""The rows that the towns write in an application, asked once and read by its content, its facts, guards and forms."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from .models import Application, ApplicationProject, CostLine, IncomeLine, Participant

ROWS: tuple[str | Prefetch, ...] = (
    Prefetch("parts", Participant.objects.select_related("municipality").order_by("municipality")),
    Prefetch("items", ApplicationProject.objects.select_related("project__main_field", "project__secretariat")),
    "items__project__fields",
    "items__project__participants",
    "items__project__kpis__targets",
    Prefetch("costs", CostLine.objects.select_related("project", "member")),
    Prefetch("incomes", IncomeLine.objects.select_related("member")),
    "self_running_lines",
)


def load_rows(application: Application) -> Application:
    """Ask for all rows now, in nine queries whatever their number, and keep them with this object.

    For pages, which read much and change nothing; who writes asks anew.
    """
    prefetch_related_objects([application], *ROWS)
    return application


def with_rows(application: Application) -> Application:
    """The application with its rows: itself where they are loaded, else a copy that holds them as they are now."""
    if "self_running_lines" in getattr(application, "_prefetched_objects_cache", {}):
        return application
    seen: Any = copy(application)
    seen._prefetched_objects_cache = {}
    return load_rows(seen)
