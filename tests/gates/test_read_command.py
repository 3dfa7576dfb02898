import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.gates.readers.pictures import plate, street

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def photographs(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    image = street((plate("AB12CDE"), (640, 430), 0))
    Image.fromarray(image[:, :, ::-1].copy()).save(folder / "a.png")
    (folder / "b.jpg").write_bytes(b"")
    return folder


def test_one_line_of_json_a_photograph(photographs, capsys):
    call_command("read", "--json", str(photographs))
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["file"] == str(photographs / "a.png")
    assert first["milliseconds"] > 0
    read = first["reads"][0]
    assert (read["plate"], read["accepted"], read["country"]) == ("AB12CDE", True, None)
    assert read["candidates"][0] == {"plate": "AB12CDE", "probability": read["confidence"]}
    assert len(read["box"]) == 4
    assert (second["reads"], second["error"]) == ([], "the file is empty")


def test_for_people_it_says_it_in_words(photographs, capsys):
    call_command("read", str(photographs))
    first, second = capsys.readouterr().out.splitlines()
    file, said = first.split(": ")
    assert (file, said.split()[0]) == (str(photographs / "a.png"), "AB12CDE")
    assert second.endswith("b.jpg: the file is empty")


def test_a_country_without_formats_is_told_with_the_choices(photographs):
    with pytest.raises(
        CommandError, match="--home: no plate formats of 'UK'; there are those of"
    ) as stop:
        call_command("read", "--home", "GB,uk", str(photographs))
    assert stop.value.returncode == 2


def test_a_wrong_path_stops_before_anything_is_read(photographs):
    with pytest.raises(CommandError, match="there is no file or folder nowhere") as stop:
        call_command("read", str(photographs), "nowhere")
    assert stop.value.returncode == 2


def test_it_needs_no_secret_and_no_database(photographs):
    bare = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "DATABASE_URL")}
    bare["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/nothing"
    told = subprocess.run(
        [sys.executable, "manage.py", "read", "--json", photographs / "a.png"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["reads"][0]["plate"] == "AB12CDE"
    assert told.stderr == ""
