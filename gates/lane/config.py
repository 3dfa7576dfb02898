"""The lane file (TOML): read, checked, and every fault a sentence with the file, the key, the choices."""

import inspect
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from gates.barriers.barrier import Barrier
from gates.drivers import ConfigError, check_options, check_type, load, options_of
from gates.readers.apart import Apart
from gates.readers.child import WORDED
from gates.readers.formats import home_of
from gates.rules.alone import BY_DIRECTION

KEY_FROM = "TICKETLESS_LANE_KEY"
SECTIONS = ("camera", "reader", "trigger", "barrier")
# What the lane fills in itself.
GIVEN = {
    "trigger": ("barrier", "memory"),
    "barrier": ("relay",),
    "reader": ("driver", "options", "home"),
}
AROUND = {"barrier": Barrier, "reader": Apart}  # what stands around a driver and shares its table
SWITCHES = {"reader": ("apart",)}  # keys that choose what stands around
APART = ("paddle",)  # drivers with networks: in a process of their own unless the file says not


@dataclass(frozen=True)
class Driver:
    """A driver class with its options from the lane file, not yet started."""

    where: str
    cls: type
    options: dict

    def start(self, **given):
        """The driver, running. Raises `ConfigError` where the driver finds its options unusable."""
        wanted = inspect.signature(self.cls).parameters
        try:
            return self.cls(
                **{**{name: each for name, each in given.items() if name in wanted}, **self.options}
            )
        except WORDED as fault:
            raise ConfigError(f"{self.where}: {fault}") from fault


@dataclass(frozen=True)
class Top:
    """The keys above the first table. `home`: countries whose plate formats go first."""

    name: str
    direction: Literal["in", "out"]
    server: str
    state: str
    key_file: str = ""
    key_env: str = KEY_FROM
    home: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alone:
    opens_for: Literal["permits", "everyone", "nobody"] | None = None


@dataclass(frozen=True)
class Deadline:
    """Seconds: `answer` for the server, `patience` for a plate that cannot be read yet."""

    answer: float = 1.0
    patience: float = 2.5

    def __post_init__(self):
        if self.answer <= 0 or self.patience < 0:
            raise ValueError("'answer' must be more than 0 seconds and 'patience' not less than 0.")


@dataclass(frozen=True)
class Outbox:
    """What may wait on disk for the server: `megabytes` in all, leaving `spare` MB of the disk."""

    megabytes: int = 1000
    spare: int = 200

    def __post_init__(self):
        if self.megabytes < 0 or self.spare < 0:
            raise ValueError("'megabytes' and 'spare' must not be less than 0.")


@dataclass(frozen=True)
class Logs:
    plates: Literal["masked", "whole"] = "masked"
    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True)
class LaneFile:
    """All that a lane file says."""

    path: str
    top: Top
    camera: Driver
    reader: Driver
    trigger: Driver
    relay: Driver
    barrier: dict = field(default_factory=dict)
    alone: Alone = Alone()
    deadline: Deadline = Deadline()
    outbox: Outbox = Outbox()
    logs: Logs = Logs()

    @property
    def opens_for(self):
        return self.alone.opens_for or BY_DIRECTION[self.top.direction]

    def key(self):
        """The lane's key, from its file or the environment; never from the lane file itself."""
        top = self.top
        if not top.key_file:
            return self._from_environment(top.key_env)
        try:
            key = Path(top.key_file).read_text().strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise ConfigError(f"{self.path}: 'key_file' cannot be read: {fault}") from fault
        if not key:
            raise ConfigError(f"{self.path}: 'key_file' {top.key_file} is empty: {GET_ONE}")
        return self._sendable(key, f"'key_file' {top.key_file}")

    def _from_environment(self, name):
        key = os.environ.get(name, "").strip()
        if not key:
            raise ConfigError(
                f"{self.path}: no key: set 'key_file', or the environment variable {name}; {GET_ONE}"
            )
        return self._sendable(key, f"the environment variable {name}")

    def _sendable(self, key, where):
        """The key, if HTTP can send it in a header."""
        if not (key.isascii() and key.isprintable()):
            raise ConfigError(f"{self.path}: {where} must hold the key and nothing else: {GET_ONE}")
        return key


GET_ONE = "`manage.py lane add` prints one."
SETTINGS = {"alone": Alone, "deadline": Deadline, "outbox": Outbox, "logs": Logs}


def read_lane_file(path):
    """The `LaneFile` at `path`. Raises `ConfigError`."""
    said = _toml(path)
    tables = {name: said.pop(name, None) for name in (*SECTIONS, *SETTINGS)}
    top = _top(path, said)
    return LaneFile(
        path=str(path),
        top=top,
        camera=_driver(path, "camera", tables),
        reader=_reader(path, tables, top.home),
        trigger=_driver(path, "trigger", tables),
        relay=_driver(path, "barrier", tables),
        barrier=_around("barrier", tables),
        **{name: _settings(path, name, cls, tables) for name, cls in SETTINGS.items()},
    )


def _toml(path):
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"the lane file {path} cannot be read: {fault}") from fault
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{path} is not TOML: {fault}") from fault


def _top(path, said):
    for name, value in said.items():
        if isinstance(value, dict):
            tables = ", ".join(f"[{each}]" for each in (*SECTIONS, *SETTINGS))
            raise ConfigError(f"{path}: unknown table [{name}]; there are: {tables}")
    check_options(Top, said, str(path))
    top = Top(**said | {"home": _home(path, said)})
    if not top.server.startswith(("http://", "https://")):
        raise ConfigError(f"{path}: 'server' must begin with http:// or https://")
    if not _is_address(top.server):
        raise ConfigError(f"{path}: 'server' {top.server} is no address: write http://HOST:PORT")
    for name in ("name", "state"):
        if not getattr(top, name).strip():
            raise ConfigError(f"{path}: '{name}' is empty")
    return top


def _home(path, said):
    try:
        return home_of(said.get("home", ()))
    except ValueError as fault:
        raise ConfigError(f"{path}: 'home': {fault}") from fault


def _is_address(server):
    try:
        parts = urlsplit(server)
        # Asking for a port outside 0 to 65535 raises.
        return bool(parts.hostname) and parts.port != 0 and not any(map(str.isspace, server))
    except ValueError:
        return False


def _reader(path, tables, home):
    """The reader's driver, put into a process of its own where it is to be `apart`.

    One that asks for `home` is given it as one text, such as "GB IE".
    """
    inside = _driver(path, "reader", tables)
    if "home" in options_of(inside.cls):
        inside.options["home"] = " ".join(home)
    name, around = tables["reader"]["driver"], _around("reader", tables)
    apart = tables["reader"].get("apart", name in APART)
    check_type(apart, bool, f"{inside.where}: 'apart'")
    if apart:
        return Driver(inside.where, Apart, {"driver": name, "options": inside.options, **around})
    if around:
        raise ConfigError(f"{inside.where}: {_quoted(around)} needs apart = true")
    return inside


def _driver(path, family, tables):
    where = f"{path}: [{family}]"
    table = _table(path, family, tables)
    if table is None:
        raise ConfigError(f"{path}: the table [{family}] is missing")
    beside = _keys_around(family)
    options = {name: value for name, value in table.items() if name not in ("driver", *beside)}
    if "driver" not in table:
        raise ConfigError(f"{where}: the key 'driver' is missing")
    check_type(table["driver"], str, f"{where}: 'driver'")
    try:
        cls = load(family, table["driver"])
    except ConfigError as fault:
        raise ConfigError(f"{where}: {fault}") from fault
    check_options(cls, options, where, given=GIVEN.get(family, ()), also=beside)
    if family in AROUND:
        check_options(AROUND[family], _around(family, tables), where, given=GIVEN[family])
    return Driver(where, cls, options)


def _keys_around(family):
    """The keys of a driver's table that are not for the driver."""
    around = options_of(AROUND[family], GIVEN[family]) if family in AROUND else ()
    return [*around, *SWITCHES.get(family, ())]


def _around(family, tables):
    """The part of a driver's table that is for what stands around it."""
    table = tables[family] if isinstance(tables[family], dict) else {}
    return {
        name: table[name] for name in options_of(AROUND[family], GIVEN[family]) if name in table
    }


def _quoted(names):
    return " and ".join(f"'{name}'" for name in names)


def _settings(path, name, cls, tables):
    table = _table(path, name, tables) or {}
    check_options(cls, table, f"{path}: [{name}]")
    try:
        return cls(**table)
    except ValueError as fault:
        raise ConfigError(f"{path}: [{name}]: {fault}") from fault


def _table(path, name, tables):
    if not isinstance(tables[name], dict | None):
        raise ConfigError(f"{path}: '{name}' must be a table: write [{name}]")
    return tables[name]
