"""Checks an audit package: every file against SHA256SUMS, every event of the log against its hash and the chain.

Needs Python 3.8 or later and nothing else. Use it in the folder into which the package was unpacked:

    python3 verify.py
"""

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOG = HERE / "記録"


def wrong_files() -> Iterator[str]:
    """Name every file that is not as it was packed, is missing, or was put in afterwards."""
    packed = {"SHA256SUMS"}
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        expected, name = line.split("  ", 1)
        packed.add(name)
        path = HERE / name
        if not path.is_file():
            yield "ファイルがありません：" + name
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            yield "ファイルの内容が変わっています：" + name
    for path in sorted(HERE.rglob("*")):
        if path.is_file() and path.relative_to(HERE).as_posix() not in packed:
            yield "作成した後に加えられたファイルがあります：" + path.relative_to(HERE).as_posix()


def wrong_events() -> Iterator[str]:
    """Name every event whose content is not what its hash says, and every place where the chain does not hold."""
    with (LOG / "連鎖.csv").open(encoding="utf-8", newline="") as source:
        links = {int(row["番号"]): row for row in csv.DictReader(source)}
    before = None
    for number in sorted(links):
        link = links[number]
        if before is not None and (before["番号"] != str(number - 1) or link["前のハッシュ"] != before["ハッシュ"]):
            yield f"記録{number}が前の記録につながっていません。"
        before = link
    for line in (LOG / "操作の記録.jsonl").read_text(encoding="utf-8").splitlines():
        kept = json.loads(line)
        event = json.loads(kept["text"])
        number = event["id"]
        if hashlib.sha256(kept["text"].encode("utf-8")).hexdigest() != kept["hash"]:
            yield f"記録{number}の内容が変わっています。"
        listed = links.get(number)
        if listed is None or listed["ハッシュ"] != kept["hash"] or listed["前のハッシュ"] != event["previous_hash"]:
            yield f"記録{number}が連鎖の中の記録と一致しません。"


def main() -> int:
    problems = [*wrong_files(), *wrong_events()]
    whole = "すべてのファイルと記録は、作成したときのままです。"
    said = [*problems, f"異常が{len(problems)}件あります。"] if problems else [whole]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
