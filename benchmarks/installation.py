"""A fresh Ticketless installation for a benchmark: a database, a car park, lanes, a web server."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `python benchmarks/X.py` sees only its own folder
PARK = """
from django.utils import timezone
from billing.models import Tariff
from billing.rules.terms import simple
from parking.models import CarPark
park = CarPark.objects.create(slug="bench", name="Bench")
Tariff.objects.create(car_park=park, version=1, starts_at=timezone.now(),
    terms=simple(free=15, step=60, step_price=100, day_cap=1000))
"""


def environment(url, folder):
    """The environment of an installation whose database is `url` and whose files are in `folder`."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "TICKETLESS_VAR": str(folder),
        "SECRET_KEY": "only for this benchmark",
        "PYTHONPATH": str(ROOT),
    }


def manage(variables, *words):
    """What `manage.py WORDS` prints."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=variables, check=True, capture_output=True, text=True
    ).stdout.strip()


def furnish(variables, directions):
    """Make the car park `bench` with a lane for each direction ("in" or "out"); their keys."""
    manage(variables, "migrate", "--verbosity=0")
    manage(variables, "shell", "--verbosity=0", "--command", PARK)
    return [
        manage(variables, "lane", "add", "bench", f"lane-{number}", "--direction", direction)
        for number, direction in enumerate(directions)
    ]


def each_database():
    """The name and the address of a fresh database, and a folder for all else: SQLite, and PostgreSQL where
    DATABASE_URL names a server."""
    given = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/bench.sqlite3", folder
        if given.startswith("postgres"):
            with own_database(given) as url:
                yield "PostgreSQL", url, folder
        else:
            print("PostgreSQL  left out: set DATABASE_URL=postgres://user@host:port/name")


@contextlib.contextmanager
def own_installation(name):
    """A fresh database, an SQLite file of this name or one beside that of DATABASE_URL, and a folder for
    all else; yields the database's address and the folder. This process's connection is closed."""
    from django.db import connection

    given = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/{name}.sqlite3"
        if given.startswith("postgres"):
            url = stack.enter_context(own_database(given))
        yield url, folder
        connection.close()


@contextlib.contextmanager
def own_database(url):
    """A database beside the given one, dropped in the end; yields its address."""
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def server(variables):
    """gunicorn with one process and eight threads on a free port of loopback; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{probe.getsockname()[1]}"
    words = [
        "-m",
        "gunicorn",
        "config.wsgi",
        "--threads",
        "8",
        "--bind",
        base.removeprefix("http://"),
    ]
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**variables, "BASE_URL": base},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(base)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(base):
    for _ in range(400):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(base + "/api/v1/lane/list")
            return
        time.sleep(0.05)
    raise SystemExit("The web server did not start within 20 s.")
