"""The demo's browser against a small web server of its own."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from gates.demo.browser import Browser, Forms, NoSuchForm

PAGE = """
<form action="/search"><input name="q"></form>
<form method="post" action="pay?x=1">
  <input type="hidden" name="csrf" value="t0ken"><input name="plate">
  <input type="checkbox" name="receipt" checked><input type="checkbox" name="adverts">
  <select name="how"><option value="card">Card<option value="cash" selected>Cash</select>
  <textarea name="note"></textarea><button name="go" value="1">Pay</button>
</form>
"""


class Till(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Set-Cookie", "phone=7")
        self.end_headers()
        self.wfile.write(PAGE.encode() if self.path == "/kiosk/" else self.path.encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told = self.path, parse_qs(body), self.headers["Cookie"]
        self.send_response(303)
        self.send_header("Location", "/receipt")
        self.end_headers()

    def log_message(self, *words):
        """Not a word on the tests' terminal."""


@pytest.fixture
def till():
    with HTTPServer(("127.0.0.1", 0), Till) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def browser(till):
    with Browser(f"http://127.0.0.1:{till.server_port}") as one:
        one.go("/kiosk/")
        yield one


def test_a_form_is_sent_as_a_phone_would(till, browser):
    browser.send("plate", plate="AB12CDE")
    address, fields, cookie = till.told
    assert address == "/kiosk/pay?x=1"
    assert fields == {"csrf": ["t0ken"], "plate": ["AB12CDE"], "receipt": ["on"], "how": ["cash"]}
    assert cookie == "phone=7"
    assert browser.page.text == "/receipt"


def test_a_get_form_goes_into_the_address(browser):
    assert browser.send("q", q="a b").text == "/search?q=a+b"


def test_a_missing_form_names_those_that_are_there(browser):
    with pytest.raises(NoSuchForm, match="no form with 'card'; there are: /search: q; pay"):
        browser.send("card")


def test_unticked_boxes_and_buttons_are_not_sent():
    fields = Forms(PAGE).forms[1].fields
    assert fields == {"csrf": "t0ken", "plate": "", "receipt": "on", "how": "cash", "note": ""}
