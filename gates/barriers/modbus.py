"""The relay `modbus`: a board with coils and discrete inputs, over TCP or a serial line."""

import threading
from typing import Literal

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException

from gates.barriers import RelayFailed


class Modbus:
    """A Modbus relay board.

    `host` and `port` for TCP (`framer = "rtu"` for a serial server that passes RTU frames through);
    `serial` (such as "/dev/ttyUSB0") with `baudrate` for a serial line instead. `unit` is the
    board's address. Output 0 is coil 0 and input 0 is discrete input 0, as sent on the wire: what
    a board's manual calls relay 1 or coil 00001.
    """

    def __init__(
        self,
        host: str = "",
        port: int = 502,
        serial: str = "",
        baudrate: int = 9600,
        unit: int = 1,
        timeout: float = 1.0,
        framer: Literal["socket", "rtu"] = "socket",
    ):
        if bool(host) == bool(serial):
            raise ValueError("give either 'host' (TCP) or 'serial' (a serial line).")
        self.name = f"{host}:{port}" if host else serial
        self.unit = unit
        self._one_at_a_time = threading.Lock()
        # No retries: a command that timed out may still run, and would then run twice.
        if host:
            self._client = ModbusTcpClient(
                host, port=port, framer=FramerType(framer), timeout=timeout, retries=0
            )
        else:
            self._client = ModbusSerialClient(
                serial, baudrate=baudrate, framer=FramerType.RTU, timeout=timeout, retries=0
            )

    def write(self, output: int, on: bool) -> None:
        self._ask(f"switching output {output}", "write_coil", output, on)
        answer = self._ask(f"reading output {output} back", "read_coils", output, count=1)
        if answer.bits[0] != on:
            raise RelayFailed(
                f"the relay {self.name} took the command but its output {output} stays "
                f"{'off' if on else 'on'}: look for a second master or a board set to another mode."
            )

    def read(self, number: int) -> bool:
        answer = self._ask(f"reading input {number}", "read_discrete_inputs", number, count=1)
        return bool(answer.bits[0])

    def check(self) -> None:
        self._call("asking for a sign of life", "read_coils", 0, count=1)

    def close(self) -> None:
        self._client.close()

    def _ask(self, doing, call, *arguments, **options):
        answer = self._call(doing, call, *arguments, **options)
        if answer.isError():
            raise RelayFailed(
                f"the relay {self.name} refused {doing} ({answer}): check 'unit', 'output' and "
                "'loop_input' against the board's manual."
            )
        return answer

    def _call(self, doing, call, *arguments, **options):
        with self._one_at_a_time:
            try:
                answer = getattr(self._client, call)(*arguments, device_id=self.unit, **options)
            except (ModbusException, OSError) as fault:
                self._client.close()  # a late answer must not be taken for the next one's
                raise RelayFailed(self._silent(doing)) from fault
        return answer

    def _silent(self, doing):
        return (
            f"the relay {self.name} does not answer ({doing}): check its power, its cable, "
            f"'host' or 'serial', and 'unit' {self.unit}."
        )
