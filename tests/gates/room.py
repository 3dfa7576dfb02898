"""The control room in a test: people of a role at a browser, and pictures to look at."""

import io

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from gates.models import Passage
from parking.roles import group


def person(role=None, name="ann"):
    someone = User.objects.create_user(name)
    if role:
        someone.groups.add(group(role))
    return someone


def browser(someone=None):
    """A browser; signed in where a person is given."""
    client = Client()
    if someone:
        client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def window(chrome, live_server, someone, width=1440, height=900, colours="light"):
    """A real browser's window of this size, with this person signed in; opens pages (`new_page`)."""
    context = chrome.new_context(
        viewport={"width": width, "height": height},
        color_scheme=colours,
        base_url=live_server.url,
    )
    name = settings.SESSION_COOKIE_NAME
    session = browser(someone).cookies[name].value
    context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    return context


def listening(page, complaints):
    """The page, whose console's complaints are written down; patient with a busy machine."""
    page.set_default_timeout(20_000)
    page.on(
        "console",
        lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def refreshing(client, address, **query):
    """What htmx asks for by itself."""
    return client.get(address, query, headers={"HX-Request": "true"})


def text(response):
    """The page as its source."""
    return response.content.decode()


def jpeg(colour="navy"):
    body = io.BytesIO()
    Image.new("RGB", (64, 32), colour).save(body, "JPEG")
    return body.getvalue()


def held(lane_box, plate="AB12CDE", **more):
    """A vehicle that came to this lane just now; its passage."""
    passage = lane_box.ask(plate, **more).json()["passage"]
    return Passage.objects.get(pk=passage)


def version(response, name):
    """The version that a live part of a page carries, from its address."""
    source = text(response)
    part = source[source.index(f'id="{name}"') :]
    return part[part.index("have=") + len("have=") :].split('"')[0]


def queries(client, address):
    """How many questions this page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
