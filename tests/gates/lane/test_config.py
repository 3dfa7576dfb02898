import subprocess
import sys

import pytest

from gates.drivers import ConfigError
from gates.lane.config import read_lane_file
from gates.readers.apart import Apart
from gates.readers.fixed import Fixed
from gates.readers.paddle import Paddle
from tests.gates.lane.conftest import ROOT

GOOD = """
name = "north-entry"
direction = "in"
server = "http://127.0.0.1:8000"
key_file = "{folder}/key"
state = "{folder}/state"
[camera]
driver = "drawn"
scene = "{folder}/scene.json"
[reader]
driver = "fixed"
plate = "AB12CDE"
[trigger]
driver = "always"
[barrier]
driver = "mock"
pulse = 0.5
"""


def lane_file(folder, *, old="", new=""):
    assert old in GOOD
    (folder / "key").write_text("secret\n")
    path = folder / "lane.toml"
    path.write_text(GOOD.replace(old, new, 1).format(folder=folder) if old else GOOD + new)
    if not old:
        path.write_text((GOOD + new).format(folder=folder))
    return path


def test_a_good_lane_file(tmp_path):
    lane = read_lane_file(lane_file(tmp_path))
    assert (lane.top.name, lane.key(), lane.opens_for) == ("north-entry", "secret", "permits")
    assert lane.barrier == {"pulse": 0.5}
    assert (lane.deadline.answer, lane.deadline.patience) == (1.0, 2.5)


def test_an_exit_opens_for_everyone_unless_the_file_says_otherwise(tmp_path):
    out = read_lane_file(lane_file(tmp_path, old='"in"', new='"out"'))
    assert out.opens_for == "everyone"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"drawn"', '"laser"', "[camera]: no camera driver 'laser'; there are: drawn, folder, str"),
        ('driver = "drawn"', "driver = 7", "[camera]: 'driver' must be a text in quotes, not 7"),
        ('driver = "drawn"', "", "[camera]: the key 'driver' is missing"),
        ("scene =", "scen =", "[camera]: unknown key 'scen'; there are: arm, fps, gap, height, l"),
        ("plate =", "plat =", "[reader]: unknown key 'plat'; there are: answers_within, apart, c"),
        ("plate =", "apart = 1\nplate =", "[reader]: 'apart' must be true or false, not 1"),
        ("plate =", "largest = 1\nplate =", "[reader]: 'largest' needs apart = true"),
        (
            "plate =",
            "largest = 'x'\nplate =",
            "[reader]: 'largest' must be a whole number, not 'x'",
        ),
        ("pulse = 0.5", 'pulse = "long"', "[barrier]: 'pulse' must be a number, not 'long'"),
        ("pulse =", "puls =", "[barrier]: unknown key 'puls'; there are: arm, falls_after, inputs"),
        ("name =", "nam =", ": unknown key 'nam'; there are: direction, home, key_env, key_"),
        ('name = "north-entry"', "", ": the key 'name' is missing"),
        ('"in"', '"up"', ": 'direction' must be one of \"in\", \"out\", not 'up'"),
        ('"http:', '"ftp:', ": 'server' must begin with http:// or https://"),
        ("[camera]", 'home = ["UK"]\n[camera]', ": 'home': no plate formats of 'UK'; there are th"),
        ("[camera]", 'home = "GB"\n[camera]', ": 'home' must be a list in square brackets (any"),
        ("plate =", 'home = "GB"\nplate =', "[reader]: unknown key 'home'; there are: answers_"),
        ("[reader]", "[raeder]", ": unknown table [raeder]; there are: [camera], [reader], [trig"),
        ('[trigger]\ndriver = "always"\n', "", ": the table [trigger] is missing"),
        (
            "",
            "[alone]\nopens_for = 'me'",
            '[alone]: \'opens_for\' must be one of "permits", "every',
        ),
        ("", "[deadline]\nanswer = 'soon'", "[deadline]: 'answer' must be a number, not 'soon'"),
        ("", "[deadline]\nask = 1", "[deadline]: unknown key 'ask'; there are: answer, patience"),
        ("", "[deadline]\nanswer = -1", "[deadline]: 'answer' must be more than 0 seconds"),
        ("", "[outbox]\nmegabytes = -1", "[outbox]: 'megabytes' and 'spare' must not be less"),
        ("pulse = 0.5", "pulse = inf", "[barrier]: 'pulse' must be a number, not inf"),
        ("pulse = 0.5", "pulse = nan", "[barrier]: 'pulse' must be a number, not nan"),
        ("127.0.0.1:8000", "", ": 'server' http:// is no address: write http://HOST:PORT"),
        ("127.0.0.1:8000", "a b", ": 'server' http://a b is no address: write http://HOST:PORT"),
        (":8000", ":99999", ": 'server' http://127.0.0.1:99999 is no address"),
        ('"north-entry"', '""', ": 'name' is empty"),
        ('"{folder}/state"', '""', ": 'state' is empty"),
        ("[camera]", "[camera", " is not TOML: "),
        ("", "[x]", ": unknown table [x]"),
    ],
)
def test_a_lane_file_with_a_fault_names_file_key_and_choices(tmp_path, old, new, sentence):
    path = lane_file(tmp_path, old=old, new=new)
    with pytest.raises(ConfigError) as said:
        read_lane_file(path)
    assert str(said.value).startswith(f"{path}")
    assert sentence in str(said.value)


def test_no_file_and_no_key(tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
        read_lane_file(tmp_path / "none.toml")
    lane = read_lane_file(lane_file(tmp_path))
    (tmp_path / "key").unlink()
    with pytest.raises(ConfigError, match="'key_file' cannot be read"):
        lane.key()
    from_environment = read_lane_file(lane_file(tmp_path, old="key_file =", new="key_env ="))
    name = from_environment.top.key_env
    with pytest.raises(ConfigError, match="set 'key_file', or the environment variable"):
        from_environment.key()
    monkeypatch.setenv(name, "from outside")
    assert from_environment.key() == "from outside"


@pytest.mark.parametrize("key", ["schl\u00fcssel", "two\nlines"])
def test_a_key_that_no_header_can_carry(tmp_path, key):
    lane = read_lane_file(lane_file(tmp_path))
    (tmp_path / "key").write_text(key)
    with pytest.raises(ConfigError, match="must hold the key and nothing else"):
        lane.key()


def test_a_reader_gets_a_process_of_its_own_with_what_is_said_of_it(tmp_path):
    said = "apart = true\nlargest = 500\nplate ="
    reader = read_lane_file(lane_file(tmp_path, old="plate =", new=said)).reader
    options = {"driver": "fixed", "options": {"plate": "AB12CDE"}, "largest": 500}
    assert (reader.cls, reader.options) == (Apart, options)


@pytest.mark.parametrize(("said", "home"), [("", ()), ('home = ["GB", "ie"]', ("GB", "IE"))])
@pytest.mark.parametrize("apart", [False, True])
def test_the_sites_countries_are_given_to_a_reader_that_asks_for_them(tmp_path, said, home, apart):
    path = lane_file(tmp_path, old="[camera]", new=f"{said}\n[camera]")
    reader = f'driver = "tests.gates.lane.parts:AtHome"\napart = {str(apart).lower()}'
    path.write_text(path.read_text().replace('driver = "fixed"\nplate = "AB12CDE"', reader))
    lane = read_lane_file(path)
    assert lane.top.home == home
    options = lane.reader.options["options"] if apart else lane.reader.options
    assert options == {"home": " ".join(home)}


@pytest.mark.parametrize(
    ("said", "cls"),
    [
        ('"paddle"', Apart),
        ('"paddle"\napart = false', Paddle),
        ('"fixed"', Fixed),
        ('"fixed"\napart = true', Apart),
    ],
)
def test_only_a_reader_with_networks_is_apart_by_itself(tmp_path, said, cls):
    path = lane_file(tmp_path, old='"fixed"\nplate = "AB12CDE"', new=said)
    assert read_lane_file(path).reader.cls is cls


def test_a_reader_that_cannot_start_apart_is_told_with_its_table(tmp_path):
    path = lane_file(tmp_path, old="plate =", new="apart = true\nlargest = 1\nplate =")
    with pytest.raises(ConfigError, match=r"lane\.toml: \[reader\]: 'largest' is 1 MB, but"):
        read_lane_file(path).reader.start()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "lanes").glob("*.toml")), ids=lambda path: path.name
)
def test_the_sample_lane_files_are_good(path):
    assert read_lane_file(path).top.direction in ("in", "out")


def test_the_worker_says_one_sentence_and_ends_with_2(tmp_path):
    path = lane_file(tmp_path, old='"drawn"', new='"laser"')
    told = subprocess.run(
        [sys.executable, "-m", "gates.lane", str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 2
    assert told.stderr == (
        f"{path}: [camera]: no camera driver 'laser'; there are: drawn, folder, stream\n"
    )


@pytest.mark.parametrize("apart", ["true", "false"])
def test_the_worker_says_what_its_reader_lacks_and_ends_with_2(tmp_path, apart):
    odd = f'"tests.gates.readers.odd:Odd"\napart = {apart}\nfault = "the weights are not there."'
    path = lane_file(tmp_path, old='"fixed"\nplate = "AB12CDE"', new=odd)
    told = subprocess.run(
        [sys.executable, "-m", "gates.lane", str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == f"{path}: [reader]: the weights are not there.\n"
