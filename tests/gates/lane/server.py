"""A small server that speaks the lane API over real HTTP, and misbehaves when it is told to."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTAL = b"<html><body>Welcome to the hotel's network</body></html>"


class Desk:
    """What the lane has said, and what it is answered. `mode` is ok, html, broken, drip or silent,
    or a status such as 500 or 401 for every answer."""

    def __init__(self):
        self.mode = "ok"
        self.decision, self.reason = "open", "visitor"
        self.again = 0.2
        self.list = {"version": "v1", "permits": [], "blocked": [], "settled": []}
        self.orders = []
        self.poisoned = set()  # kinds of events that are refused with 400
        self.arrivals, self.events, self.pictures, self.beats, self.told = [], {}, {}, [], []

    def answer(self, method, path, body):
        """(status, what to say) for a request."""
        name = path.split("?")[0].removeprefix("/api/v1/lane/")
        if name.startswith("passages/"):
            self.pictures[tuple(name.split("/")[1::2])] = body
            return 201, {}
        said = json.loads(body) if body else {}
        return {
            "arrivals": self.arrive,
            "events": self.store,
            "beat": self.beat,
            "list": lambda _: (200, self.list),
        }[name](said)

    def arrive(self, said):
        self.arrivals.append(said)
        return 200, {
            "passage": said["passage"],
            "decision": self.decision,
            "reason": self.reason,
            "ask_again_after": None if self.decision == "open" else self.again,
        }

    def store(self, said):
        if any(each["kind"] in self.poisoned for each in said["events"]):
            return 400, {"error": "This event cannot be stored: its kind is not known."}
        for each in said["events"]:
            self.told.append(each)
            self.events.setdefault(each["id"], each)
        return 200, {"stored": [each["id"] for each in said["events"]]}

    def beat(self, said):
        self.beats.append(said)
        now = time.time()
        orders = [
            {**order, "expires_at": moment(now + order["expires_in"])} for order in self.orders
        ]
        return 200, {"now": moment(now), "orders": orders, "list_version": self.list["version"]}

    def kinds(self):
        """The kinds of all events stored, in the order in which they came."""
        return [event["kind"] for event in self.events.values()]

    def of_kind(self, kind):
        return [event for event in self.events.values() if event["kind"] == kind]


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


class Line(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        desk = self.server.desk
        if self.server.closed.is_set():  # a dead server answers on no connection, old or new
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if desk.mode == "silent":
            self.server.closed.wait(10)
            self.close_connection = True
        elif desk.mode == "drip":
            self.drip()
        elif desk.mode == "html":
            self.say(200, "text/html", PORTAL)
        elif desk.mode == "broken":
            self.say(200, "application/json", b'{"decision": "op')
        elif isinstance(desk.mode, int):
            self.say(desk.mode, "application/json", b'{"error": "Not now, please."}')
        else:
            status, said = desk.answer(self.command, self.path, body)
            self.say(status, "application/json", json.dumps(said).encode())

    do_GET = do_PUT = do_POST  # noqa: N815 - the names that http.server calls

    def say(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drip(self):
        """One byte after the other, each in time for any timeout of a single read."""
        self.close_connection = True
        try:
            for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" * 9:
                self.wfile.write(bytes([byte]))
                if self.server.closed.wait(0.1):
                    return
        except OSError:
            return

    def log_message(self, *_):
        """Tests are quiet."""


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        """A lane that hangs up at its deadline is no error here."""


@contextmanager
def serving(desk, port=0):
    """Serves on loopback; gives the address."""
    server = Quiet(("127.0.0.1", port), Line)
    server.desk = desk
    server.closed = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()
