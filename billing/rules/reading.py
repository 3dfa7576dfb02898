"""Plain values, as JSON gives them, into typed ones and back; what is wrong is told with its path.

Each kind of value has `read(value, path, errors)`, which appends (path, sentence) where it is wrong, and
`write(value)`, which gives the plain value back.
"""

import re
from dataclasses import MISSING, fields
from datetime import date

WRONG = object()  # what a value that cannot be read is read as; nothing is made of it


def below(path, key):
    return f"{path}.{key}" if path else str(key)


class Kind:
    def wrong(self, errors, path, sentence):
        errors.append((path, sentence))
        return WRONG

    def write(self, value):
        return value


class Number(Kind):
    """A whole number within bounds. True is none, and neither is 1.5 or "3"."""

    def __init__(self, least, most, what):
        self.least, self.most, self.what = least, most, what

    def read(self, value, path, errors):
        if isinstance(value, bool) or not isinstance(value, int):
            return self.wrong(errors, path, f"Give a whole number: {self.what}.")
        if not self.least <= value <= self.most:
            span = f"from {self.least} to {self.most}"
            return self.wrong(errors, path, f"Give {self.what}, {span}.")
        return value


class Flag(Kind):
    def read(self, value, path, errors):
        if not isinstance(value, bool):
            return self.wrong(errors, path, "Say true or false.")
        return value


class Word(Kind):
    """One of some words."""

    def __init__(self, *words):
        self.words = words

    def read(self, value, path, errors):
        if not isinstance(value, str) or value not in self.words:
            return self.wrong(errors, path, f"Choose one of: {', '.join(self.words)}.")
        return value


class Text(Kind):
    def __init__(self, most, pattern=r"[^\x00-\x1f]*", what="a text"):
        self.most, self.pattern, self.what = most, re.compile(pattern), what

    def read(self, value, path, errors):
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            return self.wrong(errors, path, f"Give {self.what}.")
        if len(value) > self.most:
            return self.wrong(errors, path, f"Make it shorter: {self.most} characters at most.")
        return value


class Clock(Kind):
    """A time of day, "HH:MM"; read as minutes since midnight."""

    TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")

    def read(self, value, path, errors):
        found = self.TIME.fullmatch(value) if isinstance(value, str) else None
        if not found:
            return self.wrong(errors, path, "Give a time of day from 00:00 to 23:59.")
        return int(found[1]) * 60 + int(found[2])

    def write(self, value):
        return f"{value // 60:02}:{value % 60:02}"


class Day(Kind):
    def read(self, value, path, errors):
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            return self.wrong(errors, path, "Give a date as 2026-12-24.")

    def write(self, value):
        return value.isoformat()


class Optional(Kind):
    """A value of a kind, or none."""

    def __init__(self, kind):
        self.kind = kind

    def read(self, value, path, errors):
        return None if value is None else self.kind.read(value, path, errors)

    def write(self, value):
        return None if value is None else self.kind.write(value)


class Anything(Kind):
    """A value of a kind, or one of some words, each of which is read as something."""

    def __init__(self, kind, words, default):
        self.kind, self.words, self.default = kind, words, default

    def read(self, value, path, errors):
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        return self.kind.read(value, path, errors)

    def write(self, value):
        word = next((word for word, meant in self.words.items() if meant == value), None)
        return word or self.kind.write(value)


class Listed(Kind):
    def __init__(self, kind, most, least=0):
        self.kind, self.most, self.least = kind, most, least

    def read(self, value, path, errors):
        if not isinstance(value, list):
            return self.wrong(errors, path, "Give a list.")
        if not self.least <= len(value) <= self.most:
            return self.wrong(errors, path, f"List {self.least} to {self.most} of them.")
        return tuple(self.kind.read(one, below(path, n), errors) for n, one in enumerate(value))

    def write(self, value):
        return [self.kind.write(one) for one in value]


class Pair(Listed):
    """A first and a last."""

    def __init__(self, kind):
        super().__init__(kind, 2, 2)

    def read(self, value, path, errors):
        pair = super().read(value, path, errors)
        if pair is not WRONG and WRONG not in pair and pair[0] > pair[1]:
            return self.wrong(errors, path, "The last must not be before the first: exchange them.")
        return pair


class Named(Kind):
    """Records by their names; each knows its own as `name`."""

    NAME = re.compile(r"[a-z0-9][a-z0-9 _-]{0,29}")

    def __init__(self, record, most):
        self.record, self.most = record, most

    def read(self, value, path, errors):
        if not isinstance(value, dict) or len(value) > self.most:
            return self.wrong(errors, path, f"Give at most {self.most} of them, by name.")
        named = []
        for name, one in value.items():
            if not isinstance(name, str) or not self.NAME.fullmatch(name):
                self.wrong(errors, path, "Name it in small letters and digits, 30 at most.")
            named.append(self.record.read(one, below(path, name), errors, name=name))
        return tuple(named)

    def write(self, value):
        return {one.name: self.record.write(one) for one in value}


class Record(Kind):
    """A dataclass from an object. Keys: attribute=kind, or attribute=(key in the document, kind).

    Keys may be left out where the dataclass has a default.
    """

    def __init__(self, made, **kinds):
        self.made = made
        self.keys = {
            attribute: kind if isinstance(kind, tuple) else (attribute, kind)
            for attribute, kind in kinds.items()
        }
        self.needed = {
            one.name
            for one in fields(made)
            if one.default is MISSING and one.default_factory is MISSING
        }

    def read(self, value, path, errors, **known):
        if not isinstance(value, dict):
            return self.wrong(errors, path, f"Give an object with: {', '.join(self.words())}.")
        for key in sorted(set(map(str, value)) - set(self.words())):
            there = ", ".join(self.words()) or "nothing"
            self.wrong(errors, below(path, key), f"Leave this out; there are: {there}.")
        told = len(errors)
        facts = dict(known)
        for attribute, (key, kind) in self.keys.items():
            if key in value:
                facts[attribute] = kind.read(value[key], below(path, key), errors)
            elif attribute in self.needed:
                self.wrong(errors, below(path, key), "Say this; it cannot be left out.")
        return self.made(**facts) if len(errors) == told else WRONG

    def write(self, value):
        return {key: kind.write(getattr(value, a)) for a, (key, kind) in self.keys.items()}

    def words(self):
        return [key for key, _ in self.keys.values()]


class Choice(Kind):
    """One of some records, told apart by the word under `key`."""

    def __init__(self, key, **records):
        self.key, self.records = key, records

    def read(self, value, path, errors):
        word = value.get(self.key) if isinstance(value, dict) else None
        if not isinstance(word, str) or word not in self.records:
            sentence = f"Choose one of: {', '.join(self.records)}."
            return self.wrong(errors, below(path, self.key), sentence)
        rest = {key: one for key, one in value.items() if key != self.key}
        return self.records[word].read(rest, path, errors)

    def write(self, value):
        for word, record in self.records.items():
            if isinstance(value, record.made):
                return {self.key: word, **record.write(value)}
        raise TypeError(value)
