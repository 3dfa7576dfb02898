"""The rules of docs/architecture.md that a machine can hold."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("parking", "billing", "gates")  # each may import itself and those before it
HARDWARE = ("cameras", "readers", "barriers", "lane", "rules")
OUTSIDE_WORLD = {"os", "time", "random", "secrets", "socket", "subprocess", "pathlib", "httpx"}


def files(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path):
    """The dotted names of all modules that a file imports, at any depth in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: say the whole name"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(path):
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app):
    above = set(APPS[APPS.index(app) + 1 :])
    assert {p: tops(p) & above for p in files(app) if tops(p) & above} == {}


def test_rules_touch_neither_django_nor_the_world():
    rules = files("parking/rules", "billing/rules", "gates/rules")
    banned = OUTSIDE_WORLD | {"django", "rest_framework"}
    assert {p: tops(p) & banned for p in rules if tops(p) & banned} == {}
    assert [p for p in rules if ".now(" in p.read_text() or "utcnow" in p.read_text()] == []


def test_a_lane_box_needs_no_django():
    lane = [*files(*(f"gates/{folder}" for folder in HARDWARE)), ROOT / "gates/drivers.py"]
    assert {p for p in lane if {"django", "rest_framework"} & tops(p)} == set()


def test_the_lane_worker_starts_without_django():
    ask = "import gates.lane.__main__, sys; print('django' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


def test_reading_needs_nothing_of_the_training():
    assert {p for p in files(*APPS) if "training" in tops(p)} == set()


def test_no_signals_and_no_vague_names():
    everything = files(*APPS, "config", "training")
    assert [p for p in everything if "django.dispatch" in set(imported(p))] == []
    vague = {"utils.py", "helpers.py", "services.py", "common.py", "manager.py", "handlers.py"}
    assert [p for p in everything if p.name in vague] == []
