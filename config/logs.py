"""What the server's log keeps to itself: the address of a driver's page opens that page to whoever has it."""

import logging
import re

# What follows these is a signed link, a receipt's number, a voucher's code or the name of a lane's display.
OPENED_BY_ADDRESS = ("pay", "receipt", "voucher", "card", "autopay", "shop", "display")
ADDRESS = re.compile(rf"/({'|'.join(OPENED_BY_ADDRESS)})/[^\s\"']+")


class WithoutKeys(logging.Formatter):
    """Shortens such an address to its first word, wherever it stands in a line or in a traceback."""

    def format(self, record):
        return ADDRESS.sub(r"/\1/...", super().format(record))
