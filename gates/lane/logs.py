"""The lane's log: one line per fact on stderr, with plates masked unless the lane file says otherwise."""

import logging
import sys

import structlog


def masked(plate):
    """The first half of a plate (four characters at most), the rest as stars."""
    shown = min(4, len(plate) // 2)
    return plate[:shown] + "*" * (len(plate) - shown)


def mask_plates(logger, method, line):
    """A structlog processor: hides the value of `plate`."""
    if isinstance(line.get("plate"), str):
        line["plate"] = masked(line["plate"])
    return line


def set_up(lane, logs):
    """Configure the process's log once; `logs` is the table [logs] of the lane file."""
    level = logging.getLevelNamesMapping()[logs.level.upper()]
    # Other people's libraries may write addresses and whole answers: only what goes wrong.
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format=f"{lane}: %(message)s")
    logging.getLogger("gates").setLevel(level)
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *([mask_plates] if logs.plates == "masked" else []),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "lane", "event"], drop_missing=True
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
