"""Evidence of a performance report (証拠書類): files kept with the cost line that they prove."""

from __future__ import annotations

from common.models import StoredFile

from .models import Report, ReportCost

LABEL = "証拠書類"


def evidence_of(report: Report) -> list[tuple[ReportCost, StoredFile]]:
    """Every file with its line, in the order of the lines and of upload; two queries."""
    lines = {str(line.pk): line for line in report.costs.select_related("cost")}
    subject_type = ReportCost._meta.label_lower
    kept = StoredFile.objects.filter(subject_type=subject_type, subject_id__in=lines, removed_at=None)
    found = [(lines[stored.subject_id], stored) for stored in kept.order_by("pk")]
    return sorted(found, key=lambda pair: pair[0].cost.number)
