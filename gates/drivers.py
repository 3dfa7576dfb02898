"""The driver tables: the word in a lane file -> the class, imported only when asked for.

A name with a colon is itself "module:Class", so anyone's own driver needs no fork. The options of a
driver are its constructor's keyword arguments; what an option may be is read from its annotation.
"""

import inspect
import math
import types
import typing
from importlib import import_module

CAMERAS = {
    "drawn": "gates.cameras.drawn:Drawn",
    "folder": "gates.cameras.folder:Folder",
    "stream": "gates.cameras.stream:Stream",
}
READERS = {
    "fixed": "gates.readers.fixed:Fixed",
    "paddle": "gates.readers.paddle:Paddle",
}
BARRIERS = {
    "mock": "gates.barriers.mock:Mock",
    "modbus": "gates.barriers.modbus:Modbus",
}
TRIGGERS = {
    "always": "gates.lane.trigger:Always",
    "loop": "gates.lane.trigger:Loop",
    "motion": "gates.lane.motion:Motion",
}
FAMILIES = {"camera": CAMERAS, "reader": READERS, "barrier": BARRIERS, "trigger": TRIGGERS}

WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}


class ConfigError(ValueError):
    """A lane file cannot be used; the message names the file, the key and the choices."""


def load(family, name):
    """The driver class of a family ("camera", "reader", "barrier", "trigger") by its name.

    Raises `ConfigError` where there is none; never falls back to another driver.
    """
    table = FAMILIES[family]
    path = name if ":" in name else table.get(name)
    if path is None:
        raise ConfigError(f"no {family} driver '{name}'; there are: {', '.join(sorted(table))}")
    module, _, cls = path.partition(":")
    try:
        return getattr(import_module(module), cls)
    except (ImportError, AttributeError, ValueError) as fault:
        raise ConfigError(f"the {family} driver '{name}' cannot be loaded: {fault}") from fault


def options_of(cls, given=()):
    """The options a lane file may set: name -> parameter. The lane itself fills `given`.

    What TOML cannot say, such as a clock, is for tests and no option.
    """
    hints = typing.get_type_hints(cls.__init__)
    return {
        name: each
        for name, each in inspect.signature(cls).parameters.items()
        if name not in given and sayable(hints.get(name, typing.Any))
    }


def check_options(cls, options, where, given=(), also=()):
    """Raise `ConfigError` unless `options` fit the constructor; `where` begins the sentence.

    `also` are keys of the same table that another part reads: named among the choices.
    """
    known = options_of(cls, given)
    hints = typing.get_type_hints(cls.__init__)
    for name, value in options.items():
        if name not in known:
            raise ConfigError(
                f"{where}: unknown key '{name}'; there are: {_listed([*known, *also])}"
            )
        check_type(value, hints.get(name, typing.Any), f"{where}: '{name}'")
    for name, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and name not in options:
            raise ConfigError(f"{where}: the key '{name}' is missing")


def check_type(value, hint, where):
    """Raise `ConfigError` unless a value from TOML is what the annotation says."""
    if not fits(value, hint):
        raise ConfigError(f"{where} must be {wording(hint)}, not {value!r}")


def sayable(hint):
    """Can TOML say it? Texts, numbers, truths, lists of them, and choices."""
    arguments = [each for each in typing.get_args(hint) if each not in (type(None), Ellipsis)]
    if typing.get_origin(hint) in (typing.Union, types.UnionType, list, tuple):
        return any(sayable(each) for each in arguments)
    return hint in (typing.Any, *WORDS) or typing.get_origin(hint) is typing.Literal


def fits(value, hint):
    """Is `value` (from TOML) what the annotation `hint` says? A whole number is a number, too."""
    if hint is typing.Any:
        return True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, each) for each in arguments)
    if origin is typing.Literal:
        return value in arguments
    if origin in (list, tuple):
        inner = [each for each in arguments if each is not Ellipsis]
        exact = origin is tuple and Ellipsis not in arguments
        return (
            isinstance(value, list)
            and (not exact or len(value) == len(inner))
            and all(fits(each, inner[0]) for each in value)
        )
    if hint is float:
        # TOML can say inf and nan: an arm would stay up for ever, and no deadline ever end.
        return (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        )
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(hint, type) and isinstance(value, hint)


def wording(hint):
    """What an annotation allows, in words for the person who writes the lane file."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        arguments = [each for each in arguments if sayable(each)]
        kinds = [wording(each) for each in arguments if each is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if origin is typing.Literal:
        return "one of " + ", ".join(f'"{each}"' for each in arguments)
    if origin in (list, tuple):
        exact = origin is tuple and Ellipsis not in arguments
        count = f"{len(arguments)} of them" if exact else "any number"
        inner = next(each for each in arguments if each is not Ellipsis)
        return f"a list in square brackets ({count}, each {wording(inner)})"
    return WORDS.get(hint, getattr(hint, "__name__", str(hint)))


def _listed(known):
    return ", ".join(sorted(known)) or "none"
