"""`manage.py import_sheet`: one object on stdout, exit 0, 1 or 2."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from common.models import SheetImport, StoredFile
from municipalities.models import PopulationFigure

from .sheet_files import HEAD, NEMURO, SAPPORO, book, text, towns_with_census

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground() -> None:
    towns_with_census()


def asked(tmp_path: Path, upload: Any, *options: str) -> tuple[int, dict[str, Any], str]:
    """Run the command on a file with that content; return exit code, answer and what stood on stderr."""
    file = tmp_path / upload.name
    file.write_bytes(upload.read())
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_sheet", "I-03", str(file), "--json", *options, stdout=out, stderr=err)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(out.getvalue()), err.getvalue()


def test_a_sheet_without_errors_is_written(tmp_path: Path):
    code, answer, said = asked(tmp_path, book(SAPPORO, NEMURO))
    assert (code, said) == (0, "")
    assert answer == {"kind": "I-03", "new": 2, "changed": 0, "same": 0, "error": 0, "errors": [], "warnings": []}
    assert PopulationFigure.objects.count() == 2
    assert SheetImport.objects.get().state == "done"
    code, answer, _ = asked(tmp_path, book(SAPPORO, NEMURO))
    assert (code, answer["new"], answer["same"]) == (0, 0, 2)


def test_a_dry_run_keeps_nothing_at_all(tmp_path: Path):
    code, answer, _ = asked(tmp_path, text(SAPPORO, NEMURO), "--dry-run")
    assert (code, answer["new"]) == (0, 2)
    assert not PopulationFigure.objects.exists()
    assert not SheetImport.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_errors_name_sheet_row_and_column_and_nothing_is_written(tmp_path: Path, options: tuple[str, ...]):
    code, answer, _ = asked(tmp_path, book(SAPPORO, [*NEMURO[:4], "五十", *NEMURO[5:]]), *options)
    assert (code, answer["new"], answer["error"]) == (1, 1, 1)
    message = "3行目：数値ではありません（「五十」）。"
    assert answer["errors"] == [{"id": "E-09", "sheet": "人口", "row": 3, "column": "総人口", "message": message}]
    assert not PopulationFigure.objects.exists()


def test_faulty_rows_may_be_left_out(tmp_path: Path):
    code, answer, _ = asked(tmp_path, book(SAPPORO, [*NEMURO[:4], "五十", *NEMURO[5:]]), "--skip-errors")
    assert (code, answer["new"], answer["error"]) == (0, 1, 1)
    assert list(PopulationFigure.objects.values_list("municipality", flat=True)) == ["011002"]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_missing_column_is_an_error_of_the_sheet(tmp_path: Path, options: tuple[str, ...]):
    code, answer, _ = asked(tmp_path, book(SAPPORO[:4], head=HEAD[:4]), *options)
    assert (code, answer["errors"][0]["id"], answer["errors"][0]["column"]) == (1, "E-04", "総人口")


def test_columns_are_mapped_from_a_file(tmp_path: Path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"団体コード": "団体コード", "出典": "出典", "年": "年", "ひと": "総人口"}', encoding="utf-8")
    upload = book(SAPPORO, head=[*HEAD[:4], "ひと", *HEAD[5:]])
    code, answer, _ = asked(tmp_path, upload, "--mapping", str(mapping))
    assert (code, answer["new"]) == (0, 1)
    assert list(PopulationFigure.objects.values_list("total", "age_0_14")) == [(100, None)]


@pytest.mark.parametrize(
    ("upload", "options", "sentence"),
    [
        (text(name="人口.pdf"), (), "人口.pdf：ファイル形式が対応していません"),
        (book(SAPPORO), ("--sheet", "ない"), "シート「ない」がありません"),
        (book(["x"], head=["見出しではない"]), ("--dry-run",), "見出し行が見つかりません"),
        (book(SAPPORO), ("--mapping", "ない.json"), "列の対応を読み取れません（ない.json"),
        (book(SAPPORO), ("--parameter", "x"), "NAME=VALUE"),
    ],
)
def test_what_cannot_be_read_is_said_in_japanese(tmp_path: Path, upload: Any, options: tuple[str, ...], sentence: str):
    upload.seek(0)
    code, answer, said = asked(tmp_path, upload, *options)
    assert code == 2
    assert sentence in said
    assert sentence in answer["error"]
    assert not PopulationFigure.objects.exists()


def test_an_unknown_kind_and_a_missing_file_are_said(tmp_path: Path):
    for arguments, sentence in (
        (("I-99", "x.csv"), "様式「I-99」はありません"),
        (("I-03", "ない.csv"), "ファイルを読み取れません"),
    ):
        err = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("import_sheet", *arguments, stdout=io.StringIO(), stderr=err)
        assert (ended.value.code, sentence in err.getvalue()) == (2, True)


def test_people_read_the_findings_and_the_counts(tmp_path: Path):
    file = tmp_path / "人口.csv"
    file.write_bytes(text(SAPPORO).read())
    out = io.StringIO()
    call_command("import_sheet", "I-03", str(file), "--dry-run", stdout=out)
    assert out.getvalue().splitlines()[-2:] == [
        "登録 1件、更新 0件、変更なし 0件、エラー 0件",
        "比べただけで、何も書き込んでいません。",
    ]
