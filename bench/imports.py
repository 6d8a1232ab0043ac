"""What an import costs: ours beside stock django-import-export and beside the floor, on SQLite and PostgreSQL.

    python -m bench.imports                     the full run: stock alone takes minutes on the large sheet
    python -m bench.imports --rows 10000        a quick one
    python -m bench.imports --without-stock --database postgresql

*Ours* is all of it: format check, kept file, reading, checks, comparison with what stands, difference in chunks,
confirm, audit events. *Stock* is its admin's way (dry run, then import) with a plain ModelResource, made easy for it:
it is handed the rows by our fast reader, and takes keys as they are instead of looking up each foreign key. The *floor*
is the fastest reader and the fastest bulk write (COPY, executemany) without any check. Each measurement is a process of
its own: `peak_mb` is what it held at most, `cpu_seconds` what it computed (start of Python and Django included, the
database's server not), to compare runs on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[1]
LARGE, WIDE = "large", "wide"
TOWNS = 1_741
HEAD = ["団体コード", "市町村名", "出典", "年", "総人口", "0-14歳", "15-64歳", "65歳以上"]
FILLED = ("series_id", "municipality_id", "year", "total", "age_0_14", "age_15_64", "age_65_over", "note")
WIDE_YEARS = range(1991, 2020)


def main() -> int:
    """Run on each database in turn and print a JSON line per sheet and database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the large sheet")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of ours and of the floor; stock runs once")
    parser.add_argument("--without-stock", action="store_true")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "SHEET"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return _inside(options)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _large_file(folder / f"{LARGE}.xlsx", options.rows)
        _wide_file(folder / f"{WIDE}.xlsx")
        for database in [options.database] if options.database else ["sqlite", "postgresql"]:
            command = [sys.executable, "-m", "bench.imports", *sys.argv[1:], "--inside", str(folder)]
            environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "VAR_DIR": str(folder)}
            if database == "postgresql":
                command = [str(ROOT / "scripts" / "with_postgres"), *command]
            else:
                environment["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
            subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603
    return 0


def _inside(options: argparse.Namespace) -> int:
    """On the database of this process: make the tables, measure everything in processes of their own, print."""
    django.setup()
    folder = Path(options.inside)
    if options.measure:
        what, sheet = options.measure
        started = time.perf_counter()
        MEASURED[what](folder / f"{sheet}.xlsx", sheet)
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024}))
        return 0
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    _ground()
    with connection.schema_editor() as editor:
        editor.create_model(_wide_model())
    for sheet, rows, columns in ((WIDE, TOWNS, len(WIDE_YEARS) + 1), (LARGE, options.rows, len(HEAD))):
        found: dict[str, list[dict[str, float]]] = {"ours": [], "unchanged": [], "floor": []}
        for _ in range(options.rounds):
            for what in ("floor", "ours", "unchanged"):
                if what != "unchanged":
                    _empty(sheet)
                found[what].append(_measured(what, sheet, options))
        if not options.without_stock:
            _empty(sheet)
            found["stock"] = [_measured("stock", sheet, options)]
        print(_line(sheet, rows, columns, found, connection.vendor), flush=True)
    return 0


def _measured(what: str, sheet: str, options: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.imports", "--inside", options.inside, "--measure", what, sheet]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        raise SystemExit(ran.stderr)
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def _line(sheet: str, rows: int, columns: int, found: dict[str, list[dict[str, float]]], vendor: str) -> str:
    seconds = {what: statistics.median(one["seconds"] for one in runs) for what, runs in found.items()}
    ours, floor = seconds["ours"], seconds["floor"]
    line: dict[str, Any] = {
        "bench": f"imports.{sheet}",
        "rows": rows,
        "columns": columns,
        "seconds": {what: round(value, 2) for what, value in seconds.items()},
        "cpu_seconds": {what: round(min(one["cpu"] for one in runs), 2) for what, runs in found.items()},
        "ours_to_floor": round(ours / floor, 2),
        "unchanged_to_floor": round(seconds["unchanged"] / floor, 2),
        "peak_mb": {what: round(max(one["peak_mb"] for one in runs)) for what, runs in found.items()},
        "database": vendor,
    }
    if "stock" in seconds:
        line["stock_to_ours"] = round(seconds["stock"] / ours, 1)
    return json.dumps(line, ensure_ascii=False)


# ------------------------------------------------------------------------------------------------ what is measured


def _ours(path: Path, sheet: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from common.sheets import importing
    from common.viewer import SYSTEM

    _kinds()
    run = importing.start(SimpleUploadedFile(path.name, path.read_bytes()), kind=_kind(sheet), viewer=SYSTEM)
    run = importing.check(run, SYSTEM, wait=True)
    run = importing.confirm(run, viewer=SYSTEM, wait=True)
    assert run.error == 0 and run.state == run.State.DONE, run.summary


def _floor(path: Path, sheet: str) -> None:
    from django.db import connection, transaction

    rows = _rows(path)
    table, names, values = _plain(sheet, rows)
    listed = ", ".join(names)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            import io

            text = "\n".join("\t".join(map(str, row)) for row in values) + "\n"
            cursor.cursor.copy_expert(f"COPY {table} ({listed}) FROM STDIN", io.StringIO(text))
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(values))  # noqa: S608


def _stock(path: Path, sheet: str) -> None:
    import tablib

    rows = _rows(path)
    for dry_run in (True, False):  # the admin reads the file for the preview and again on confirm
        made = _stock_resource(sheet)
        result = made.import_data(
            tablib.Dataset(*_stock_rows(sheet, rows), headers=_stock_head(sheet)), dry_run=dry_run
        )
        assert not result.has_errors(), result.row_errors()[:1]


MEASURED: dict[str, Callable[[Path, str], None]] = {
    "ours": _ours,
    "unchanged": _ours,
    "floor": _floor,
    "stock": _stock,
}


def _rows(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return list(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())[1:]


def _plain(sheet: str, rows: list[list[Any]]) -> tuple[str, list[str], Iterator[tuple[Any, ...]]]:
    """Return table, columns and rows as the floor writes them."""
    if sheet == WIDE:
        names = ["code", *(f"y{year}" for year in WIDE_YEARS)]
        return "bench_wide", names, ((row[0], *map(int, row[1:])) for row in rows)
    values = ((c, a, int(d), int(e), int(f), int(g), int(h), "") for a, _, c, d, e, f, g, h in rows)
    return "municipalities_populationfigure", list(FILLED), values


def _stock_resource(sheet: str) -> Any:
    from import_export.fields import Field
    from import_export.resources import ModelResource, modelresource_factory
    from import_export.widgets import CharWidget, IntegerWidget

    from municipalities.models import PopulationFigure

    if sheet == WIDE:
        options: dict[str, Any] = {"import_id_fields": ("code",), "skip_unchanged": True}
        return modelresource_factory(_wide_model(), ModelResource, options)()
    declared = {name: Field(name, name, CharWidget()) for name in ("series_id", "municipality_id")}
    declared |= {name: Field(name, name, IntegerWidget()) for name in FILLED[2:7]}
    options = {"fields": FILLED[:7], "import_id_fields": FILLED[:3], "skip_unchanged": True}
    return modelresource_factory(PopulationFigure, ModelResource, options, declared)()


def _stock_head(sheet: str) -> list[str]:
    if sheet == WIDE:
        return ["code", *(f"y{year}" for year in WIDE_YEARS)]
    return ["municipality_id", "name", "series_id", *FILLED[2:7]]


def _stock_rows(sheet: str, rows: list[list[Any]]) -> Iterator[list[Any]]:
    return (list(row) for row in rows)


# -------------------------------------------------------------------------------------------------- data and tables


def _large_file(path: Path, rows: int) -> None:
    """`rows` figures of all municipalities of Japan, year by year; 8 columns."""
    from xlsxwriter import Workbook

    towns = _towns()
    with Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("人口")
        page.write_row(0, 0, HEAD)
        for index in range(rows):
            code, name = towns[index % len(towns)]
            year, size = 1960 + index // len(towns), 2_000 + index % len(towns) * 113
            size -= size * (year - 1960) // 250  # towns shrink slowly, as they do
            young, working = size * 11 // 100, size * 54 // 100
            page.write_row(index + 1, 0, [code, name, "census", year, size, young, working, size - young - working])


def _wide_file(path: Path) -> None:
    """One row for each municipality, 29 years of figures beside it."""
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("推移")
        page.write_row(0, 0, ["団体コード", *(f"{year}年" for year in WIDE_YEARS)])
        for index, (code, _) in enumerate(_towns()):
            page.write_row(index + 1, 0, [code, *(index * year * 31 % 300_000 for year in WIDE_YEARS)])


def _towns() -> list[tuple[str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    from municipalities import load

    return [(str(row["code"]), str(row["name"])) for row in load.municipalities()][:TOWNS]


def _ground() -> None:
    """The municipalities of Japan and the census series, without any figure."""
    from common.upsert import upsert
    from municipalities import load
    from municipalities.models import DataSource, Municipality, PopulationSeries, Prefecture

    for model, rows in (
        (DataSource, load.sources()),
        (Prefecture, load.prefecture_rows()),
        (Municipality, load.municipalities()),
        (PopulationSeries, load.series()),
    ):
        upsert(model, rows, ("code",))


def _empty(sheet: str) -> None:
    from django.db import connection

    table = "bench_wide" if sheet == WIDE else "municipalities_populationfigure"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {table}")
        else:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


_wide: Any = None


def _wide_model() -> Any:
    """A table of this benchmark alone: a code and 29 figures."""
    global _wide
    if _wide is None:
        from django.db import models

        meta = type("Meta", (), {"app_label": "common", "db_table": "bench_wide"})
        figures: dict[str, Any] = {
            f"y{year}": models.PositiveIntegerField(f"{year}年", null=True) for year in WIDE_YEARS
        }
        code: Any = models.CharField("団体コード", max_length=6, primary_key=True)
        _wide = type("BenchWide", (models.Model,), {"__module__": __name__, "Meta": meta, "code": code, **figures})
    return _wide


def _kind(sheet: str) -> str:
    return "B-30" if sheet == WIDE else "I-03"


def _kinds() -> None:
    """Declare the wide sheet; the large one is I-03."""
    from common.sheets.fields import MunicipalityCode, SheetField, Whole
    from common.sheets.kinds import ModelSheetKind, register
    from municipalities import duties

    options = type("Sheet", (), {"id": "B-30", "title": "推移", "action": duties.MASTER, "model": _wide_model()})
    fields = {
        f"y{year}": SheetField(f"{year}年", Whole("人"), attribute=f"y{year}", required=True) for year in WIDE_YEARS
    }
    code = SheetField("団体コード", MunicipalityCode(), attribute="code", key=True, required=True)
    register(type("WideSheet", (ModelSheetKind,), {"Sheet": options, "code": code, **fields}))


if __name__ == "__main__":
    sys.exit(main())
