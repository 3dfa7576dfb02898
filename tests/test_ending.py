"""A process that is told to end ends, whenever in its life that is."""

import signal
import subprocess
import sys
import time

import pytest

SERVES = (
    "from config.ending import Ending; ending = Ending(); print('ready', flush=True); ending.wait()"
)
AGAIN_AND_AGAIN = """
import os, signal, sys, threading
from config.ending import Ending
sys.setswitchinterval(1e-6)
go = threading.Semaphore(0)

def tell():
    while True:
        go.acquire()
        os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=tell, daemon=True).start()
for _ in range(400):
    ending = Ending()
    go.release()
    assert ending.wait(20)
    assert ending.wait()
print("always")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_the_first_word(number):
    with subprocess.Popen([sys.executable, "-c", SERVES], stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout.readline() == "ready\n"
        one.send_signal(number)
        assert one.wait(20) == 0


def test_no_word_is_lost_whenever_it_comes():
    """A lane that was told to end in the moment in which it began to wait never did."""
    told = [sys.executable, "-c", AGAIN_AND_AGAIN]
    assert subprocess.run(told, capture_output=True, text=True, timeout=60).stdout == "always\n"


def test_untold_it_sleeps_as_long_as_it_was_asked_to():
    serves = "from config.ending import Ending; print(Ending().wait(0.2))"
    began = time.monotonic()
    told = subprocess.run([sys.executable, "-c", serves], capture_output=True, text=True)
    assert told.stdout == "False\n"
    assert time.monotonic() - began >= 0.2
