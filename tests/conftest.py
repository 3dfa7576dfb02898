"""Which tests run here, and one line at the end on what was left out."""

import os
import shutil
import subprocess
from functools import cache

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium():
    """The path of this machine's Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@cache
def missing():
    """Debian's packages that the browser tests lack here."""
    lacking = [] if chromium() else ["chromium"]
    node, _ = compute_driver_executable()
    # Playwright's driver is a program of its own, and a bare Debian has not all of its libraries.
    if subprocess.run([node, "--version"], capture_output=True).returncode != 0:
        lacking.append("libatomic1")
    return lacking


def in_ci():
    return os.environ.get("CI") == "true"


@pytest.fixture
def chrome(live_server, monkeypatch):  # closed before the server, whose database it uses
    """A real browser without a window, and the server that its pages come from."""
    # Playwright runs an event loop in this thread, and Django would refuse its own database calls.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield chrome
        chrome.close()


def pytest_configure(config):
    if in_ci() and missing():
        raise pytest.UsageError(
            f"CI=true leaves nothing out: apt install {' '.join(missing())}, for the browser tests"
        )


def pytest_collection_modifyitems(config, items):
    if not missing():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=browser)
    items[:] = [item for item in items if item not in browser]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if in_ci() and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(" ".join(ran_on()))
    if in_ci() and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(
            "CI=true leaves nothing out: a skipped test is a failure.", red=True
        )


def ran_on():
    """Sentences on the database, and on what this machine could not run."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield "Database: PostgreSQL."
    else:
        yield "Database: SQLite (DATABASE_URL=postgres://... runs them on PostgreSQL)."
    if missing():
        yield f"Left out: the browser tests (sudo apt install {' '.join(missing())})."
