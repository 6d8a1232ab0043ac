"""Sheets as they really come, and broken ones: each with what must be read from it, or the message that refuses it.

All of them want to be 人口実績 (I-03): 団体コード, 出典, 年, 総人口. `PLAIN` is what a clean one holds.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from ..xls import Error, Formula, book, xls

HEAD = ["団体コード", "出典", "年", "総人口"]
PLAIN = [
    ("011002", "国勢調査", 2020, 1973395),
    ("012025", "国勢調査", 2020, 251084),
    ("012033", "国勢調査", 2020, 111299),
]
ROWS = [list(row) for row in PLAIN]
TABLE = [HEAD, *ROWS]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SMALL_BOMB = 30_000_000


@dataclass(frozen=True)
class Sample:
    """One file. `rows` are the values that are read, `wrong` the cells (sheet row, heading, message id) that are not;
    `refused` is the message id where nothing is read at all.
    """

    about: str
    name: str
    build: Callable[[], bytes]
    rows: Sequence[tuple[Any, ...]] = ()
    notices: tuple[str, ...] = ()
    wrong: tuple[tuple[int, str, str], ...] = ()
    refused: str = ""
    sheet: str | None = None
    encoding: str | None = None

    def __str__(self) -> str:
        return self.about


def text(
    rows: Sequence[Sequence[Any]] = TABLE, *, encoding: str = "utf-8", comma: str = ",", line: str = "\r\n"
) -> bytes:
    return (line.join(comma.join(map(str, row)) for row in rows) + line).encode(encoding)


def xlsx(
    rows: Sequence[Sequence[Any]] = TABLE,
    *,
    merged: Sequence[tuple[str, str]] = (),
    hidden_rows: Sequence[int] = (),
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    hidden_sheets: Sequence[str] = (),
    first: tuple[int, int] = (0, 0),
) -> bytes:
    """Return a workbook. A cell (formula, result) is a formula; `merged` are areas (A1:C1) with their text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        day = workbook.add_format({"num_format": 'ggge"年"m"月"d"日"'})
        for title, content in (sheets or {"人口": rows}).items():
            page = workbook.add_worksheet(title)
            if title in hidden_sheets:
                page.hide()
            else:
                page.activate()
                page.set_first_sheet()
            for r, row in enumerate(content, first[0]):
                for c, cell in enumerate(row, first[1]):
                    if isinstance(cell, tuple):
                        page.write_formula(r, c, cell[0], None, cell[1])
                    elif isinstance(cell, (date, datetime)):
                        page.write_datetime(r, c, cell, day)
                    elif cell is not None:
                        page.write(r, c, cell)
            for area, content_text in merged:
                page.merge_range(area, content_text)
            for number in hidden_rows:
                page.set_row(number - 1, None, None, {"hidden": True})
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Return a sound workbook in which one part is another."""
    return packed(parts_of(xlsx()) | {name: content})


def raw_sheet(cells: str, *, head: str = "", prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """Return a workbook whose sheet holds these cells, written by hand."""
    xml = f'{prolog}<worksheet xmlns="{MAIN}">{head}<sheetData>{cells}</sheetData></worksheet>'
    return with_part("xl/worksheets/sheet1.xml", xml.encode())


def raw_rows(rows: Sequence[Sequence[Any]], *, prefix: str = "", places: bool = True, quote: str = '"') -> str:
    """Return rows as XML with inline texts: with a namespace prefix, without places, in single quotes."""
    lines = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, cell in enumerate(row):
            place = f" r={quote}{chr(65 + c)}{r}{quote}" if places else ""
            if isinstance(cell, str):
                cells.append(
                    f"<{prefix}c{place} t={quote}inlineStr{quote}>"
                    f"<{prefix}is><{prefix}t>{cell}</{prefix}t></{prefix}is></{prefix}c>"
                )
            else:
                cells.append(f"<{prefix}c{place}><{prefix}v>{cell}</{prefix}v></{prefix}c>")
        number = f" r={quote}{r}{quote}" if places else ""
        lines.append(f"<{prefix}row{number}>{''.join(cells)}</{prefix}row>")
    return "".join(lines)


def prefixed() -> bytes:
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{raw_rows(TABLE, prefix="x:")}</x:sheetData></x:worksheet>'
    return with_part("xl/worksheets/sheet1.xml", xml.encode())


def lying_archive() -> bytes:
    """A part that unpacks to far more than the archive says."""
    content = with_part("xl/worksheets/sheet1.xml", b"<a/>" * (SMALL_BOMB // 4))
    return content.replace(struct.pack("<I", SMALL_BOMB), struct.pack("<I", 900))


def circle() -> bytes:
    """An .xls whose last sector leads back to its first."""
    content = bytearray(xls(TABLE))
    numbers = struct.unpack_from("<128I", content, 512)
    last = max(index for index, number in enumerate(numbers) if number == 0xFFFFFFFE)
    struct.pack_into("<I", content, 512 + 4 * last, 2)
    return bytes(content)


def doubled_part() -> bytes:
    out = io.BytesIO(xlsx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/Worksheets/Sheet1.xml", b"<worksheet/>")
    return out.getvalue()


def entities(levels: int = 8) -> str:
    declared = '<!ENTITY a0 "あああああああああ">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 20}">' for level in range(1, levels)
    )
    return f'<?xml version="1.0"?><!DOCTYPE worksheet [{declared}]>'


def shared_strings_bomb() -> bytes:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 20_001))
    parts = parts_of(raw_sheet(cells))
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"長" * 8_000}</t></si></sst>'.encode()
    return packed(parts)


def many(rows: int) -> str:
    return "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, rows + 1))


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{place}"><v>2</v></c></row>'
TITLE = ["北海道の人口"]
TWO_ROWS = [["団体コード", "市町村名", "調査", "", "人口", "", ""], ["", "", "出典", "年", "総数", "男", "女"]]
BODY_OF_TWO = [
    ["011002", "札幌市", "国勢調査", 2020, 1973395, 1, 2],
    ["012025", "函館市", "国勢調査", 2020, 251084, 1, 2],
]
THREE_ROWS = [
    ["団体コード", "調査", "", "人口（国勢調査）", ""],
    ["", "出典", "年", "総数", "男"],
    ["", "", "", "（人）", "（人）"],
]

SAMPLES = [
    # --- sound files in every form
    Sample("a plain workbook", "人口.xlsx", xlsx, PLAIN),
    Sample("an old workbook", "人口.xls", lambda: xls(TABLE), PLAIN),
    Sample("an old workbook with a table of texts", "人口.xls", lambda: book({"人口": TABLE}, shared=True), PLAIN),
    Sample("UTF-8 without a BOM", "人口.csv", text, PLAIN),
    Sample("UTF-8 with a BOM", "人口.csv", lambda: text(encoding="utf-8-sig"), PLAIN),
    Sample("cp932 with line feeds only", "人口.csv", lambda: text(encoding="cp932", line="\n"), PLAIN),
    Sample("old line ends (carriage return)", "人口.csv", lambda: text(encoding="cp932", line="\r"), PLAIN),
    Sample("Unicode text of Excel: UTF-16, tabs", "人口.txt", lambda: text(encoding="utf-16", comma="\t"), PLAIN),
    Sample("UTF-16 big endian without a BOM", "人口.csv", lambda: text(encoding="utf-16-be"), PLAIN),
    Sample("tabs in a .csv", "人口.csv", lambda: text(comma="\t"), PLAIN),
    Sample("a .tsv", "人口.tsv", lambda: text(comma="\t", encoding="cp932"), PLAIN),
    Sample("the encoding chosen by hand", "人口.csv", lambda: text(encoding="cp932"), PLAIN, encoding="shift_jis"),
    Sample("codes kept as =\"011002\"", "人口.csv", lambda: text([HEAD, *([f'="{r[0]}"', *r[1:]] for r in ROWS)]), PLAIN),
    Sample("tags with a namespace prefix", "人口.xlsx", prefixed, PLAIN),
    Sample("cells without their places", "人口.xlsx", lambda: raw_sheet(raw_rows(TABLE, places=False)), PLAIN),
    Sample("attributes in single quotes", "人口.xlsx", lambda: raw_sheet(raw_rows(TABLE, quote="'")), PLAIN),
    Sample("a table that begins at D5", "人口.xlsx", lambda: xlsx(first=(4, 3)), PLAIN),
    # --- around the table
    Sample("title, note and an empty row above", "人口.xlsx",
           lambda: xlsx([TITLE, ["※令和2年10月1日現在"], [], *TABLE]), PLAIN, ("W-04",)),
    Sample("a title merged over all columns", "人口.xlsx",
           lambda: xlsx([[], *TABLE], merged=[("A1:D1", "北海道の人口")]), PLAIN, ("W-04",)),
    Sample("notes below", "人口.csv", lambda: text([*TABLE, ["※速報値"], ["資料：総務省「国勢調査」"]]), PLAIN, ("W-05", "W-05")),
    Sample("a total at the end", "人口.xlsx", lambda: xlsx([*TABLE, ["合計", "", "", 2335778]]), PLAIN, ("W-02",)),
    Sample("a total in spaced letters, without code", "人口.csv",
           lambda: text([*TABLE, ["", "合　　計", "", 2335778]]), PLAIN, ("W-02",)),
    Sample("a total at the top and sums between", "人口.xlsx",
           lambda: xlsx([HEAD, ["-", "総数", 2020, 9], ROWS[0], ["", "石狩管内計", 2020, 9], *ROWS[1:]]), PLAIN, ("W-02", "W-02")),
    Sample("empty rows between, and of spaces", "人口.csv",
           lambda: text([HEAD, ROWS[0], ["", "", "", ""], ["　", " ", "", ""], *ROWS[1:], ["", "", "", ""]]), PLAIN),
    Sample("headings again on each printed page", "人口.xlsx", lambda: xlsx([HEAD, ROWS[0], HEAD, *ROWS[1:]]), PLAIN, ("W-09",)),
    Sample("hidden rows", "人口.xlsx", lambda: xlsx(hidden_rows=[3, 4]), PLAIN, ("W-03",)),
    Sample("hidden rows of an old workbook", "人口.xls", lambda: book({"人口": TABLE}, hidden_rows=[3]), PLAIN, ("W-03",)),
    Sample("columns without a heading", "人口.xlsx", lambda: xlsx([HEAD, *([*row, "速報"] for row in ROWS)]), PLAIN, ("W-07",)),
    # --- headings
    Sample("other words, marks and units in headings", "人口.csv",
           lambda: text([["市区町村 コード", "※出典", "調査年", "人口総数（人）"], *ROWS]), PLAIN),
    Sample("full-width and broken headings", "人口.xlsx",
           lambda: xlsx([["団体\nコード＊", "出　典", "年（西暦）", "総人口\n（人）"], *ROWS]), PLAIN),
    Sample("columns in another order", "人口.csv", lambda: text([list(reversed(row)) for row in TABLE]), PLAIN),
    Sample("two heading rows with groups, no merged cells", "人口.csv", lambda: text([*TWO_ROWS, *BODY_OF_TWO]), PLAIN[:2]),
    Sample("two heading rows, merged", "人口.xlsx",
           lambda: xlsx([[], TWO_ROWS[1], *BODY_OF_TWO], merged=[
               ("A1:A2", "団体コード"), ("B1:B2", "市町村名"), ("C1:D1", "調査"), ("E1:G1", "人口")]), PLAIN[:2]),
    Sample("three heading rows, the last of units", "人口.csv",
           lambda: text([*THREE_ROWS, *([*row, 1] for row in ROWS)]), PLAIN),
    Sample("the same heading twice", "人口.xlsx", lambda: xlsx([[*row, row[3]] for row in TABLE]), PLAIN, ("W-06",)),
    Sample("headings below row 15", "人口.xlsx", lambda: xlsx([*[TITLE] * 15, *TABLE]), refused="E-03"),
    Sample("headings in row 15", "人口.xlsx", lambda: xlsx([*[TITLE] * 14, *TABLE]), PLAIN, ("W-04",)),
    Sample("no known heading", "名簿.csv", lambda: text([["氏名", "電話"], ["山田", "011"]]), refused="E-03"),
    Sample("headings and nothing else", "人口.xlsx", lambda: xlsx([HEAD]), ()),
    # --- several sheets
    Sample("the second of two sheets", "人口.xlsx", lambda: xlsx(sheets={"表紙": [TITLE], "人口": TABLE}), PLAIN, sheet="人口"),
    Sample("an empty sheet first", "人口.xlsx", lambda: xlsx(sheets={"表紙": [], "人口": TABLE}), PLAIN),
    Sample("a hidden sheet first", "人口.xlsx",
           lambda: xlsx(sheets={"旧": [["x"]], "人口": TABLE}, hidden_sheets=["旧"]), PLAIN),
    Sample("a hidden sheet, asked for", "人口.xls",
           lambda: book({"一覧": [["x"]], "人口": TABLE}, hidden_sheets=["人口"]), PLAIN, ("W-08",), sheet="人口"),
    Sample("a sheet that is not there", "人口.xlsx", xlsx, refused="E-40", sheet="人口２"),
    # --- cells
    Sample("lost zeros, five digits, numbers, full width", "人口.csv",
           lambda: text([HEAD, ["01100", *ROWS[0][1:]], ["01202", *ROWS[1][1:]], ["０１２０３３", *ROWS[2][1:]]]), PLAIN),
    Sample("codes as numbers without their zero", "人口.xlsx",
           lambda: xlsx([HEAD, [1100, *ROWS[0][1:]], [12025, *ROWS[1][1:]], [12033, *ROWS[2][1:]]]), PLAIN),
    Sample("a wrong check digit, letters, a short code", "人口.csv",
           lambda: text([HEAD, ["011003", *ROWS[0][1:]], ["札幌", *ROWS[0][1:]], ["12", *ROWS[0][1:]]]),
           [(None, *PLAIN[0][1:])] * 3,
           wrong=((2, "団体コード", "E-06"), (3, "団体コード", "E-43"), (4, "団体コード", "E-43"))),
    Sample("full-width digits, thousands, units", "人口.csv",
           lambda: text([HEAD, ["011002", "国勢調査", "２０２０年", '"１，９７３，３９５"'],
                         ["012025", "国勢調査", "令和2年", '"251,084人"'], ["012033", "国勢調査", "R2", "111299.0"]]), PLAIN),
    Sample("no value: －, …, *, x", "人口.csv",
           lambda: text([HEAD, *(["011002", "国勢調査", 2020, cell] for cell in ("－", "…", "*", "x", "―"))]),
           [("011002", "国勢調査", 2020, None)] * 5),
    Sample("▲ and other minus signs", "人口.csv",
           lambda: text([HEAD, *(["011002", "国勢調査", 2020, cell] for cell in ("▲500", "△500", "-500", "−500", "－５００"))]),
           [("011002", "国勢調査", 2020, -500)] * 5),
    Sample("no numbers at all", "人口.csv",
           lambda: text([HEAD, ["011002", "国勢調査", "昨年", "約百万"], ["011002", "国勢調査", 2020, "12.5"]]),
           [("011002", "国勢調査", None, None), ("011002", "国勢調査", 2020, None)],
           wrong=((2, "年", "E-12"), (2, "総人口", "E-09"), (3, "総人口", "E-46"))),
    Sample("formulas by their saved results", "人口.xlsx",
           lambda: xlsx([HEAD, *([row[0], ('="国勢"&"調査"', row[1]), ("=2000+20", 2020), ("=A1", row[3])] for row in ROWS)]), PLAIN),
    Sample("formulas of an old workbook", "人口.xls",
           lambda: xls([HEAD, *([row[0], Formula(row[1]), Formula(2020), Formula(row[3])] for row in ROWS)]), PLAIN),
    Sample("error cells", "人口.xlsx",
           lambda: xlsx([HEAD, ["011002", "国勢調査", 2020, ("=NA()", "#N/A")], ["012025", "国勢調査", 2020, ("=X!A1", "#REF!")]]),
           [("011002", "国勢調査", 2020, None), ("012025", "国勢調査", 2020, None)],
           wrong=((2, "総人口", "E-42"), (3, "総人口", "E-42"))),
    Sample("error cells of an old workbook", "人口.xls",
           lambda: xls([HEAD, ["011002", "国勢調査", 2020, Error("#N/A")], ["012025", "国勢調査", 2020, Formula("#DIV/0!")]]),
           [("011002", "国勢調査", 2020, None), ("012025", "国勢調査", 2020, None)],
           wrong=((2, "総人口", "E-42"), (3, "総人口", "E-42"))),
    Sample("formulas saved without a result", "人口.xlsx",
           lambda: raw_sheet(raw_rows([HEAD, ["011002", "国勢調査", 2020]]).removesuffix("</row>")
                             + '<c r="D2"><f>SUM(A1:A2)</f></c></row>'),
           [("011002", "国勢調査", 2020, None)], wrong=((2, "総人口", "E-42"),)),
    Sample("errors as text in a CSV", "人口.csv", lambda: text([HEAD, ["011002", "国勢調査", 2020, "#REF!"]]),
           [("011002", "国勢調査", 2020, None)], wrong=((2, "総人口", "E-42"),)),
    Sample("duplicate keys are read; the import judges them", "人口.csv", lambda: text([HEAD, ROWS[0], ROWS[0]]), [PLAIN[0]] * 2),
    Sample("half-width kana, look-alikes of cp932, ①㈱", "人口.csv",
           lambda: text([HEAD, ["011002", "①㈱調査〜ｺｸｾｲ", 2020, 1]]), [("011002", "①㈱調査～ｺｸｾｲ", 2020, 1)]),
    Sample("a cell merged downwards", "人口.xlsx",
           lambda: xlsx([HEAD, *([row[0], None, *row[2:]] for row in ROWS)], merged=[("B2:B4", "国勢調査")]), PLAIN),
    Sample("quotation marks, commas and line breaks in cells", "人口.csv",
           lambda: text([HEAD, ["011002", '"国勢\n調査, ""確報"""', 2020, 1]], line="\n"), [("011002", '国勢\n調査, "確報"', 2020, 1)]),
    Sample("a stray quotation mark", "人口.csv", lambda: text([HEAD, ["011002", '"国勢"調査', 2020, 1]]),
           [("011002", "国勢調査", 2020, 1)]),
    Sample("a claim of a million columns and rows", "人口.xlsx",
           lambda: raw_sheet(raw_rows(TABLE), head='<dimension ref="A1:XFD1048576"/>'), PLAIN),
    Sample("a false claim in an old workbook", "人口.xls", lambda: book({"人口": TABLE}, claimed=(65_536, 65_535)), PLAIN),
    Sample("formatted empty cells far out", "人口.xlsx",
           lambda: raw_sheet(raw_rows(TABLE) + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'), PLAIN),
    Sample("a million empty rows", "人口.csv", lambda: text() + b",,,\r\n" * 150_000, PLAIN),
    # --- refused: kind
    Sample("an empty file", "人口.csv", lambda: b"", refused="E-39"),
    Sample("nothing but line ends", "人口.csv", lambda: b"\r\n" * 5, refused="E-39"),
    Sample("an empty sheet", "人口.xlsx", lambda: xlsx([]), refused="E-41"),
    Sample("a picture", "人口.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), refused="E-01"),
    Sample("a PDF called .csv", "人口.csv", lambda: b"%PDF-1.7\n" + bytes(100), refused="E-01"),
    Sample("a workbook called .csv", "人口.csv", xlsx, refused="E-34"),
    Sample("a CSV called .xlsx", "人口.xlsx", text, refused="E-34"),
    Sample("an old workbook called .xlsx", "人口.xlsx", lambda: xls(TABLE), refused="E-34"),
    Sample("a web page called .xls", "人口.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>", refused="E-34"),
    Sample("a web page called .csv", "人口.csv", lambda: b"\xef\xbb\xbf<!DOCTYPE html><p>", refused="E-34"),
    Sample("another ending", "人口.ods", xlsx, refused="E-01"),
    Sample("a Word document", "人口.xlsx", lambda: packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
           refused="E-33"),
    # --- refused: password, macros
    Sample("an old workbook with a password", "秘密.xls", lambda: xls(TABLE, password=True), refused="E-32"),
    Sample("a workbook with a password", "秘密.xlsx",
           lambda: book({"x": TABLE}).replace("Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 18),
                                              "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 34)),
           refused="E-32"),
    Sample("a macro workbook (.xlsm)", "人口.xlsm", lambda: with_part("xl/vbaProject.bin", b"x"), refused="E-31"),
    Sample("macros inside an .xlsx", "人口.xlsx", lambda: with_part("xl/vbaProject.bin", b"x"), refused="E-31"),
    Sample("macros in an old workbook", "人口.xls", lambda: book({"人口": TABLE}, macros=True), refused="E-31"),
    # --- refused: text
    Sample("EUC-JP", "人口.csv", lambda: text(encoding="euc_jp"), refused="E-02"),
    Sample("UTF-8 that breaks in the middle", "人口.csv", lambda: text()[:-30] + b"\xe7\xa4\r\n", refused="E-02"),
    Sample("NUL bytes", "人口.csv", lambda: text(encoding="cp932").replace(b",", b"\0,", 3), refused="E-02"),
    Sample("a wrong choice of encoding", "人口.csv", lambda: text(encoding="cp932"), refused="E-49", encoding="utf-8"),
    Sample("an unknown choice of encoding", "人口.csv", text, refused="E-49", encoding="ebcdic-jp"),
    Sample("a quotation mark that never ends", "人口.csv", lambda: text([HEAD, ["011002", '"国勢調査', 2020, 1], *ROWS]), refused="E-48"),
    Sample("one endless cell", "人口.csv", lambda: text() + b"x" * 200_000, refused="E-51"),
    Sample("a million rows of text", "人口.csv", lambda: b"1\n" * 250_000, refused="E-22"),
    Sample("a very wide text", "人口.csv", lambda: text() + b"," * 3_000 + b"x", refused="E-37"),
    # --- refused: broken and hostile workbooks
    Sample("a workbook cut short", "人口.xlsx", lambda: xlsx()[:-200], refused="E-33"),
    Sample("a workbook with a gap in its archive", "人口.xlsx", lambda: xlsx()[:100] + xlsx()[140:], refused="E-33"),
    Sample("an old workbook cut short", "人口.xls", lambda: xls(TABLE)[:1_800], refused="E-33"),
    Sample("an archive with a broken part", "人口.xlsx", lambda: with_part("xl/workbook.xml", b"<workbook"), refused="E-33"),
    Sample("two parts of one name", "人口.xlsx", doubled_part, refused="E-33"),
    Sample("sectors in a circle", "人口.xls", circle, refused="E-33"),
    Sample("a zip bomb", "人口.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", b" " * SMALL_BOMB), refused="E-35"),
    Sample("a zip bomb that lies about its size", "人口.xlsx", lying_archive, refused="E-35"),
    Sample("a bomb of shared texts", "人口.xlsx", shared_strings_bomb, refused="E-35"),
    Sample("entities within entities", "人口.xlsx", lambda: raw_sheet(raw_rows(TABLE), prolog=entities()), refused="E-33"),
    Sample("tags nested a million deep", "人口.xlsx", lambda: raw_sheet("<row>" * 200_000), refused="E-33"),
    Sample("a value in the last cell there is", "人口.xlsx", lambda: raw_sheet(FAR.format(place="XFD1048576")), refused="E-22"),
    Sample("a value far right", "人口.xlsx", lambda: raw_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'),
           refused="E-37"),
    Sample("a value far from the others", "人口.xlsx",
           lambda: raw_sheet('<row r="1"><c r="AZ1"><v>1</v></c></row><row r="150000"><c r="A150000"><v>1</v></c></row>'),
           refused="E-50"),
    Sample("a value in a column that no sheet has", "人口.xlsx", lambda: raw_sheet('<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>'),
           refused="E-37"),
    Sample("an error cell in two places", "人口.xlsx",
           lambda: raw_sheet('<row r="1"><c r="A1"><v>1</v></c><c x:r="B1" t="e" r="A2"><v>#N/A</v></c></row>'), refused="E-03"),
    Sample("tags that never end", "人口.xlsx", lambda: raw_sheet("".join(f'<row r="{row}" hidden="1" ' for row in range(60_000))), refused="E-33"),
    Sample("a sheet described twice", "人口.xlsx", lambda: with_part("xl/workbook.xml", parts_of(xlsx())["xl/workbook.xml"].replace(
        b"r:id=", b'x:id="rId2" r:id=')), refused="E-33"),
    Sample("a sheet whose part is missing", "人口.xlsx", lambda: packed(
        {name: part for name, part in parts_of(xlsx()).items() if "sheet1" not in name}), refused="E-33"),
    Sample("too many error cells", "人口.xlsx", lambda: raw_sheet("".join(
        f'<row r="{row}"><c r="A{row}" t="e"><v>#N/A</v></c></row>' for row in range(1, 20_102))), refused="E-52"),
    Sample("a hundred thousand merged areas", "人口.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", (
        f'<worksheet xmlns="{MAIN}"><sheetData>{raw_rows(TABLE)}</sheetData><mergeCells>'
        + '<mergeCell ref="A1:B2"/>' * 100_000 + "</mergeCells></worksheet>").encode()), refused="E-35"),
    Sample("more texts than cells could need", "人口.xlsx", lambda: with_part(
        "xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 2_600_000 + b"</sst>"), refused="E-35"),
    Sample("more rows than we take", "人口.xlsx", lambda: raw_sheet(many(200_001)), refused="E-22"),
    Sample("an old sheet as wide as its numbers allow", "人口.xls", lambda: xls([[None] * 60_000 + ["x"]]), refused="E-37"),
]  # fmt: skip
