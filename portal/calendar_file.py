"""The year's days as a file for a person's own calendar (RFC 5545); a file, since a closed network has no feed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from .deadlines import Deadline

WIDTH = 73  # octets of a line before it is folded (RFC 5545, 3.1 allows 75)


def written(days: Iterable[Deadline], stamp: datetime, address: str) -> bytes:
    """Return the days as whole-day events; `address` is where the portal is. A day keeps its UID from file to file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wide-area portal//JA", "CALSCALE:GREGORIAN"]
    for one in days:
        uid = hashlib.sha256(f"{one.on}{one.text}{one.url}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@portal",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.text)}",
            *([f"URL:{address}{one.url}"] if one.url else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return ("\r\n".join(_folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n").encode()


def _escaped(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold after at most WIDTH octets, never inside a character."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > WIDTH:
            parts.append(part)
            part = ""
        part += char
    return "\r\n ".join([*parts, part])
