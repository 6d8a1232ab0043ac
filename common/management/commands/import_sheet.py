"""`manage.py import_sheet KIND FILE`: compare a sheet with what stands, and write it unless it has errors."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.errors import Refused
from common.models import SheetImport
from common.sheets import chunks, importing
from common.sheets.inspecting import BadMapping, context
from common.sheets.kinds import all_kinds, kind_of
from common.sheets.messages import Unreadable
from common.sheets.paging import findings_of
from common.viewer import SYSTEM

OK, NO, BAD = 0, 1, 2
Finding = dict[str, Any]


class Command(BaseCommand):
    """Exit 0: done; 1: the sheet has errors and nothing was written; 2: the file or the question cannot be read."""

    help = "表（.xlsx、.xls、.csv）を確かめて取り込みます。エラーがあれば何も書き込みません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="様式（I-01、I-03 など）")
        parser.add_argument("file", metavar="FILE", help="取り込むファイル")
        parser.add_argument("--dry-run", action="store_true", help="比べるだけで、何も書き込まない")
        parser.add_argument("--mapping", metavar="FILE", help='列の対応（JSON：{"ファイルの見出し": "様式の見出し"}）')
        parser.add_argument("--sheet", default="", help="シートの名前（省略時は値のある最初のシート）")
        parser.add_argument("--encoding", help="文字コード（utf-8、cp932、utf-16。省略時は自動判定）")
        parser.add_argument(
            "--parameter", action="append", default=[], metavar="NAME=VALUE", help="対象（application=12）"
        )
        parser.add_argument("--skip-errors", action="store_true", help="エラー行を除いて取り込む")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["json"]
        try:
            answer = self._answer(options)
        except Unreadable as unreadable:
            self._refuse(f"{options['file']}：{unreadable}", as_json)
        except (ValueError, OSError, BadMapping) as wrong:
            self._refuse(str(wrong), as_json)
        except ValidationError as refused:
            self._refuse(f"{options['file']}：{'、'.join(refused.messages)}", as_json)
        except Refused as refused:
            self.stderr.write(str(refused))
            sys.exit(NO)
        except DatabaseError as problem:
            self._refuse(f"データベースを使えません（{problem}）。先に migrate を実行してください。", as_json)
        if unknown := [one["message"] for one in answer["errors"] if one["id"] == "E-03"]:
            self._refuse(f"{options['file']}：{unknown[0]}", as_json)
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._print(answer, options)
        if answer["errors"] and not (options["skip_errors"] and not options["dry_run"]):
            sys.exit(NO)

    def _answer(self, options: dict[str, Any]) -> dict[str, Any]:
        kinds = [one.id for one in all_kinds()]
        if options["kind"] not in kinds:
            raise ValueError(f"様式「{options['kind']}」はありません。あるのは{'、'.join(kinds)}です。")
        parameters = dict(_parameter(text) for text in options["parameter"])
        path = Path(options["file"])
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise ValueError(f"ファイルを読み取れません（{path}：{problem.strerror}）。") from problem
        mapping = _mapping(options["mapping"], options["kind"]) if options["mapping"] else {}
        if options["dry_run"]:
            return self._compare(options, content, path.name, parameters, mapping)
        run = importing.start(
            ContentFile(content, name=path.name), kind=options["kind"], viewer=SYSTEM, parameters=parameters
        )
        if options["sheet"] or options["encoding"] or mapping:
            importing.choose(
                run,
                sheet=options["sheet"] or None,
                encoding=options["encoding"],
                mapping=mapping or None,
                viewer=SYSTEM,
            )
        run = importing.check(run, SYSTEM, wait=True)
        if run.state == SheetImport.State.CHECKED and (options["skip_errors"] or not run.error):
            return _answer_of(importing.confirm(run, viewer=SYSTEM, skip_errors=options["skip_errors"], wait=True))
        answer = _answer_of(run)
        importing.discard(run, SYSTEM)
        return answer

    def _compare(
        self, options: dict[str, Any], content: bytes, name: str, parameters: dict[str, Any], mapping: dict[str, str]
    ) -> dict[str, Any]:
        read, compared = importing.preview(
            content,
            name,
            kind=options["kind"],
            viewer=SYSTEM,
            parameters=parameters,
            sheet=options["sheet"],
            encoding=options["encoding"],
            mapping=mapping,
        )
        table = read.table
        notices = [
            _finding(one.id, one.sheet, one.row, one.column, one.text) for one in (*read.missing, *table.notices)
        ]
        if compared is None:
            return _told(options["kind"], dict.fromkeys(chunks.RESULTS.values(), 0), notices)
        columns = {name: heading for heading, name in read.mapping.items()}
        rows = compared.rows.numbers
        found = (
            _finding(one.id, table.sheet, rows[one.index], columns.get(one.field or "", ""), text)
            for one, text in zip(compared.problems, compared.sentences, strict=True)
        )
        counts = {name: compared.results.count(letter) for letter, name in chunks.RESULTS.items()}
        return _told(options["kind"], counts, [*notices, *found])

    def _refuse(self, message: str, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(BAD)

    def _print(self, answer: dict[str, Any], options: dict[str, Any]) -> None:
        counts = "登録 {new:,}件、更新 {changed:,}件、変更なし {same:,}件、エラー {error:,}件"
        for one in answer["errors"] + answer["warnings"]:
            place = "　".join(text for text in (one["sheet"], one["column"]) if text)
            self.stdout.write(f"{one['id']}　{one['message']}" + (f"（{place}）" if place else ""))
        self.stdout.write(counts.format(**answer))
        if options["dry_run"]:
            self.stdout.write("比べただけで、何も書き込んでいません。")
        elif answer["errors"] and not options["skip_errors"]:
            self.stdout.write("エラーがあるため、何も書き込んでいません。")


def _answer_of(run: SheetImport) -> dict[str, Any]:
    fields = {one.name: one for one in context(run, kind_of(run.kind), SYSTEM).fields}
    columns = {name: heading for heading, name in run.mapping.items()}
    found = [_finding(one["id"], one["sheet"], one["row"], one["column"], one["text"]) for one in run.messages]
    found += [
        _finding(id, run.sheet, row, columns.get(name or "", ""), text)
        for row, name, id, text in findings_of(run, fields)
    ]
    counts = {name: getattr(run, name) for name in chunks.RESULTS.values()}
    return _told(run.kind, counts, found)


def _told(kind: str, counts: dict[str, int], found: Iterable[Finding]) -> dict[str, Any]:
    listed = list(found)
    return {
        "kind": kind,
        **counts,
        "errors": [one for one in listed if not one["id"].startswith(("W", "I"))],
        "warnings": [one for one in listed if one["id"].startswith("W")],
    }


def _finding(id: str, sheet: str, row: int | None, column: str, text: str) -> Finding:
    return {"id": id, "sheet": sheet, "row": row, "column": column, "message": text}


def _parameter(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ValueError(f"--parameter は NAME=VALUE の形で指定してください（「{text}」）。")
    return name, int(value) if value.isdecimal() else value


def _mapping(file: str, kind: str) -> dict[str, str]:
    """Read heading → field; the field may be named by its heading in our form, by a synonym or by its name."""
    try:
        raw = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise ValueError(f"列の対応を読み取れません（{file}：{problem.strerror}）。") from problem
    except (UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise ValueError(f"列の対応をJSONとして読み取れません（{file}）。") from wrong
    if not isinstance(raw, dict) or not all(isinstance(text, str) for pair in raw.items() for text in pair):
        raise ValueError(f'列の対応は {{"ファイルの見出し": "様式の見出し"}} の形で書いてください（{file}）。')
    return dict(_named(raw, kind))


def _named(raw: dict[str, str], kind: str) -> Iterator[tuple[str, str]]:
    known = {name: one.name for one in kind_of(kind).declared for name in (*one.synonyms, one.heading, one.name)}
    for heading, wanted in raw.items():
        yield heading, known.get(wanted, wanted)
