"""The cover list of an audit package (D-32); it is drawn with the package and never issued by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from common.fiscal_year import wareki
from common.models import AuditEvent

from ..models import Application, Package
from ..settling import paid_yen
from . import sources
from .schema import PackageCover, PackedFile


def cover(
    application: Application, *, package: Package, events: Sequence[AuditEvent], files: Sequence[PackedFile]
) -> PackageCover:
    """Every other file of the package with its SHA-256, and how far the log reaches."""
    asked = timezone.localtime(package.asked_at)
    head = sources.inner_head("D-32", "監査パッケージ", application, application.region.prefecture.name)
    return PackageCover(
        head=replace(head, issued_on=asked.date()),
        case_number=application.number,
        region=application.region.name,
        lead=application.lead.name,
        program=application.call.program.name,
        fiscal_year=application.fiscal_year,
        state=application.get_state_display(),
        granted_yen=application.granted_yen,
        fixed_yen=application.fixed_yen,
        paid_yen=paid_yen(application),
        asked_by=package.asked_who,
        asked_at=f"{wareki(asked.date())} {asked:%H:%M}",
        events=len(events),
        first_event=events[0].pk if events else 0,
        last_event=events[-1].pk if events else 0,
        last_hash=events[-1].hash if events else "",
        files=tuple(files),
    )
