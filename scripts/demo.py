"""A whole portal for tests and pictures: its own copy of the demo world, a web server and a worker on a free port.

`template()` loads the demo world once; `portal()` copies it, which takes a fraction of a second on both databases.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[1]
DEMO_DATE = "2026-11-21"
START_SECONDS = 60


@dataclass(frozen=True)
class World:
    """A loaded demo world: `url` names its database, `directory` holds its files (VAR_DIR) and static files.

    `today` is the day that everybody in it takes for today; `on` gives the same world on a later one.
    """

    url: str
    directory: Path
    today: str = DEMO_DATE

    def on(self, day: str) -> World:
        return replace(self, today=day)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.directory),
            "STATIC_ROOT": str(self.directory / "static"),
            "DEMO": "1",
            "DEMO_DATE": self.today,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command in this world and return what it printed. Raises CalledProcessError."""
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            stdin=subprocess.DEVNULL,
            check=True,
        )
        return ran.stdout


def template(directory: Path) -> World:
    """Load the demo world into a new database: beside the one DATABASE_URL names on PostgreSQL, else a SQLite file."""
    directory.mkdir(parents=True)
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        world = World(_beside(server, f"demo_{uuid4().hex[:12]}"), directory)
        _create_database(server, world.url)
    else:
        world = World(f"sqlite:///{directory / 'portal.sqlite3'}", directory)
    world.manage("migrate", "--verbosity", "0")
    world.manage("createcachetable", "--verbosity", "0")
    world.manage("load_demo")
    world.manage("collectstatic", "--noinput", "--verbosity", "0")
    return world


def copy(world: World, directory: Path) -> World:
    """Return an own copy of a world that no server uses."""
    shutil.copytree(world.directory, directory, ignore=shutil.ignore_patterns("portal.sqlite3*"))
    if world.url.startswith("postgres"):
        copied = World(_beside(world.url, f"copy_{uuid4().hex[:12]}"), directory)
        _create_database(_beside(world.url, "postgres"), copied.url, template=_name(world.url))
        return copied
    copied = World(f"sqlite:///{directory / 'portal.sqlite3'}", directory)
    with (
        closing(sqlite3.connect(world.directory / "portal.sqlite3")) as source,
        closing(sqlite3.connect(directory / "portal.sqlite3")) as target,
    ):
        source.backup(target)
    return copied


@contextmanager
def portal(world: World, *, worker: bool = True) -> Iterator[str]:
    """Serve a world (with its worker) and yield its address, http://127.0.0.1:PORT; stop both afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    commands = [[*web, "--log-level", "warning", "--graceful-timeout", "1"]]
    commands += [[sys.executable, "manage.py", "worker"]] if worker else []
    log = (world.directory / "server.log").open("w")
    children = [
        subprocess.Popen(command, cwd=ROOT, env=world.environment, stdout=log, stderr=log) for command in commands
    ]
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(port):
            if time.monotonic() > end or any(child.poll() is not None for child in children):
                raise RuntimeError(f"the portal does not start:\n{(world.directory / 'server.log').read_text()}")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(15)
        log.close()


def drop(world: World) -> None:
    """Remove a world that nobody uses any more."""
    if world.url.startswith("postgres"):
        _execute(
            _beside(world.url, "postgres"), sql.SQL("DROP DATABASE {} WITH (FORCE)").format(_identifier(world.url))
        )
    shutil.rmtree(world.directory)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _beside(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


def _identifier(url: str) -> sql.Identifier:
    return sql.Identifier(_name(url))


def _create_database(server: str, url: str, template: str = "template0") -> None:
    _execute(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(_identifier(url), sql.Identifier(template)))


def _execute(server: str, statement: sql.Composed) -> None:
    """Run one statement outside a transaction. `server` is postgres://USER@//SOCKET_DIRECTORY/DATABASE."""
    head, name = server.rsplit("/", 1)
    user, directory = head.removeprefix("postgres://").split("@/")
    with closing(psycopg2.connect(host=directory, user=user, dbname=name)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
