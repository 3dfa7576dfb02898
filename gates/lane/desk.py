"""The desk: where the lane asks the server. Every question has a deadline for the whole answer.

The requests run in one asyncio loop in a thread of its own, because only there can a request be
cancelled as a whole: a timeout per socket operation never ends with a server that drips bytes.
"""

import asyncio
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from gates.rules.decisions import Decision

VERSION = "0.1.0"
LONGEST_ANSWER = 32_000_000  # bytes; a list of 100,000 permits has about 12 MB
LEAST_WAIT, MOST_WAIT = 0.2, 30.0  # bounds in seconds for the server's ask_again_after
ASK_AGAIN = 1.0


class NoAnswer(Exception):  # noqa: N818 - said as it is: no answer came
    """The server gave no usable answer; the text says why. `status`: what HTTP said, if anything."""

    def __init__(self, text, status=None):
        super().__init__(text)
        self.status = status

    @property
    def final(self):
        """Would the same question never get a better answer?"""
        passing = (401, 403, 404, 408, 425, 429)
        return self.status is not None and 400 <= self.status < 500 and self.status not in passing


@dataclass(frozen=True)
class DeskAnswer:
    """The server's answer to an arrival."""

    decision: Decision
    reason: str
    ask_again_after: float


class Breaker:
    """After `limit` failures in a row nobody asks for `rest` seconds, so that no car waits in vain."""

    def __init__(self, limit=3, rest=5.0):
        self.limit, self.rest = limit, rest
        self.failures, self.failed_at = 0, 0.0

    def allows(self, now):
        return self.failures < self.limit or now - self.failed_at >= self.rest

    def failed(self, now):
        self.failures, self.failed_at = self.failures + 1, now

    def worked(self):
        self.failures = 0


class Desk:
    """The server's lane API. Every method raises `NoAnswer`, at the latest when its deadline ends."""

    def __init__(self, server, key, deadline=1.0, transport=None):
        self.base = server.rstrip("/") + "/api/v1/lane/"
        self.key, self.deadline, self.transport = key, deadline, transport
        self.breaker = Breaker()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="desk", daemon=True)
        self._thread.start()
        self._client = asyncio.run_coroutine_threadsafe(self._connected(), self._loop).result()

    def ask(self, arrival):
        """Ask for a vehicle; `arrival` is the body of POST arrivals. Returns a `DeskAnswer`."""
        if not self.breaker.allows(time.monotonic()):
            raise NoAnswer("the server has not answered lately: not asked this time")
        try:
            answer = answer_from(self._json("POST", "arrivals", self.deadline, body=arrival))
        except NoAnswer:
            self.breaker.failed(time.monotonic())
            raise
        if answer is None:
            self.breaker.failed(time.monotonic())
            raise NoAnswer("the server's answer to an arrival is not what the lane API says")
        self.breaker.worked()
        return answer

    def beat(self, body):
        """Give a sign of life; returns the server's answer, a dict with `now` and `orders`."""
        said = self._json("POST", "beat", max(self.deadline, 2.0), body=body)
        if not isinstance(said, dict) or not isinstance(said.get("orders"), list):
            raise NoAnswer("the server's answer to a beat is not what the lane API says")
        return said

    def tell(self, events):
        """Deliver events (dicts); returns the set of ids that the server says it has stored."""
        said = self._json("POST", "events", 10.0, body={"events": events})
        if not isinstance(said, dict) or not isinstance(said.get("stored"), list):
            raise NoAnswer("the server's answer to events is not what the lane API says")
        return {str(each) for each in said["stored"]}

    def send_picture(self, passage, kind, jpeg):
        self._request("PUT", f"passages/{passage}/pictures/{kind}", 20.0, jpeg=jpeg)

    def list(self, have):
        """The list for deciding alone, or None when the version `have` is still current."""
        query = f"list?have={quote(have)}" if have else "list"
        status, kind, content = self._request("GET", query, 20.0)
        return None if status == 204 else parsed(kind, content)

    def close(self):
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(2)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)

    async def _connected(self):
        headers = {"Authorization": f"Lane {self.key}", "User-Agent": f"ticketless-lane/{VERSION}"}
        return httpx.AsyncClient(
            headers=headers, timeout=30.0, follow_redirects=False, transport=self.transport
        )

    def _json(self, method, path, deadline, body=None):
        _, kind, content = self._request(method, path, deadline, body=body)
        return parsed(kind, content)

    def _request(self, method, path, deadline, body=None, jpeg=None):
        asked = self._fetch(method, path, deadline, body, jpeg)
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result()

    async def _fetch(self, method, path, deadline, body, jpeg):
        content = {"json": body} if body is not None else {}
        if jpeg is not None:
            content = {"content": jpeg, "headers": {"Content-Type": "image/jpeg"}}
        try:
            async with asyncio.timeout(deadline):
                return await self._exchange(method, path, content)
        except TimeoutError:
            raise NoAnswer(f"no answer from {self.base} within {deadline:g} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise NoAnswer(f"{self.base} cannot be reached: {fault or type(fault)}") from fault

    async def _exchange(self, method, path, content):
        async with self._client.stream(method, self.base + path, **content) as answer:
            received = bytearray()
            async for piece in answer.aiter_bytes():
                received += piece
                if len(received) > LONGEST_ANSWER:
                    raise NoAnswer("the server's answer is too long")
        if not 200 <= answer.status_code < 300:
            raise NoAnswer(
                f"the server said {answer.status_code}: {sentence(bytes(received))}",
                answer.status_code,
            )
        return answer.status_code, answer.headers.get("Content-Type", ""), bytes(received)


def parsed(kind, content):
    """The JSON of an answer. A page from a hotel's login portal is no answer: `NoAnswer`."""
    if "json" not in kind:
        raise NoAnswer(
            f"the answer is {kind or 'of no type'}, not JSON: something stands in between"
        )
    try:
        return json.loads(content)
    except ValueError:
        raise NoAnswer("the answer is not whole JSON") from None


def sentence(content):
    """The `error` sentence of a refusal, else its first words."""
    try:
        return str(json.loads(content)["error"])[:300]
    except (ValueError, KeyError, TypeError):
        return content[:80].decode(errors="replace") or "nothing"


def answer_from(said):
    """A `DeskAnswer` from the JSON of POST arrivals, or None where it is not what was agreed."""
    if not isinstance(said, dict) or not isinstance(said.get("reason"), str):
        return None
    if said.get("decision") not in list(Decision):
        return None
    wait = said.get("ask_again_after")
    if wait is None:
        wait = ASK_AGAIN
    if isinstance(wait, bool) or not isinstance(wait, int | float) or wait != wait:
        return None
    bounded = min(max(float(wait), LEAST_WAIT), MOST_WAIT)
    return DeskAnswer(Decision(said["decision"]), said["reason"], bounded)
