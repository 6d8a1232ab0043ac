"""What every test stands on: no network, private files, nothing skipped, and the database the command chose.

`DATABASE_URL` chooses the database, SQLite in memory without it; `scripts/with_postgres` starts a PostgreSQL.
Tests marked `postgres` show what SQLite cannot; on SQLite they are deselected. On PostgreSQL those that ask no database
are. `make test` runs all of them.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings

from common.viewer import Viewer
from portal import deadlines, worklist
from subsidies import rulesets

from . import viewers

GUARDED = [  # whose triggers refuse that a table is emptied
    import_module("common.migrations.0002_audit_append_only"),
    import_module("subsidies.migrations.0002_ledger_append_only"),
]


# no example fails for being slow on a busy machine, and two runs of the CI try the same examples
hypothesis_settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("house")


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each database gets the tests that mean something there.

    SQLite runs all but those that need PostgreSQL; PostgreSQL runs all that touch a database at all: a rule, a parser
    or a letter's layout answers the same beside either.
    """
    elsewhere = [
        item for item in items if (not _asks(item) if connection.vendor == "postgresql" else _needs_postgres(item))
    ]
    config.hook.pytest_deselected(items=elsewhere)
    left = set(elsewhere)
    items[:] = [item for item in items if item not in left]


def _needs_postgres(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgres") is not None


def _asks(item: pytest.Item) -> bool:
    """Whether a test asks a database, by mark or by a fixture that opens one, and its answer may depend on which.

    Those in a browser always do: the portal they talk to runs on it.
    """
    if item.get_closest_marker("browser") is not None:
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    opening = {"db", "transactional_db", "django_db_setup", "live_server"}
    opens = item.get_closest_marker("django_db") is not None or bool(fixtures & opening)
    return opens and item.get_closest_marker("either_database") is None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test fails: what cannot run here must say so, not pass by silently."""
    report = yield
    if report.skipped:
        report.outcome, report.longrepr = "failed", f"tests of this project never skip: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _rulesets_are_parsed_anew() -> None:
    """A process keeps parsed rulesets and counts; here each test has its own database, where keys come again."""
    rulesets._published.cache_clear()
    worklist._gathered.cache_clear()
    deadlines._owed.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_local(str(address[0])):
            raise PermissionError(f"a test wanted to connect to {address[0]}:{address[1]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only)
        yield


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _private_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _audit_may_be_emptied() -> Iterator[None]:
    """Between tests that commit, Django empties every table: the triggers of audit chain and ledger stand aside."""
    operations = type(connection.ops)
    sql_flush = operations.sql_flush

    def flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        statements = sql_flush(self, style, tables, **options)
        vendor = self.connection.vendor
        dropped = [line for one in GUARDED for line in one.DROP[vendor]]
        created = [line for one in GUARDED for line in one.CREATE[vendor]]
        return [*dropped, *statements, *created] if statements else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", flush)
        yield


@pytest.fixture
def viewer() -> Callable[..., Viewer]:
    """`viewer(Duty.BS, bureau="sorachi")`: a person without rows in the database (see tests/viewers.py)."""
    return viewers.viewer


@pytest.fixture
def client_for(db: None) -> Callable[[Viewer], Client]:
    """`client_for(viewer(Duty.BS))`: a test client signed in as that person."""
    return viewers.client_for
