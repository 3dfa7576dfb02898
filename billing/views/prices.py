"""Prices: their versions, the editor with what it makes of them, and the board that drivers read."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.models import Tariff, WhatIf
from billing.prices import versions, whatif
from billing.prices.preview import (
    ARRIVALS,
    FIRST_ARRIVAL,
    board_of,
    lacking,
    next_midnight,
    shown,
    whole,
)
from billing.prices.sheet import Sheet, changed, flat, posted, typed_of
from billing.rules import words
from billing.rules.beginnings import BEGINNINGS
from billing.templatetags.money import money
from billing.views.driver import at_car_park
from parking.access import may

A_PAGE = 20
TRIED = 5  # what-ifs in the list


@dataclass(frozen=True)
class Row:
    """A version in the list: how it stands, and what it changes of the one before (its number)."""

    version: Tariff
    state: str
    before: int | None
    differences: list


@require_safe
@may("billing.view_tariff")
def prices(request):
    """The versions, the newest start first, each with what it changes."""
    now, car_park = timezone.now(), request.car_park
    found = list(versions.with_stays(car_park))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(version, found, car_park, now) for version in page],
        "page": page,
        "tried": [(run, whatif.told(run)) for run in whatif.of(car_park)[:TRIED]],
        "beginnings": BEGINNINGS.items(),
    }
    return render(request, "billing/prices/list.html", context)


def _row(version, found, car_park, now):
    earlier = versions.before(version, found)
    changes = _differences(earlier, version, car_park) if earlier else []
    return Row(version, versions.state(version, now), earlier and earlier.version, changes)


def _differences(earlier, version, car_park):
    return words.differences(
        earlier.terms, version.terms, lambda amount: money(amount, car_park.currency)
    )


@require_safe
@may("billing.view_tariff")
def version(request, number):
    """One version: its board, its drawing, its checks, and what it changed."""
    now, car_park = timezone.now(), request.car_park
    found = list(versions.with_stays(car_park))
    this = next((one for one in found if one.version == number), None)
    if this is None:
        raise Http404
    row, arrival = _row(this, found, car_park, now), _arrival(request.GET)
    what = shown(car_park, this.terms, arrival, now)
    context = {
        **vars(row),
        "shown": what,
        "hash": board_of(car_park, this.terms).digest,
        "arrivals": ARRIVALS,
        "arrival": arrival,
    }
    return render(request, "billing/prices/version.html", context)


@require_POST
@may("billing.view_tariff", "billing.add_tariff")
def withdraw(request, number):
    """Take back a version that has not begun."""
    now = timezone.now()
    try:
        versions.withdraw(request.car_park, number, by=request.user, now=now)
    except versions.NotMade as why:
        messages.error(request, str(why))
        return redirect("prices")
    messages.success(request, f"Version {number} is withdrawn.")
    return redirect("prices")


# the editor


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.view_tariff", "billing.add_tariff")
def new(request):
    """Build the next version: from the prices in force, a version, a what-if's, or a usual kind."""
    if request.method == "POST":
        return _posted(request)
    document, besides, said = _first(request)
    first = typed_of(document)
    first["basics"].update(
        {"starts_at": next_midnight(request.car_park, timezone.now()), **besides}
    )
    sheet = Sheet(request.car_park.currency, first=first)
    return _edit(request, sheet, document, after=_newest(request), **said)


def _first(request):
    """What the form begins with: terms, what else was typed, and what the page says of that."""
    asked, car_park = request.GET, request.car_park
    if asked.get("like") in BEGINNINGS:
        beginning = BEGINNINGS[asked["like"]]
        return whole(beginning.document), {}, {"like": beginning.name}
    if draft := _number(asked.get("draft", "")):
        run = get_object_or_404(whatif.of(car_park), pk=draft)
        typed = dict(run.typed)
        replaces = typed.pop("replaces", "")
        return whole(run.terms), typed, {"like": "a what-if", "replaces": replaces}
    if given := _number(asked.get("from", "")):
        told = get_object_or_404(car_park.tariffs, version=given)
        replaces = given if _number(asked.get("replaces", "")) == given else ""
        return whole(told.terms), {}, {"like": f"version {given}", "replaces": replaces}
    told = Tariff.in_force(car_park, timezone.now())
    if told:
        return whole(told.terms), {}, {"like": f"version {told.version}"}
    first = next(iter(BEGINNINGS.values()))
    return whole(first.document), {}, {"like": first.name}


def _posted(request):
    act = request.POST.get("do", "look")
    if act.partition(":")[0] in ("add", "remove", "up"):
        return _with_rows_changed(request, act)
    sheet = Sheet(request.car_park.currency, data=request.POST)
    if not sheet.is_valid():
        return _again(request, sheet, status=422)
    return ACTS.get(act, _look)(request, sheet)


def _with_rows_changed(request, act):
    """The form with a row more, or less: not complained of, for nobody has said that it is ready."""
    currency, (first, focus) = request.car_park.currency, changed(posted(request.POST), act)
    checked = Sheet(currency, data=flat(first))
    checked.is_valid()
    return _again(request, Sheet(currency, first=first, focus=focus), checked=checked)


def _look(request, sheet):
    return _again(request, sheet)


def _save(request, sheet):
    """Make the version, if its checks hold, or what they found was acknowledged."""
    now, car_park = timezone.now(), request.car_park
    checked = shown(car_park, sheet.document, FIRST_ARRIVAL, now, ticked=_ticked(request))
    if forbids := list(checked.forbids):
        sheet.problems.extend(forbids)
        return _again(request, sheet, status=422)
    told = sheet.basics.cleaned_data
    try:
        made = versions.publish(
            car_park,
            sheet.document,
            by=request.user,
            now=now,
            starts_at=told["starts_at"] if told["begins"] == "at" else None,
            note=told["note"],
            acknowledged=checked.acknowledged,
            after=_number(request.POST.get("after", "")),
            replaces=_number(request.POST.get("replaces", "")),
        )
    except versions.NotMade as why:
        _put(sheet, why)
        return _again(request, sheet, status=409, after=_newest(request))
    messages.success(request, f"Version {made.version} is made.")
    return redirect("prices_version", made.version)


def _put(sheet, why):
    """What is about the start stands beside it; anything else above the form."""
    if why.about_start:
        sheet.basics.add_error("starts_at", str(why))
    else:
        sheet.problems.append(str(why))


def _what_if(request, sheet):
    typed = {name: request.POST.get(name, "") for name in ("begins", "starts_at", "note")}
    typed["replaces"] = _number(request.POST.get("replaces", "")) or ""
    run = whatif.begin(
        request.car_park, sheet.document, by=request.user, now=timezone.now(), typed=typed
    )
    return redirect("what_if", run.pk)


ACTS = {"save": _save, "what-if": _what_if, "look": _look}


def _again(request, sheet, *, checked=None, status=200, after=None):
    """The form as it was typed, with what is wrong; only the form itself where htmx asks."""
    after = request.POST.get("after", "") if after is None else after
    replaces = request.POST.get("replaces", "")
    document = (checked or sheet).document
    return _edit(
        request, sheet, document, checked=checked, after=after, replaces=replaces, status=status
    )


def _edit(request, sheet, document, *, checked=None, after, replaces="", like="", status=200):
    sheet.after, sheet.replaces = after, replaces
    sheet.number = _newest(request) + 1
    context = {
        "sheet": sheet,
        "like": like,
        "newest": sheet.number > 1,
        "beginnings": BEGINNINGS.items(),
        "arrivals": ARRIVALS,
        "arrival": _arrival(request.POST),
        "shown": _shown(request, document, checked or sheet),
    }
    template = "_sheet" if request.htmx and request.method == "POST" else "edit"
    return render(request, f"billing/prices/{template}.html", context, status=status)


@require_POST
@may("billing.view_tariff", "billing.add_tariff")
def preview(request):
    """What is typed makes this, while it is typed. Nothing is kept."""
    sheet = Sheet(request.car_park.currency, data=request.POST)
    sheet.is_valid()
    context = {"shown": _shown(request, sheet.document, sheet)}
    return render(request, "billing/prices/_preview.html", context)


def _shown(request, document, sheet):
    """The board, the drawing and the checks of a document; what lacks, where there is none."""
    if document is None:
        return lacking(sheet)
    arrival, ticked = _arrival(request.POST), _ticked(request)
    return shown(request.car_park, document, arrival, timezone.now(), ticked=ticked)


def _arrival(asked):
    word = asked.get("arrival", "")
    return word if word in dict(ARRIVALS) else FIRST_ARRIVAL


def _ticked(request):
    return request.POST.getlist("acknowledged")


def _newest(request):
    return versions.newest_number(request.car_park)


def _number(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


# what if


@require_POST
@may("billing.view_tariff", "billing.add_tariff")
def what_if_version(request, number):
    told = get_object_or_404(request.car_park.tariffs, version=number)
    run = whatif.begin(request.car_park, told.terms, by=request.user, now=timezone.now())
    return redirect("what_if", run.pk)


@require_safe
@may("billing.view_tariff")
def what_if(request, pk):
    run = _run(request, pk)
    board = board_of(request.car_park, run.terms).sections
    context = {"run": run, "found": whatif.told(run), "board": board}
    return render(request, "billing/prices/what_if.html", {**context, **_currency(request)})


@require_POST
@may("billing.view_tariff", "billing.add_tariff")
def what_if_slice(request, pk):
    """Price the next stays, for about a second; the page asks again until all are priced."""
    run = whatif.go_on(_run(request, pk), timezone.now())
    if not request.htmx:
        return redirect("what_if", run.pk)
    context = {"run": run, "found": whatif.told(run), **_currency(request)}
    return render(request, "billing/prices/_what_if.html", context)


@require_POST
@may("billing.view_tariff", "billing.add_tariff")
def what_if_cancel(request, pk):
    run = _run(request, pk)
    whatif.cancel(run, timezone.now())
    return redirect("what_if", run.pk)


def _run(request, pk):
    return get_object_or_404(WhatIf, car_park=request.car_park, pk=pk)


def _currency(request):
    return {"currency": request.car_park.currency}


# for drivers


@require_safe
@at_car_park
def board(request, car_park):
    """The prices as a sign, for anybody; those in force, or a version that is to come (`?from=`)."""
    now = timezone.now()
    standing = car_park.tariffs.filter(withdrawn_at=None)
    coming = standing.filter(starts_at__gt=now).order_by("starts_at").first()
    given = _number(request.GET.get("from", ""))
    told = Tariff.in_force(car_park, now)
    if given is not None:
        told = get_object_or_404(standing, version=given)
    context = {"car_park": car_park, "version": told, "coming": None if coming == told else coming}
    if told:
        said = board_of(car_park, told.terms)
        context |= {"board": said.sections, "hash": said.digest}
    return render(request, "billing/prices/board.html", context)
