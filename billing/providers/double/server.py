"""The double's HTTP server: the API, the card page, and `/double/...`, which says how it shall behave."""

import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from billing.providers.double import api, page
from billing.providers.double.books import Books, Refusal
from billing.providers.double.letters import Letters, Ways

STYLE = Path(__file__).resolve().parents[3] / "static" / "ticketless.css"
LONGEST = 1_000_000  # bytes of a request
FAULTS = {"429", "500", "slow", "lost", "away"}  # what `/double/faults` may ask for


class Double(ThreadingHTTPServer):
    """`webhook`: where events are sent, with `secret`; no address: they are only listed."""

    daemon_threads = True
    request_queue_size = 200

    def __init__(self, port, webhook, secret):
        super().__init__(("127.0.0.1", port), Answer)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.letters = Letters(webhook, secret)
        self.letters.start()
        self.books = Books(self.letters.post)
        self.books.refunds_go = []  # how the next refunds end: "pending", "failed"; else they succeed
        self.faults = []  # {"kind", "path", "seconds"}: each befalls one request


def unfolded(query):
    """`a[b][0]=c` -> {"a": {"b": {"0": "c"}}}, as Stripe's forms are written."""
    words = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        steps = re.findall(r"[^\[\]]+", name)
        place = words
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    return words


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def log_message(self, *words):
        """Nothing: what is typed on a card page belongs into no log."""

    def _answer(self, method):
        self.asked = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST)
        self.typed = self.rfile.read(length).decode()
        place = self.asked.path.split("/")[1]
        {"v1": self._api, "c": self._card_page, "double": self._told_how}.get(place, self._other)(
            method
        )

    # The API

    def _api(self, method):
        fault = self._fault()
        if fault.get("kind") == "away":
            return self._hang_up()
        key = self.headers.get("Idempotency-Key", "")
        try:
            self._known()
            self._befall(fault)
            status, body, replayed = self._act(method, key)
        except Refusal as refusal:
            return self._json(refusal.status, refusal.body)
        if fault.get("kind") == "lost":
            return self._hang_up()
        return self._json(status, body, {"Idempotent-Replayed": "true"} if replayed else {})

    def _act(self, method, key):
        books = self.server.books
        act, names = api.route(method, self.asked.path)
        words = unfolded(self.typed if method == "POST" else self.asked.query)
        books.begin(key)
        try:
            with books.lock:
                work = lambda: act(books, words, self.server.base, *names)  # noqa: E731
                return books.once(key, [self.asked.path, words], work)
        finally:
            books.end(key)

    def _known(self):
        """Only practice keys: nobody shall give this program a real one."""
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not key.startswith("sk_test_"):
            raise Refusal(401, "Invalid API Key provided. This double takes sk_test_... only.")

    def _fault(self):
        with self.server.books.lock:
            for place, fault in enumerate(self.server.faults):
                if self.asked.path.startswith(fault.get("path", "/v1")):
                    return self.server.faults.pop(place)
        return {}

    def _befall(self, fault):
        if fault.get("kind") == "429":
            raise Refusal(429, "Too many requests hit the API too quickly.", code="rate_limit")
        if fault.get("kind") == "500":
            raise Refusal(500, "An unknown error occurred.", "api_error")
        if fault.get("kind") == "slow":
            time.sleep(fault["seconds"])

    def _hang_up(self):
        self.close_connection = True

    # The card page

    def _card_page(self, method):
        name = self.asked.path.rpartition("/")[2]
        books = self.server.books
        with books.lock:
            try:
                session = books.get(name, "checkout.session")
            except Refusal:
                return self._send(404, "There is no such page.", "text/plain")
            api.close_when_over(books, session)
            if method == "GET" or session["status"] != "open":
                return self._html(session, status=200 if session["status"] == "open" else 410)
            return self._pressed(session, unfolded(self.typed))

    def _pressed(self, session, typed):
        if "decline" in typed:
            return self._html(session, "The card was declined. Nothing was paid.", 402)
        try:
            api.pay_session(self.server.books, session, typed.get("number", "").replace(" ", ""))
        except Refusal as refusal:
            return self._html(session, f"{refusal} Nothing was paid.", 402)
        return self._send(303, "", "text/plain", {"Location": session["success_url"]})

    def _html(self, session, problem="", status=200):
        return self._send(status, page.shown(session, problem), "text/html; charset=utf-8")

    # How it shall behave

    def _told_how(self, method):
        wish = self.asked.path.removeprefix("/double/")
        told = json.loads(self.typed or "{}")
        books, letters = self.server.books, self.server.letters
        with books.lock:
            if wish == "faults":
                self.server.faults += told
            elif wish == "webhooks":
                letters.ways = Ways(**told)
            elif wish == "refunds":
                books.refunds_go += told
            elif wish == "keys/forget":
                books.forget_keys()
            elif wish == "refund/fail":
                api.fail_refund(books, books.get(told["id"], "refund"))
            elif wish == "events":
                after = int(dict(parse_qsl(self.asked.query)).get("after", 0))
                return self._json(200, {"events": books.events[after:]})
        return self._json(200, {"money": self._money(), "by_checkout": self._by_checkout()})

    def _money(self):
        """What this double holds, for whoever checks the books: taken less given back."""
        return sum(
            one["amount_received"] - one["amount_refunded"]
            for one in self.server.books.of("payment_intent")
        )

    def _by_checkout(self):
        """The same for each name that a car park gave to what it wanted paid."""
        held = {}
        for one in self.server.books.of("payment_intent"):
            name = one["metadata"].get("checkout", "")
            held[name] = held.get(name, 0) + one["amount_received"] - one["amount_refunded"]
        return held

    def _other(self, method):
        if self.asked.path == "/style.css":
            return self._send(200, STYLE.read_text(), "text/css")
        return self._send(404, "There is nothing here.", "text/plain")

    def _json(self, status, body, headers=None):
        self._send(status, json.dumps(body), "application/json", headers)

    def _send(self, status, text, kind, headers=None):
        body = text.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Request-Id": "req_double",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
