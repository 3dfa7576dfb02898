"""Builds the demo's car park, starts its processes, and plays: the story once, or traffic for ever."""

import sys
import time
from datetime import timedelta

import httpx
from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from billing.explain import check
from gates import displays
from gates.demo import park, story
from gates.demo.browser import NoSuchForm
from gates.demo.people import pay
from gates.demo.stage import Stage
from gates.demo.telling import Stuck, Telling
from gates.demo.traffic import Traffic
from gates.models import Lane

STARTS_WITHIN = 60.0  # seconds; a small machine loads the reader's weights once for each lane
HURRY = 2.0  # the story's cars drive this much faster than life
WIDE = 130  # columns of the table where the output is no terminal

RUN_LANES = {"north-entry": "in", "south-exit": "out"}
RUN_PLACES = 8
RUN_PERMITS = ("LM68EPC", "EV17CDN", "RK20WHZ")

BLOCK = """\

  Ticketless demo: two lanes with drawn cars. Ctrl-C ends it; every start begins afresh.

  Control room  {server}/
                sign in as {user}, password {password}
  Pay page      {server}/pay/{slug}/
                30 s are free, then 1.00 for each minute begun; no real money moves
  Exit's screen {screen}
  Logs          {logs}/

"""


def once(crew):
    """Play the story; returns the exit status: 0 when every vehicle met what it should."""
    out, began = console(), time.monotonic()
    site = park.Site(settings.VAR, settings.BASE_URL, pace=HURRY)
    car_park = park.make_car_park(places=story.PLACES, free=story.FREE, step=story.STEP)
    for name in story.PERMITS:
        park.permit(car_park, story.VEHICLES[name].plate, story.VEHICLES[name].story)
    for name in story.BLOCKED:
        park.block(car_park, story.VEHICLES[name].plate, "stole from a shop here")
    start(crew, car_park, site, story.LANES, out)
    telling = Telling(car_park, site, Stage(site.scenes), crew, park.make_operator())
    stuck = tell(telling, out)
    wrong = show(telling.outcome(), out)
    receipts = check()
    out.print(f"{receipts.sentence}.")
    out.print(f"{time.monotonic() - began:.0f} seconds.", end=" ")
    if receipts.differences:
        out.print("Some receipts do not follow from their facts: manage.py receipts --check")
        return 1
    if not (stuck or wrong):
        out.print("Every vehicle met what it should.")
        return 0
    out.print(f"{wrong} of {len(story.VEHICLES)} met something else; the logs: {site.logs}")
    return 1


def tell(telling, out):
    """Play the chapters; returns whether the story got stuck."""
    try:
        telling.play(out.print)
    except Stuck as stuck:
        out.print(str(stuck))
        return True
    return False


def show(found, out):
    """Print the table; returns how many vehicles met something else."""
    table = Table(show_lines=True, header_style="bold")
    for title in ("Vehicle", "Story", "Should meet", "Met", ""):
        table.add_column(title)
    wrong = 0
    for name, vehicle in story.VEHICLES.items():
        right = found[name] == list(vehicle.should)
        wrong += not right
        mark = "[green]yes[/]" if right else "[bold red]NO[/]"
        lines = "\n".join(vehicle.should), "\n".join(found[name])
        table.add_row(vehicle.plate, vehicle.story, *lines, mark)
    out.print(table)
    return wrong


def run(crew):
    """Traffic until somebody ends it."""
    out = console()
    site = park.Site(settings.VAR, settings.BASE_URL)
    car_park = park.make_car_park(
        places=RUN_PLACES, free=timedelta(seconds=30), step=timedelta(minutes=1)
    )
    for plate in RUN_PERMITS:
        park.permit(car_park, plate, f"Resident {plate}")
    password = park.make_operator()
    start(crew, car_park, site, RUN_LANES, out)
    sys.stdout.write(block(site, password))
    say = Commentary(out)
    traffic = Traffic(Stage(site.scenes), Phone(site.server, say), say, permits=RUN_PERMITS)
    while True:
        crew.check()
        traffic.step(timezone.now())
        time.sleep(1)


def block(site, password):
    """Where to look, for the person at the terminal."""
    exit_lane = Lane.objects.filter(direction=Lane.Direction.OUT).first()
    return BLOCK.format(
        server=site.server,
        user=park.OPERATOR,
        password=password,
        slug=park.SLUG,
        screen=displays.address(exit_lane),
        logs=site.logs,
    )


class Commentary:
    """Says what happens, with the time."""

    def __init__(self, out):
        self.out = out

    def __call__(self, line):
        self.out.print(f"  {timezone.localtime():%H:%M:%S}  {line}", highlight=False)


class Phone:
    """Drivers' phones: paying may fail, as in life, and then somebody else has to help."""

    def __init__(self, server, say):
        self.server, self.say = server, say

    def __call__(self, plate):
        try:
            pay(self.server, plate)
            self.say(f"{plate} paid on the phone")
        except NoSuchForm:
            self.say(f"{plate} found nothing to pay")
        except httpx.HTTPError as fault:
            self.say(f"{plate} could not pay: {str(fault).partition(chr(10))[0]}")


def start(crew, car_park, site, lanes, out):
    """Start the web server and a lane worker for each of `lanes` (name -> direction)."""
    out.print("Starting the web server and the lanes ...")
    address = site.server.removeprefix("http://")
    python = (sys.executable, "-m")
    serve = ("gunicorn", "config.wsgi", "--threads", "8", "--no-control-socket")
    crew.start("web", *python, *serve, "--bind", address)
    _take_cards(crew, site, python)
    for name, direction in lanes.items():
        lane_file = park.make_lane(car_park, site, name, direction)
        crew.start(name, *python, "gates.lane", str(lane_file))
    crew.wait("web", lambda: answers(site.server), STARTS_WITHIN)
    for name in lanes:
        crew.wait(name, lambda name=name: is_ready(crew, site, name), STARTS_WITHIN)


def _take_cards(crew, site, python):
    """The card company's part, played by a program on this machine, and the look at what it told."""
    port, webhook = settings.STRIPE_API.rpartition(":")[2], f"{site.server}/webhooks/stripe/"
    double = ("billing.providers.double", "--port", port, "--webhook", webhook)
    crew.start("card-company", *python, *double)
    crew.wait("card-company", lambda: crew.says("card-company", "http"), STARTS_WITHIN)
    crew.start("reconcile", sys.executable, "manage.py", "reconcile", "--every", "300")


def is_ready(crew, site, name):
    """A lane is ready for its first car when it works and knows what its empty road looks like."""
    return crew.says(name, f"{name}: ready") and (site.state(name) / "road.png").exists()


def answers(server):
    try:
        return httpx.get(f"{server}/pay/{park.SLUG}/", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def console():
    sized = {} if sys.stdout.isatty() else {"width": WIDE}
    return Console(**sized, highlight=False)
