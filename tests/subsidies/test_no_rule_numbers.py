"""No number of a rule stands in Python, templates or JavaScript: amounts and program years are searched for.

What the rulesets of the fixtures say is looked for in every way in which it could be written. Shares, counts and days
are too common to search for: `studio/test_numbers_followed.py` changes each and sees the portal follow.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from common.fiscal_year import FiscalYear
from subsidies.rules.parameters import PARAMETERS
from subsidies.rules.values import ValueType

ROOT = Path(__file__).parents[2]
MILLION = 10**6
APART = ("tests/", "bench/", "fixtures/", "docs/", "portal/demo/")
"""Not the portal itself; the demo world is data that happens to be told by a program."""

ALLOWED = {
    ("common/compound_files.py", "0xFFFFFFFF"): "a mark of the file format",
    ("common/compound_files.py", "0xFFFFFFFE"): "a mark of the file format",
    ("common/compound_files.py", "0xFFFFFFFD"): "a mark of the file format",
    ("common/compound_files.py", "0xFFFFFFFA"): "a mark of the file format",
    ("common/fiscal_year.py", "2019"): "令和 began in 2019",
    ("common/sheets/describing.py", "2024"): "how a day and a fiscal year may be typed",
    ("common/sheets/describing.py", "2020"): "how a calendar year may be typed",
    ("common/sheets/fields.py", "2_147_483_647"): "the largest whole number of a column",
    ("common/sheets/limits.py", "2_500_000"): "cells of a sheet",
    ("common/sheets/writing.py", "1_048_576"): "rows of a sheet",
    ("common/yen.py", "1_000_000"): "what 百万円 means",
    ("common/yen.py", "100_000_000"): "what 億円 means",
    ("municipalities/layouts.py", "2015"): "base year of an edition of the projection",
    ("municipalities/layouts.py", "2020"): "base year of an edition of the projection",
    ("municipalities/listing.py", "2020"): "year of the census",
    ("portal/settings/production.py", "31_536_000"): "seconds of a year",
    ("regions/agreement_costs.py", "1_000_000"): "the sum on which a key of burdens is shown",
    ("regions/karte.py", "2020"): "base year of an edition of the projection",
    ("regions/load.py", "2020"): "year of the census",
    ("regions/load.py", "2015"): "a day on which every bureau of the history existed",
    ("subsidies/partners/search.py", "10_000_000"): "sets of municipalities, not yen",
}
"""Literals that are no number of a rule, each with what it is."""


@cache
def rule_numbers() -> tuple[frozenset[int], frozenset[int]]:
    """The amounts of a million yen and more, and the program years, of every ruleset."""
    amounts, years = set(), set()
    for path in sorted((ROOT / "fixtures" / "programs").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, entry in content.get("parameters", {}).items():
            if PARAMETERS[name].type == ValueType.YEN and (entry["value"] or 0) >= MILLION:
                amounts.add(entry["value"])
            if PARAMETERS[name].type == ValueType.FISCAL_YEAR:
                years.add(entry["value"])
    return frozenset(amounts), frozenset(years)


def files(*suffixes: str) -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    kept = [name for name in found if name.endswith(suffixes) and not name.startswith(APART)]
    return [ROOT / name for name in kept if "/migrations/" not in name and (ROOT / name).exists()]


def _written(amounts: frozenset[int], years: frozenset[int]) -> re.Pattern[str]:
    """Every way to write one of these amounts or fiscal years inside a text."""
    ways = set()
    for yen in amounts:
        man = yen // 10_000
        ways |= {f"{yen}", f"{yen:,}", f"{yen:_}", f"{man}万円", f"{man:,}万円", f"{man}万", f"{yen // 1_000:,}千円"}
    for year in years:
        ways |= {FiscalYear(year).wareki, f"{year}年度", f"FY{year}"}
    return re.compile(rf"(?<![\d,])(?:{'|'.join(sorted(map(re.escape, ways), key=len, reverse=True))})(?![\d,])")


def _literals(path: Path) -> Iterator[tuple[int, str, int]]:
    """Every whole number of a module, with its line and as it is written."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.NUMBER and isinstance(value := ast.literal_eval(token.string), int):
            yield token.start[0], token.string, value


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and _is_text(node.body[0])
    }
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told | bare:
            yield node.lineno, node.value


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def test_there_is_something_to_search_for():
    amounts, years = rule_numbers()
    assert {5_000_000, 10_000_000} <= amounts
    assert {2015, 2017, 2019, 2020, 2024, 2025, 2027, 2029} <= years
    found = _written(amounts, years)
    for text in ("上限1,000万円", "10_000_000", "（10,000,000円）", "令和7年度から", "平成29年度", "FY2024"):
        assert found.search(text), text
    for text in ("110,000,000円", "令和10年度", "平成17年度", "2020年"):
        assert not found.search(text), text


def test_no_module_holds_a_large_amount_or_a_program_year():
    _, years = rule_numbers()
    wrong, seen = [], set()
    for path in files(".py"):
        name = path.relative_to(ROOT).as_posix()
        for line, text, value in _literals(path):
            if value >= MILLION or value in years:
                seen.add((name, text))
                if (name, text) not in ALLOWED:
                    wrong.append(f"{name}:{line}: {text}")
    assert not wrong, "\n".join(wrong)
    assert not set(ALLOWED) - seen, f"no longer there: {set(ALLOWED) - seen}"


SAYING = ("subsidies/", "portal/", "regions/", "accounts/")
"""Rooms whose sentences may speak of a program; `common` only says how a year or a sum may be typed."""


def test_no_sentence_in_a_module_names_an_amount_or_a_year_of_a_rule():
    pattern = _written(*rule_numbers())
    wrong = [
        f"{name}:{line}: {found[0]}"
        for path in files(".py")
        if (name := path.relative_to(ROOT).as_posix()).startswith(SAYING)
        for line, text in _texts(path)
        if (found := pattern.search(text))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_template_and_no_script_names_an_amount_or_a_year_of_a_rule():
    pattern = _written(*rule_numbers())
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {found[0]}"
        for path in files(".html", ".js", ".txt", ".css")
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := pattern.search(text))
    ]
    assert not wrong, "\n".join(wrong)
