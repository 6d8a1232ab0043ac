"""D-34, 廃棄の記録: what one list erased, who decided it, who carried it out. It outlives what it tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from common.documents import Head, freeze
from common.fiscal_year import FiscalYear, wareki

from ..models import DisposalItem, DisposalList, Erased
from .classes import classes

LOG = "D-34"


@dataclass(frozen=True)
class LogLine:
    """One thing of the list. Amounts are whole yen, `bytes` those of its files; `kept_because` where it stayed."""

    label: str
    number: str
    title: str
    years: str
    closed_on: date
    kept_years: int
    treatment: str
    granted_yen: int | None
    paid_yen: int | None
    rows: int
    papers: int
    files: int
    bytes: int
    kept_because: str = ""


@dataclass(frozen=True)
class DisposalLog:
    """D-34."""

    head: Head
    list_name: str
    on: date
    prepared_by: str
    decided_by: str
    decided_at: str
    carried_out_by: str
    carried_out_at: str
    finished_at: str
    handed_over_on: date | None
    archive_sha256: str
    lines: tuple[LogLine, ...]
    erased: int
    kept: int
    bytes: int


def log_paper(standing: DisposalList, prefecture: str, ended: datetime) -> dict[str, Any]:
    """Return the data of D-34 for a list whose erasing ended at that moment; two queries."""
    items = list(standing.items.exclude(treatment=DisposalItem.Treatment.EXTEND).order_by("kind", "due_from", "pk"))
    entries = {entry.item_id: entry for entry in Erased.objects.filter(item__list=standing)}
    lines = tuple(_line(item, entries.get(item.pk)) for item in items)
    return freeze(
        DisposalLog(
            head=Head(title=f"廃棄の記録（{standing}）", heading=("廃棄の記録",), sender=(prefecture,)),
            list_name=str(standing),
            on=standing.on,
            prepared_by=standing.prepared_who,
            decided_by=standing.decided_who,
            decided_at=_moment(standing.decided_at),
            carried_out_by=standing.carried_out_who,
            carried_out_at=_moment(standing.carried_out_at),
            finished_at=_moment(ended),
            handed_over_on=standing.handed_over_on,
            archive_sha256=standing.archive_sha256,
            lines=lines,
            erased=len(entries),
            kept=len(items) - len(entries),
            bytes=sum(line.bytes for line in lines),
        )
    )


def _line(item: DisposalItem, entry: Erased | None) -> LogLine:
    counts = entry.counts if entry else {}
    return LogLine(
        label=classes()[item.kind].label,
        number=item.number,
        title=item.title,
        years="–".join(FiscalYear(year).short for year in entry.years) if entry else "",
        closed_on=item.closed_on,
        kept_years=item.years,
        treatment=item.get_treatment_display(),
        granted_yen=entry.granted_yen if entry else item.amount_yen,
        paid_yen=entry.paid_yen if entry else None,
        rows=counts.get("rows", 0),
        papers=counts.get("papers", 0),
        files=counts.get("files", 0),
        bytes=counts.get("bytes", 0),
        kept_because=item.kept_because,
    )


def _moment(at: datetime | None) -> str:
    if at is None:
        return "－"
    local = timezone.localtime(at)
    return f"{wareki(local.date())} {local:%H:%M}"
