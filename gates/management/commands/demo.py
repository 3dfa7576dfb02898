"""`./run demo`: a car park of its own with drawn cars. `--once` plays a fixed story and checks it."""

import fcntl
import os
import shutil
import signal
import socket
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.utils import get_random_secret_key

from gates.demo.crew import Crew, CrewFault

PORT = 8000
STARTED = "TICKETLESS_DEMO"  # set in the second process, whose settings are the demo's
FOREIGN = ("DATABASE_URL", "SECRET_KEY", "DEBUG", "MEDIA_ROOT", "BEHIND_PROXY", "ALLOWED_HOSTS")


class Command(BaseCommand):
    help = "Start a demo car park with drawn cars; every start begins afresh. Ctrl-C ends it."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="play a fixed story and check it")
        parser.add_argument("--port", type=int, help=f"the web server's; otherwise {PORT}")

    def handle(self, *, once, port, **options):
        if STARTED not in os.environ:
            begin_afresh(port or (free_port() if once else PORT))
        os.chdir(settings.BASE_DIR)
        end_on_signals()
        call_command("migrate", verbosity=0)
        # Only now: what the play needs (OpenCV, rich) takes a moment to import.
        from gates.demo import performance

        with Crew(settings.VAR / "logs") as crew:
            try:
                status = performance.once(crew) if once else performance.run(crew)
            except CrewFault as fault:
                raise CommandError(str(fault)) from fault
        sys.exit(status)


def begin_afresh(port):
    """Clear the last demo away and start this process again with the demo's own settings."""
    folder = settings.VAR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    hold_lock(folder.with_suffix(".lock"))
    refuse_used(port)
    shutil.rmtree(folder)
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    own = {
        STARTED: "1",
        "TICKETLESS_VAR": str(folder),
        "BASE_URL": f"http://127.0.0.1:{port}",
        # A double of Stripe, so that the demo pays as a car park would; no key of yours is used.
        "PAYMENT_PROVIDER": "stripe",
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_WEBHOOK_SECRET": get_random_secret_key(),
        "STRIPE_API": f"http://127.0.0.1:{free_port()}",
    }
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**kept, **own})  # noqa: S606


def hold_lock(path):
    """One demo at a time, for they share a folder; the lock lives as long as this process."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError("A demo is running already: end it first (Ctrl-C there).") from None


def refuse_used(port):
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as fault:
            raise CommandError(
                f"Port {port} cannot be used ({fault}): choose another one, such as --port {port + 1}."
            ) from None


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def end_on_signals():
    """Ctrl-C, SIGTERM and a closed terminal all unwind the stack, so that every child is ended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def end(number, frame):
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)  # impatience must not leave children behind
    sys.exit(128 + number)
