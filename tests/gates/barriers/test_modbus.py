"""The Modbus relay against pymodbus's own server, over TCP on loopback."""

import asyncio
import socket
import threading
import time

import pytest
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from gates.barriers import RelayFailed
from gates.barriers.barrier import Barrier
from gates.barriers.modbus import Modbus

WRITE_COIL = 5


class Board:
    """A relay board: four coils, four inputs of which the second is active, and its own log."""

    def __init__(self, port):
        self.port, self.log = port, []
        self.deaf = 0.0  # seconds that it thinks before it obeys
        self.stubborn = self.refuses = False
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._up.wait(5)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self):
        coils = [SimData(0, values=[False] * 4, datatype=DataType.BITS)]
        inputs = [SimData(0, values=[False, True, False, False], datatype=DataType.BITS)]
        words = [SimData(0, count=2, values=0, datatype=DataType.REGISTERS)]
        device = SimDevice(1, (coils, inputs, words, words), action=self._act)
        self._server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        await self._server.serve_forever(background=True)
        self._up.set()
        await self._server.serving

    async def _act(self, function, start, address, count, now, wanted):
        if wanted is None:
            return None
        await asyncio.sleep(self.deaf)
        if self.refuses:
            return ExcCodes.ILLEGAL_ADDRESS
        self.log.append((address, bool(wanted[0])))
        if self.stubborn:
            wanted[0] = now[0]
        return None

    def close(self):
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(5)
        self._thread.join(5)


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def board(port):
    board = Board(port)
    yield board
    board.close()


@pytest.fixture
def relay(board):
    relay = Modbus(host="127.0.0.1", port=board.port, timeout=0.3)
    yield relay
    relay.close()


def test_a_pulse_is_on_and_off(board, relay):
    barrier = Barrier(relay, output=2, pulse=0.1)
    began = time.monotonic()
    barrier.pulse()
    assert time.monotonic() - began >= 0.1
    assert board.log == [(2, True), (2, False)]
    assert barrier.health == "ok"


def test_an_inverted_output_is_on_at_rest(board, relay):
    Barrier(relay, output=1, pulse=0.05, inverted=True).pulse()
    assert board.log == [(1, False), (1, True)]


def test_held_open_until_released(board, relay):
    barrier = Barrier(relay, pulse=0.05)
    barrier.hold()
    barrier.pulse()
    assert board.log == [(0, True)]
    barrier.release()
    assert board.log == [(0, True), (0, False)]


def test_inputs_are_read(relay):
    assert (relay.read(0), relay.read(1)) == (False, True)
    assert Barrier(relay, loop_input=1).loop()


def test_no_board_is_a_sentence(port):
    barrier = Barrier(Modbus(host="127.0.0.1", port=port, timeout=0.2), pulse=0.05)
    with pytest.raises(RelayFailed, match=f"the relay 127.0.0.1:{port} does not answer"):
        barrier.pulse()
    assert barrier.health.startswith(f"the relay 127.0.0.1:{port} does not answer")


def test_a_slow_board_gets_each_command_once_and_ends_at_rest(board, relay):
    board.deaf = 0.5
    barrier = Barrier(relay, pulse=0.05)
    with pytest.raises(RelayFailed, match="does not answer"):
        barrier.pulse()
    board.deaf = 0.0
    time.sleep(0.6)  # what it had not answered to, it now does
    barrier.check()
    assert [on for _, on in board.log].count(True) == 1
    assert board.log[-1] == (0, False)
    assert barrier.health == "ok"


def test_a_board_that_does_not_obey_is_a_sentence(board, relay):
    board.stubborn = True
    with pytest.raises(RelayFailed, match="its output 0 stays off: look for a second master"):
        relay.write(0, True)


def test_an_output_that_does_not_exist_is_a_sentence(board, relay):
    board.refuses = True
    with pytest.raises(RelayFailed, match="check 'unit', 'output'"):
        relay.write(0, True)


def test_a_sign_of_life_comes_back_with_the_board(port):
    barrier = Barrier(Modbus(host="127.0.0.1", port=port, timeout=0.2))
    barrier.check()
    assert "does not answer" in barrier.health
    board = Board(port)
    barrier.check()
    assert barrier.health == "ok"
    barrier.close()
    board.close()


@pytest.mark.parametrize("options", [{}, {"host": "a", "serial": "/dev/ttyUSB0"}])
def test_one_way_to_the_board(options):
    with pytest.raises(ValueError, match="either 'host'"):
        Modbus(**options)
