"""`./run` in clones of its own: nothing is fetched, for their lists of packages are empty."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LISTS = ("requirements-lane.txt", "requirements.txt", "requirements-dev.txt")
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere", "UV_OFFLINE": "1"}


def make_clone(folder):
    folder.mkdir()
    shutil.copy(ROOT / "run", folder)
    for name in LISTS:
        (folder / name).write_text("")
    (folder / "manage.py").write_text("import sys; print(sys.argv[1:])")
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone with a space in its path, already set up."""
    folder = make_clone(tmp_path_factory.mktemp("setup") / "a car park")
    assert start(folder, "demo").returncode == 0
    return folder


def start(folder, *arguments, path=None):
    env = {**os.environ, **OFFLINE, "PATH": path or os.environ["PATH"]}
    command = ["sh", str(folder / "run"), *arguments]
    return subprocess.run(command, env=env, cwd="/", capture_output=True, text=True)


def stubs(folder, script):
    """A PATH on which every name that `run` tries for Python is this script."""
    folder.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_an_unknown_word_gets_the_usage(tmp_path, arguments):
    answer = start(make_clone(tmp_path / "clone"), *arguments)
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: ./run demo")


def test_help_is_no_error(tmp_path):
    answer = start(make_clone(tmp_path / "clone"), "--help")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_arguments_reach_the_demo(clone):
    assert start(clone, "demo", "--port", "80 81").stdout == "['demo', '--port', '80 81']\n"


def test_the_second_start_is_quick_and_silent(clone):
    began = time.monotonic()
    answer = start(clone, "demo")
    assert time.monotonic() - began < 1
    assert answer.stderr == ""


def test_a_changed_list_is_installed_again(clone):
    (clone / "requirements.txt").write_text("# one more\n")
    assert "Installing the packages of requirements.txt." in start(clone, "demo").stderr
    assert start(clone, "demo").stderr == ""


def test_a_set_up_that_was_cut_off_is_made_afresh(clone):
    (clone / ".venv/unfinished").touch()
    (clone / ".venv/left-over").touch()
    answer = start(clone, "demo")
    assert "did not finish" in answer.stderr
    assert answer.returncode == 0
    assert not (clone / ".venv/left-over").exists()


def test_an_environment_without_pip_is_made_afresh(clone):
    shutil.rmtree(next((clone / ".venv/lib").glob("python3.*/site-packages/pip")))
    (clone / ".venv/stamp-requirements.txt").unlink()
    answer = start(clone, "demo")
    assert "did not finish" in answer.stderr
    assert answer.returncode == 0


def test_a_failed_install_names_its_log_and_is_tried_again(tmp_path):
    clone = make_clone(tmp_path / "clone")
    (clone / "requirements.txt").write_text("no-such-package-anywhere==1\n")
    answer = start(clone, "demo")
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1].endswith(f"{clone}/var/setup.log")
    assert "no-such-package-anywhere" in (clone / "var/setup.log").read_text()
    (clone / "requirements.txt").write_text("")
    assert start(clone, "demo").stdout == "['demo']\n"


def test_an_old_python_gets_one_sentence(tmp_path):
    clone = make_clone(tmp_path / "clone")
    old = '[ "$1" = -V ] && echo "Python 3.9.2" && exit; exit 1'
    answer = start(clone, "demo", path=stubs(tmp_path / "bin", old))
    assert answer.returncode == 1
    assert answer.stderr.startswith("Ticketless needs Python 3.11 or later and found Python 3.9.2:")
    assert answer.stderr.count("\n") == 1


def test_a_missing_venv_package_gets_one_sentence(tmp_path):
    clone = make_clone(tmp_path / "clone")
    bare = f'case "$*" in *ensurepip*) exit 1 ;; *) exec "{sys.executable}" "$@" ;; esac'
    answer = start(clone, "demo", path=stubs(tmp_path / "bin", bare))
    assert answer.returncode == 1
    assert answer.stderr == "Python's venv package is missing: sudo apt install python3-venv\n"
    assert not (clone / ".venv").exists()
