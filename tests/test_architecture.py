"""The rooms and their floors (docs/architecture.md), and what each module may hold, read from the code itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {
    "common": 0,
    "municipalities": 1,
    "regions": 2,
    "accounts": 2,
    "subsidies": 3,
    "support": 3,
    "portal": 4,
}
READING = {"get", "all", "filter", "exclude", "first", "last", "values", "values_list", "in_bulk", "order_by"}
WRITING = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
CLOCKS = {"timezone.now()", "timezone.localdate()", "timezone.localtime()", "date.today()", "datetime.today()"}


def _modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the rooms (default: all), migrations left out, with its syntax tree."""
    for room in rooms or FLOORS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(), str(path))


def _named(name: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the modules called `name`, be they a file (views.py) or a package (views/…)."""
    for path, tree in _modules():
        if name in (path.stem, *path.parts[1:-1]):
            yield path, tree


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything imported, also inside functions, relative names resolved."""
    package = path.parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _callee(node) in (
            "import_module",
            "get_model",
            "ForeignKey",
            "OneToOneField",
            "ManyToManyField",
        ):
            first = next(iter(node.args), None)
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value


def _callee(node: ast.Call) -> str:
    """Return the last name of what is called: `a.b.c(…)` gives c."""
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _report(findings: list[str]) -> None:
    assert not findings, "\n" + "\n".join(findings)


def test_every_room_has_its_floor_and_nothing_else_is_a_room():
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert rooms <= set(FLOORS), f"no floor for {rooms - set(FLOORS)}"


def test_imports_run_only_downwards_and_never_sideways():
    findings = []
    for path, tree in _modules():
        room = path.parts[0]
        for line, name in _imports(path, tree):
            target = name.split(".")[0]
            if target in FLOORS and target != room and FLOORS[target] >= FLOORS[room]:
                findings.append(f"{path}:{line}: {room} must not know {name}")
            if target in ("tests", "bench", "scripts"):
                findings.append(f"{path}:{line}: the product must not know {name}")
    _report(findings)


@pytest.mark.parametrize(
    ("path", "code", "broken"),
    [
        ("regions/views.py", "from accounts.models import User", "accounts.models.User"),
        ("regions/views.py", "def f():\n    import subsidies.models", "subsidies.models"),
        ("subsidies/services/x.py", "from ...portal import urls", "portal.urls"),
        ("regions/models/a.py", 'x = models.ForeignKey("subsidies.Program", models.PROTECT)', "subsidies.Program"),
        ("regions/models/a.py", "from ..querysets import B", "regions.querysets.B"),
    ],
)
def test_an_import_is_found_however_it_is_written(path: str, code: str, broken: str):
    assert broken in [name for _, name in _imports(Path(path), ast.parse(code))]


def test_views_start_from_what_is_visible():
    """`Thing.objects.get(` in a view is a hole: rows come from `visible_to` or another named question."""
    findings = []
    for path, tree in _named("views"):
        for call in _calls(tree):
            func = call.func
            bare = (
                isinstance(func, ast.Attribute)
                and func.attr in READING
                and isinstance(func.value, ast.Attribute)
                and func.value.attr == "objects"
            )
            shortcut = _callee(call) in ("get_object_or_404", "get_list_or_404")
            if bare or (shortcut and re.fullmatch(r"[A-Z]\w*|.*\.objects", ast.unparse(call.args[0]))):
                findings.append(f"{path}:{call.lineno}: {ast.unparse(call)[:80]}")
    _report(findings)


@pytest.mark.parametrize("name", ["views", "querysets"])
def test_views_and_querysets_write_nothing(name: str):
    findings = [
        f"{path}:{call.lineno}: {ast.unparse(call)[:80]}"
        for path, tree in _named(name)
        for call in _calls(tree)
        if _callee(call) in WRITING
        and isinstance(call.func, ast.Attribute)
        and not ast.unparse(call.func.value).endswith(("session", "context", "params", "query", "initial"))
    ]
    _report(findings)


def test_services_know_no_request_and_no_page():
    findings = []
    for path, tree in _named("services"):
        for line, name in _imports(path, tree):
            if name.startswith(("django.http", "django.shortcuts", "django.template", "django.contrib.messages")):
                findings.append(f"{path}:{line}: {name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.arg) and node.arg == "request":
                findings.append(f"{path}:{node.lineno}: a service takes a viewer, not a request")
    _report(findings)


def test_rules_know_no_database_no_request_and_no_clock():
    findings = []
    for path, tree in _modules("subsidies"):
        if path.parts[:2] != ("subsidies", "rules") or path.name == "gather.py":
            continue
        for line, name in _imports(path, tree):
            if name.startswith(("django", "common.clock", "subsidies.models", "regions", "municipalities.models")):
                findings.append(f"{path}:{line}: {name}")
    _report(findings)


def test_only_services_and_models_write_a_state():
    findings = []
    for path, tree in _modules():
        # loaders put in what was decided elsewhere, the demo sets its stage; the queue is the service of its own rows
        writers = {"services", "models", "workflow", "load", "demo"}
        if writers & {path.stem, *path.parts} or str(path) == "common/tasks.py":
            continue
        for node in ast.walk(tree):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign | ast.AnnAssign)
                else []
            )
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                findings.append(f"{path}:{node.lineno}: {ast.unparse(node)[:80]}")
            if (
                isinstance(node, ast.Call)
                and _callee(node) in WRITING
                and any(keyword.arg == "state" for keyword in node.keywords)
            ):
                findings.append(f"{path}:{node.lineno}: {ast.unparse(node)[:80]}")
    _report(findings)


def test_there_is_one_clock():
    findings = [
        f"{path}:{call.lineno}: {ast.unparse(call)}: use common.clock"
        for path, tree in _modules()
        if str(path) != "common/clock.py"
        for call in _calls(tree)
        if ast.unparse(call).removeprefix("datetime.") in CLOCKS or ast.unparse(call.func).endswith("datetime.now")
    ]
    _report(findings)


def test_rows_are_locked_in_one_way():
    """A lock that takes joined rows or keys along deadlocks with whoever writes a row about them (common.locks)."""
    findings = [
        f"{path}:{call.lineno}: {ast.unparse(call)[:80]}: use common.locks"
        for path, tree in _modules()
        if str(path) != "common/locks.py"
        for call in _calls(tree)
        if _callee(call) == "select_for_update"
    ]
    _report(findings)


def test_templates_hold_no_inline_style_and_no_inline_script():
    """CSP is `default-src 'self'`: inline styles and scripts silently do nothing, outside addresses never load."""
    rules = {
        "inline style": re.compile(r"<[^>]*\sstyle\s*=|<style", re.IGNORECASE),
        "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
        "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE),
        "outside address": re.compile(
            r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
        ),
    }
    findings = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
        for what, pattern in rules.items():
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(f"{path.relative_to(ROOT)}:{line}: {what}")
    _report(findings)


def test_psycopg2_is_the_driver_and_psycopg_3_is_not_there():
    """Django silently prefers psycopg 3 where it finds one (docs/decisions/0001-psycopg2.md)."""
    for name in ("psycopg", "psycopg-binary", "psycopg-c"):
        with pytest.raises(PackageNotFoundError):
            distribution(name)
    assert distribution("psycopg2-binary").version.startswith("2.9")


@pytest.mark.postgres
def test_the_database_is_reached_through_psycopg2():
    assert connection.Database.__name__ == "psycopg2"


def test_nothing_asks_the_database_while_it_is_imported():
    code = f"""
import pkgutil, importlib
from django.db.backends.base.base import BaseDatabaseWrapper
def refuse(self): raise AssertionError("a query at import time")
BaseDatabaseWrapper.ensure_connection = refuse
import django; django.setup()
from django.contrib import admin; admin.autodiscover()
for room in {list(FLOORS)!r}:
    try:
        package = importlib.import_module(room)
    except ModuleNotFoundError:
        continue
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        if ".settings." not in module.name and ".migrations." not in module.name:
            importlib.import_module(module.name)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
