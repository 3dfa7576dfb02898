"""Writing to the lane's disk so that a kill or a power cut leaves the old or the new, never half."""

import os


def write_whole(path, content):
    """Replace the file at `path` by these bytes, on disk when this returns. Raises OSError."""
    beside = path.with_name(path.name + ".new")
    with open(beside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    settle(path.parent)


def add_line(path, line):
    """Append one line of text, on disk when this returns. Raises OSError."""
    with open(path, "ab") as file:
        if file.tell() and not _ends_whole(path):
            file.write(b"\n")  # a kill cut the last line short; it must not swallow this one
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def settle(folder):
    """Put a folder's list of names on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _ends_whole(path):
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
