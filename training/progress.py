"""A bar on standard error."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class Bar:
    """Called with how many plates are done and, while learning, with the loss and plates a second."""

    def __init__(self, what, total):
        self._progress = Progress(
            TextColumn(what),
            BarColumn(),
            TextColumn("{task.completed} of {task.total}"),
            TextColumn("{task.fields[how]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task(what, total=total, how="")

    def __enter__(self):
        self._progress.start()
        return self

    def __exit__(self, *_):
        self._progress.stop()

    def __call__(self, done, loss=None, a_second=None):
        how = "" if loss is None else f"loss {loss:.3f}, {a_second:.0f} a second"
        self._progress.update(self._task, completed=done, how=how)
