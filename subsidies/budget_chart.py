"""How much of each bureau's allotment is granted and asked for: one bar a bureau, every number written on it."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.yen import show_thousands

WIDTH, LEFT, ROW, BAR, HEAD, FOOT = 1093, 176, 40, 22, 8, 28
WIDE, NARROW = 16, 9.5  # pixels of a full-width and of a half-width character beside a bar
GRANTED, REVIEWED, LINE = "#00428c", "#c0e4ff", "#767676"
ROOM = 92  # pixels that a number inside a bar needs


@dataclass(frozen=True)
class BudgetLine:
    """Money of a bureau, in yen: allotted, granted, asked for and under review."""

    bureau: str
    allotted_yen: int
    granted_yen: int
    reviewed_yen: int

    @property
    def left_yen(self) -> int:
        return self.allotted_yen - self.granted_yen


def budget_chart(lines: list[BudgetLine], *, label: str) -> SafeString:
    """Draw the bars on one scale from 0; dark is granted, light under review, white is left. Labels in 千円."""
    most = max((max(line.allotted_yen, line.granted_yen + line.reviewed_yen) for line in lines), default=0) or 1
    room = (
        max((_width(_beside(line, _parts(line))) for line in lines), default=0) + 16
    )  # enough for every word beside a bar
    scale = (WIDTH - LEFT - room) / most
    height = HEAD + ROW * len(lines) + FOOT
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">']
    for number, line in enumerate(lines):
        parts += _bar(line, HEAD + ROW * number, scale)
    base = HEAD + ROW * len(lines)
    parts.append(f'<line x1="{LEFT}" x2="{LEFT}" y1="{HEAD}" y2="{base}" stroke="#1a1a1a"/>')
    for part in (0, 1, 2, 3, 4):
        yen = most * part // 4
        x = LEFT + yen * scale
        parts.append(f'<text class="t-soft t-s num" x="{x:.1f}" y="{base + 18}" text-anchor="middle">')
        parts.append(f"{show_thousands(yen)}</text>")
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text from outside went through escape()


def _bar(line: BudgetLine, top: int, scale: float) -> list[str]:
    y, text = top + (ROW - BAR) / 2, top + ROW / 2 + 5
    granted, reviewed, allotted = (yen * scale for yen in (line.granted_yen, line.reviewed_yen, line.allotted_yen))
    end = LEFT + max(allotted, granted + reviewed)
    out = [
        f'<text x="{LEFT - 10}" y="{text}" text-anchor="end">{escape(line.bureau)}</text>',
        f'<rect x="{LEFT}" y="{y}" width="{granted:.1f}" height="{BAR}" fill="{GRANTED}"/>',
        f'<rect x="{LEFT + granted:.1f}" y="{y}" width="{reviewed:.1f}" height="{BAR}" fill="{REVIEWED}"/>',
        f'<rect x="{LEFT}" y="{y}" width="{allotted:.1f}" height="{BAR}" fill="none" stroke="{LINE}"/>',
    ]
    narrow, right = [], float(LEFT)
    for part, look in zip(_parts(line), ("t-inv num", "num"), strict=True):
        right += part.yen * scale
        if part.yen * scale >= ROOM:
            out.append(f'<text class="{look}" x="{right - 8:.1f}" y="{text}" text-anchor="end">{part}</text>')
        else:
            narrow.append(part)
    out.append(f'<text class="num" x="{end + 8:.1f}" y="{text}">{_beside(line, narrow)}</text>')
    return out


@dataclass(frozen=True)
class _Part:
    """One part of a bar with its word."""

    word: str
    yen: int

    def __str__(self) -> str:
        return f"{self.word} {show_thousands(self.yen)}"


def _parts(line: BudgetLine) -> list[_Part]:
    return [_Part("決定", line.granted_yen), _Part("審査中", line.reviewed_yen)]


def _beside(line: BudgetLine, parts: list[_Part]) -> str:
    """What stands right of a bar: the money left, and the parts that are too short for their own word."""
    words = [f"残 {show_thousands(line.left_yen)}／配当 {show_thousands(line.allotted_yen)}"]
    return "　".join(words + [str(part) for part in parts if part.yen])


def _width(text: str) -> float:
    return sum(WIDE if east_asian_width(sign) in "WF" else NARROW for sign in text)
