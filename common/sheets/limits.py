"""How much one file may ask of us; what is beyond gets a sentence before it costs memory or time."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file: as uploaded, unpacked, and of each of its sheets; seconds for reading it."""

    bytes: int = 10 * MB
    rows: int = 200_000
    columns: int = 500
    cells: int = 2_500_000  # rows × columns of the area that holds values
    sheets: int = 100
    unpacked: int = 200 * MB
    ratio: int = 200  # honest sheets of repeated rows reach about 40
    seconds: float = 30.0


def from_settings() -> Limits:
    """Return the limits of this installation (`UPLOAD_MAX_BYTES`, `SHEET_MAX_ROWS`, `SHEET_MAX_SECONDS`)."""
    return Limits(
        bytes=settings.UPLOAD_MAX_BYTES, rows=settings.SHEET_MAX_ROWS, seconds=float(settings.SHEET_MAX_SECONDS)
    )
