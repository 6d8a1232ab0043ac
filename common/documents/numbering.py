"""Numbers of papers: one sequence per office, purpose and year; gaps are logged and never reused."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model

from .. import audit, clock
from ..errors import Refused
from ..fiscal_year import FiscalYear
from ..locks import locking
from ..models import NumberEntry, NumberSequence
from ..viewer import Office, Viewer

Purpose = NumberSequence.Purpose
_PATTERNS = {
    Purpose.RECEIPT: "{office}{section}収第{n}号",
    Purpose.DOCUMENT: "{office}{section}第{n}号",
    Purpose.ORDER: "{office}{section}第{n}号{指令}",
}


@dataclass(frozen=True)
class Numbering:
    """How an office numbers: which sequence, its symbols (後, 地政), and whether it counts by calendar year.

    `pattern` with the tokens {office} {section} {n} {指令} is used when the office opens its first sequence of the
    purpose; a new year's sequence goes on with the pattern of the year before, which administrators may edit.
    """

    purpose: str
    office: str = ""
    section: str = ""
    calendar_year: bool = False
    pattern: str = ""

    def year(self, on: date) -> int:
        return on.year if self.calendar_year else int(FiscalYear.of(on))

    def text(self, pattern: str, value: int) -> str:
        """Return 後地政第204号指令 (half-width figures; letters print them full width)."""
        tokens = {"office": self.office, "section": self.section, "n": str(value)}
        tokens["指令"] = "指令" if self.purpose == Purpose.ORDER else ""
        for token, replacement in tokens.items():
            pattern = pattern.replace(f"{{{token}}}", replacement)
        return pattern


@transaction.atomic
def open_year(year: int, *, viewer: Viewer) -> int:
    """Open the sequences of a year after those of the year before, from 1, with their patterns; return how many.

    Those that are open already stay as they are, so it may be called as often as one likes.
    """
    opened = []
    for row in NumberSequence.objects.filter(year=year - 1).order_by("office_key", "purpose"):
        _, new = NumberSequence.objects.get_or_create(
            office_key=row.office_key, purpose=row.purpose, year=year, defaults={"pattern": row.pattern}
        )
        opened += [f"{row.office_key} {row.purpose}"] if new else []
    if opened:
        title = f"{FiscalYear(year).wareki}の番号簿を準備"
        audit.record(viewer, "numbers.open", ("common.numbersequence", year), title, after={"sequences": opened})
    return len(opened)


@transaction.atomic
def take_number(numbering: Numbering, *, office: Office, on: date, subject: Model | tuple[str, object]) -> NumberEntry:
    """Take the next number of the office's sequence of that year, under a row lock, in the caller's transaction.

    If that transaction is rolled back the number was never taken, so that a failure leaves no gap.
    """
    key = {"office_key": office.key, "purpose": numbering.purpose, "year": numbering.year(on)}
    NumberSequence.objects.get_or_create(**key, defaults={"pattern": _pattern(numbering, office)})
    sequence = locking(NumberSequence.objects).get(**key)
    sequence.last_value += 1
    sequence.save(update_fields=["last_value"])
    subject_type, subject_id = audit.subject_of(subject)
    return NumberEntry.objects.create(
        sequence=sequence,
        value=sequence.last_value,
        text=numbering.text(sequence.pattern, sequence.last_value),
        taken_on=on,
        subject_type=subject_type,
        subject_id=str(subject_id),
    )


@transaction.atomic
def void_number(entry: NumberEntry, reason: str, *, viewer: Viewer) -> NumberEntry:
    """Log that a number stays unused (欠番). It keeps its row, so it can never be given again.

    Raises Refused: no reason, already void, or a paper bears the number.
    """
    locked = locking(NumberEntry.objects).get(pk=entry.pk)
    if not reason.strip():
        raise Refused("欠番の理由を入力してください。")
    if locked.voided_at:
        raise Refused(f"{locked.text}は既に欠番です。")
    if hasattr(locked, "document"):
        raise Refused(f"{locked.text}は「{locked.document.title}」の番号です。欠番にできません。")
    locked.voided_at, locked.void_reason = clock.now(), reason.strip()
    locked.save(update_fields=["voided_at", "void_reason"])
    audit.record(viewer, "number.void", locked, f"{locked.text}を欠番とした", reason=locked.void_reason)
    return locked


def _pattern(numbering: Numbering, office: Office) -> str:
    before = (
        NumberSequence.objects.filter(office_key=office.key, purpose=numbering.purpose)
        .order_by("-year")
        .values_list("pattern", flat=True)
        .first()
    )
    return before or numbering.pattern or _PATTERNS[Purpose(numbering.purpose)]
