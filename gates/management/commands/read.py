"""`manage.py read [--json] [--home GB,IE] PATH...`: the plates of photographs and videos."""

import json
import os
import sys

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from gates.readers.formats import home_of
from gates.readers.lines import lines
from gates.readers.photographs import found_in
from gates.readers.weights import GENERAL, OURS


class Command(BaseCommand):
    help = "Read the number plates in photographs, in folders of them, and in videos."
    # Nothing of the server is needed: reading must work on a box that has no database.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="photograph, folder or video")
        parser.add_argument("--json", action="store_true", help="one JSON object per line")
        parser.add_argument(
            "--threads", type=int, default=_cores(), help="cores to use (default: %(default)s)"
        )
        parser.add_argument(
            "--home",
            default="",
            metavar="GB,IE",
            help="countries whose plate formats go first: they tell O from 0 and I from 1",
        )

        parser.add_argument(
            "--letters",
            choices=[OURS, GENERAL],
            default=OURS,
            help="whose recogniser reads: our own for plates, or PaddleOCR's general one",
        )

    def handle(self, *, paths, threads, home, letters, **options):
        if threads < 1:
            raise CommandError("--threads must be 1 or more", returncode=2)
        home = _countries(home)
        try:
            files = found_in(paths)
        except FileNotFoundError as error:
            raise CommandError(str(error), returncode=2) from error
        if not files:
            self.stderr.write("There are no photographs or videos in these folders.")
            return
        self._show(files, threads, letters, home, json.dumps if options["json"] else _sentence)

    def _show(self, files, threads, letters, home, wording):
        # Slow to import, so it comes after the paths were found good.
        from gates.readers.paddle import Paddle

        reader = Paddle(threads=threads, letters=letters)
        try:
            with _bar() as bar:
                for path, progress in _counted(bar, files):
                    for line in lines(path, reader, progress, home):
                        self.stdout.write(wording(line))
        finally:
            reader.close()


def _countries(said):
    try:
        return home_of(said.replace(",", " ").split())
    except ValueError as error:
        raise CommandError(f"--home: {error}", returncode=2) from error


def _bar():
    """A bar on a terminal's standard error; standard output stays clean."""
    quiet = not sys.stderr.isatty()
    return Progress(console=Console(stderr=True), transient=True, disable=quiet)


def _counted(bar, files):
    """Each file, with what moves the bar on while it is read: a long video takes its time."""
    task = bar.add_task("Reading", total=len(files))
    for number, path in enumerate(files):
        yield path, lambda share, done=number: bar.update(task, completed=done + share)
        bar.update(task, completed=number + 1)


def _cores():
    return min(os.cpu_count() or 1, 4)


def _sentence(line):
    if "error" in line:
        return f"{line['file']}: {line['error']}"
    when = f" {line['from']} to {line['to']} s" if "vehicle" in line else ""
    return f"{line['file']}{when}: {', '.join(map(_said, line['reads'])) or 'no plate'}"


def _said(read):
    sure = "" if read["confidence"] is None else f" {read['confidence']:.0%}"
    return f"{read['plate']}{sure}{'' if read['accepted'] else ' (doubtful)'}"
