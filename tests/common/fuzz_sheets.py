"""Reads many mutated files in a process of its own, whose memory and time have a hard end.

    python -m tests.common.fuzz_sheets SEED COUNT

Whatever a file holds, only `Unreadable` may come out, and soon. Prints the sample and the number of the round that
broke this, so that `round_of(SEED, number)` builds the same file again.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import time
import zipfile
from collections import Counter
from contextlib import redirect_stderr, suppress

from common.sheets import values
from common.sheets.headers import Heading, find_table, guess_table
from common.sheets.limits import Limits
from common.sheets.messages import Unreadable
from common.sheets.reading import open_book

from ..xls import Formula, book
from .messy_sheets import HEAD, PLAIN, SAMPLES, TABLE, packed, parts_of, text, xlsx

MEMORY = 1_500 * 1024 * 1024
SECONDS = 10.0
WANTED = [Heading((name,), required=True) for name in HEAD]
READERS = (values.municipality_code, values.text, values.name, values.kana, values.integer, values.decimal, values.yen,
           values.day, values.year, values.fiscal_year)  # fmt: skip
SEEDS = [
    ("a.xlsx", xlsx(hidden_rows=[3], merged=[("F1:G1", "備考")])),
    ("b.xlsx", xlsx([HEAD, *([*row, ("=1/0", "#DIV/0!")] for row in PLAIN)], sheets=None)),
    ("c.xls", book({"人口": TABLE, "隠": [["x", Formula("#N/A"), Formula("文字"), True]]}, shared=True, hidden_rows=[2])),
    ("d.csv", text(encoding="cp932")),
    ("e.csv", text([HEAD, ["011002", '"国勢\n""調査"""', "令和2年", '"１，２３４"']])),
    ("f.txt", text(encoding="utf-16", comma="\t")),
    *((one.name, one.build()) for one in SAMPLES if one.about in {
        "two heading rows, merged", "tags with a namespace prefix", "formulas saved without a result"}),
]  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some flipped, overwritten, taken out, doubled or cut off."""
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice([1, 2, 4, 8, 64, 512]))
        match chance.randrange(7):
            case 0:
                data[start] ^= 1 << chance.randrange(8)
            case 1:
                data[start:end] = chance.randbytes(end - start)
            case 2:
                del data[start:end]
            case 3:
                place = chance.randrange(len(data))
                data[start:start] = data[place : place + chance.choice([1, 8, 200])]
            case 4:
                data[start:end] = bytes([chance.choice([0, 0xFF])]) * (end - start)
            case 5:
                data[start:end] = chance.choice([b"<", b'"', b"1048576", b"XFD", b"\xff\xfe", b"99999999", b"\r\n"])
            case 6:
                del data[max(start, len(data) // 3) :]
    return bytes(data)


def round_of(seed: int, number: int) -> tuple[str, bytes]:
    """Return the file (name, content) of one round. Parts inside an archive are mutated as often as its bytes."""
    chance = random.Random(f"{seed}:{number}")
    name, content = chance.choice(SEEDS)
    if name.endswith(".xlsx") and chance.random() < 0.7:
        with suppress(zipfile.BadZipFile):
            parts = parts_of(content)
            part = chance.choice([one for one in parts if one.startswith("xl/") and "theme" not in one])
            return name, packed(parts | {part: mutated(parts[part], chance)})
    if chance.random() < 0.1:
        content += chance.choice(SEEDS)[1]
    return name, mutated(content, chance)


def go_through(name: str, content: bytes) -> str:
    """Open, find and read as an import does; return "read" or the id of the sentence."""
    try:
        opened = open_book(content, name, limits=Limits())
        for sheet in opened.sheets[:3]:
            grid = opened.grid(sheet.name)
            if grid.first_row + len(grid.rows) - 1 > sheet.rows or grid.first_column + grid.width - 1 > sheet.columns:
                raise AssertionError(f"{sheet} reaches further than was seen before it was read")
            for table in (guess_table(grid), find_table(grid, WANTED)):
                for cell in (cell for column in table.columns for cell in column[:10]):
                    for reader in READERS:
                        with suppress(Unreadable):
                            reader(cell)
    except Unreadable as refused:
        return refused.id
    return "read"


def main(seed: int, count: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told: Counter[str] = Counter()
    for number in range(count):
        name, content = round_of(seed, number)
        before = time.process_time()
        sys.stdout.write(f"\r{number}")
        sys.stdout.flush()
        try:
            with redirect_stderr(io.StringIO()):
                told[go_through(name, content)] += 1
        except BaseException as broken:  # a panic of compiled code is no Exception
            sys.stdout.write(f"\nround {number} ({name}): {type(broken).__name__}: {broken}\n")
            return 1
        if (spent := time.process_time() - before) > SECONDS:
            sys.stdout.write(f"\nround {number} ({name}) took {spent:.1f} s\n")
            return 1
    sys.stdout.write(f"\n{dict(told.most_common())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
