"""The list with which a lane decides alone: who has a permit, is blocked, has paid. Kept on disk."""

import json
import zoneinfo
from datetime import UTC, datetime

import structlog

from gates.lane.disk import write_whole
from gates.rules.alone import Span
from parking.rules.permits import hours_recalled

log = structlog.get_logger()


class AllowList:
    """The newest list of the server; empty before the first one came. Swapped whole or not at all."""

    def __init__(self, path):
        self.path = path
        self.version = None
        self.permits = self.blocked = self.settled = ()
        try:
            self._take(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as fault:
            log.warning("the kept list cannot be read: none until the server sends one", why=fault)

    def replace(self, said):
        """Take the server's answer to `GET list`. Raises ValueError where it is not a whole list."""
        self._take(said)
        write_whole(self.path, json.dumps(said).encode())

    def _take(self, said):
        try:
            version = said["version"]
            permits = _spans(said["permits"], "ends_at") + _scheduled(said)
            blocked = _spans(said["blocked"], "ends_at")
            settled = _spans(said["settled"], "until")
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError(f"the list lacks {fault}") from fault
        if not isinstance(version, str) or not version:
            raise ValueError("the list has no version")
        self.version = version
        self.permits, self.blocked, self.settled = permits, blocked, settled


def _spans(rows, end):
    return tuple(
        Span(str(row["plate"]), _moment(row.get("starts_at")), _moment(row[end])) for row in rows
    )


def _scheduled(said):
    """Permits with hours: none from a server of before there were any, and none on a lane box that
    does not know the zone, for it could not say what time it is there."""
    rows = said.get("scheduled", ())
    if not rows:
        return ()
    try:
        zone = zoneinfo.ZoneInfo(str(said["timezone"]))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as fault:
        log.warning("permits with hours are left out: install tzdata on this lane", why=str(fault))
        return ()
    return tuple(
        Span(
            str(row["plate"]),
            _moment(row["starts_at"]),
            _moment(row["ends_at"]),
            hours_recalled(row["hours"]),
            zone,
        )
        for row in rows
    )


def _moment(text):
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
