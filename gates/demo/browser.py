"""A browser without a screen: fetches pages, fills in their forms, sends them, as a phone would."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

BOXES = ("checkbox", "radio")


class NoSuchForm(LookupError):  # noqa: N818 - said as a visitor would
    """The page has no form with this field; the message says which forms it has."""


class Form:
    """One form of a page: where it goes, and what its fields hold before anybody types."""

    def __init__(self, action, method):
        self.action, self.method = action, method.lower()
        self.fields = {}


class Forms(HTMLParser):
    """All forms of a page, in `forms`."""

    def __init__(self, html):
        super().__init__()
        self.forms = []
        self.open = None
        self.select = None
        self.feed(html)

    def handle_starttag(self, tag, pairs):
        said = dict(pairs)
        if tag == "form":
            self.open = Form(said.get("action") or "", said.get("method") or "get")
            self.forms.append(self.open)
        elif self.open is not None and tag in ("input", "select", "textarea", "button"):
            self._field(tag, said)
        elif tag == "option" and self.select and "selected" in said:
            self.open.fields[self.select] = said.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = None

    def _field(self, tag, said):
        name, kind = said.get("name"), said.get("type", "text")
        if not name:
            return
        if tag == "select":
            self.select = name
        # A button or an unticked box is sent only when somebody presses or ticks it.
        if tag == "button" or kind == "submit" or (kind in BOXES and "checked" not in said):
            return
        self.open.fields[name] = said.get("value") or ("on" if kind in BOXES else "")


class Browser:
    """Keeps cookies and the page it is on: `page` (httpx.Response)."""

    def __init__(self, base):
        self.client = httpx.Client(base_url=base, follow_redirects=True, timeout=20)
        self.page = None

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.client.close()

    def go(self, address):
        """Fetch a page. Raises httpx.HTTPStatusError for an error page."""
        self.page = self.client.get(address).raise_for_status()
        return self.page

    def send(self, field, **typed):
        """Fill in the page's form that has this field (or leads to this address) and send it."""
        form = self._form(field)
        address = urljoin(str(self.page.url), form.action)
        filled = {**form.fields, **typed}
        sent = {"data": filled} if form.method == "post" else {"params": filled}
        self.page = self.client.request(form.method, address, **sent).raise_for_status()
        return self.page

    def _form(self, field):
        forms = Forms(self.page.text).forms
        for form in forms:
            if field in form.fields or field in form.action:
                return form
        known = "; ".join(f"{form.action}: {', '.join(form.fields)}" for form in forms) or "none"
        raise NoSuchForm(f"{self.page.url} has no form with '{field}'; there are: {known}")
