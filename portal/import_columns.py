"""The page on which a person says which column is which field: what it offers, and what she chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from common.sheets.inspecting import Inspection
from common.sheets.mapping import Suggestion
from common.sheets.reading import letters


@dataclass
class ColumnLine:
    """One column of the file as the page shows it; `chosen` is the name of a field or ""."""

    index: int
    letter: str
    heading: str
    samples: tuple[str, ...]
    chosen: str
    why: str
    confidence: int
    certain: bool
    contradicted: bool
    error: str = ""


@dataclass(frozen=True)
class Need:
    """A field that must be there, and whether a column feeds it."""

    heading: str
    covered: bool


class ColumnChoice:
    """The columns with their suggestion, or with what was sent (`column-0` … name of the field)."""

    def __init__(self, seen: Inspection, sent: Mapping[str, str] | None = None) -> None:
        self.seen = seen
        self._known = {one.name: one for one in seen.fields}
        self.lines = [self._line(index, one, sent) for index, one in enumerate(seen.suggestions)]

    @property
    def mapping(self) -> dict[str, str]:
        """What was chosen: heading → name of the field."""
        return {line.heading: line.chosen for line in self.lines if line.chosen}

    @property
    def options(self) -> list[tuple[str, str]]:
        """The fields as a list offers them, those that must be there marked."""
        return [
            (one.name, f"{one.heading}　※必須" if one.required or one.key else one.heading) for one in self.seen.fields
        ]

    @property
    def needed(self) -> list[Need]:
        chosen = {line.chosen for line in self.lines}
        return [Need(one.heading, one.name in chosen) for one in self.seen.fields if one.required or one.key]

    def problems(self) -> list[str]:
        """Return what is wrong with the choice, a sentence each, and mark the columns concerned."""
        counted = Counter(line.chosen for line in self.lines if line.chosen)
        found = []
        for name, count in counted.items():
            if count < 2:
                continue
            heading = self._known[name].heading
            found.append(f"「{heading}」に{count}つの列が選ばれています。1つにしてください。")
            for line in self.lines:
                if line.chosen == name:
                    line.error = f"「{heading}」が重なっています。"
        missing = [need.heading for need in self.needed if not need.covered]
        if missing:
            found.append(f"必須の項目（{'、'.join(missing)}）に当たる列を選んでください。")
        return found

    def _line(self, index: int, one: Suggestion, sent: Mapping[str, str] | None) -> ColumnLine:
        suggested = self.seen.mapping.get(one.heading, "")
        if not suggested and one.field not in self.seen.mapping.values():
            suggested = one.field or ""
        chosen = suggested if sent is None else sent.get(f"column-{index}", "")
        place = self.seen.table.places[index]
        return ColumnLine(
            index=index,
            letter=letters(place),
            heading=one.heading,
            samples=one.samples[:3],
            chosen=chosen if chosen in self._known else "",
            why=one.why.value if one.field else "",
            confidence=one.confidence,
            certain=one.certain,
            contradicted=one.contradicted,
        )
