"""The review queue: one case after the other, its answers, and how well people agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gates import choices, findings, review
from gates.forms import PlateForm
from gates.models import Case, Finding, Passage, Picture
from gates.rules.agreement import ONE_IN, agreement
from gates.rules.alignment import aligned, in_words
from gates.views.live import refreshed
from gates.views.site import midnight
from parking.access import may

A_PAGE = 40
LOOKED_OVER = timedelta(days=30)
What = Finding.What


@dataclass(frozen=True)
class Offer:
    """A choice as its row shows it: the number key, its stay with the entry, its plate character by
    character over what was read."""

    number: int
    choice: choices.Choice
    stay: object
    entry: Passage | None
    columns: tuple
    now: datetime

    @property
    def in_words(self):
        return in_words(self.columns)

    @property
    def inside_for(self):
        """How long the vehicle of its stay was inside, up to its exit."""
        return self.stay and self.stay.stay(self.now)


@dataclass(frozen=True)
class Sheet:
    """A case as its page shows it: the passage it is about, and above that the entry of the likeliest
    stay. `read` is the plate as it stood when the case was given out."""

    case: Case
    read: str
    passage: Passage | None
    entry: Passage | None
    offers: tuple[Offer, ...]
    waits_since: datetime | None = None

    @property
    def best(self):
        return next(iter(self.offers), None)

    @property
    def leaves(self):
        """Whether the vehicle is at an exit, or has left by one."""
        return self.passage is not None and self.passage.lane.direction == "out"


def sheet(case, now):
    """The `Sheet` of a case at `now`, in a fixed number of queries."""
    told = [choices.Choice(**one) for one in case.shown["choices"]]
    stays = review.stays_of(
        {choice.stay for choice in told if choice.stay} | {case.stay_id} - {None}
    )
    passage = _passage(case, stays)
    read = case.shown["plate"]
    offers = tuple(
        Offer(
            number,
            choice,
            stays.get(choice.stay),
            _entry(stays.get(choice.stay)),
            aligned(choice.plate, read or choice.plate),
            now,
        )
        for number, choice in enumerate(told, start=1)
    )
    entry = _entry(stays.get(case.stay_id)) or next(
        (one.entry for one in offers if one.entry), None
    )
    if entry == passage:
        entry = None
    return Sheet(case, read, passage, entry, offers, _waits_since(case, passage, now))


def _passage(case, stays):
    """The passage that a case is about: a stay's newest."""
    if case.stay_id:
        return next(iter(reversed(stays[case.stay_id].passages.all())), None)
    return (
        Passage.objects.select_related("lane__car_park", "session")
        .prefetch_related("pictures")
        .get(pk=case.passage_id)
    )


def _entry(stay):
    """Where the vehicle of a stay came in, or None."""
    passages = stay.passages.all() if stay else ()
    return next((one for one in passages if one.lane.direction == "in"), None)


def _waits_since(case, passage, now):
    if case.again_id or passage is None or not passage.waits(now):
        return None
    return passage.seen_at


def _context(request, case=None, **more):
    """All that the page shows: the case, how many are left, who works, what may be taken back."""
    now = timezone.now()
    return {
        "sheet": sheet(case, now) if case else None,
        "next": _pictures_of_next(request, case, now) if case else (),
        "last": findings.last_of(request.user, now),
        "now": now,
        "today": _answered_today(request, now) if case is None else None,
        **_bar(request, case, now),
        **more,
    }


def _answered_today(request, now):
    since = midnight(request.car_park.zone, now)
    return request.user.findings.filter(Finding.STANDS, at__gte=since).count()


def _pictures_of_next(request, case, now):
    """Pictures to be fetched while this case is looked at, so that the next one is there at once."""
    following = review.following(request.car_park, request.user, case, now)
    return sheet_pictures(following) if following else ()


def sheet_pictures(case):
    seen = (
        Passage.objects.filter(pk=case.passage_id)
        if case.passage_id
        else case.stay.passages.order_by("-seen_at")[:2]
    )
    pictures = (
        one for passage in seen.prefetch_related("pictures") for one in passage.pictures.all()
    )
    return [one for one in pictures if one.kind != Picture.Kind.CAR]  # that one is for its driver


def _bar(request, case, now):
    return {
        "case": case,
        "queue": review.queue(request.car_park, request.user, now),
        "people": review.at_work(request.car_park, now),
        "gone": case is not None and not _is_mine(case, request.user),
    }


def _is_mine(case, person):
    return case.closed_at is None and case.claimed_by_id == person.pk


@may("gates.view_lane", "gates.view_picture", "gates.review_case")
def review_page(request):
    """The page without a case: it asks for one itself, for following a link claims nothing."""
    return render(request, "gates/review.html", _context(request))


@may("gates.view_lane", "gates.view_picture", "gates.review_case")
def review_bar(request):
    """How many are left, who works on them, and whether the case on the page is still there."""
    number = request.GET.get("case", "")
    case = request.car_park.cases.filter(pk=number).first() if number.isdecimal() else None
    return refreshed(request, "gates/_review_bar.html", _bar(request, case, timezone.now()))


@may("gates.view_lane", "gates.review_case")
def review_count(request):
    return refreshed(request, "gates/_review_count.html", {})


@require_POST
@may("gates.view_lane", "gates.view_picture", "gates.review_case")
def review_next(request):
    case = review.next_case(request.car_park, request.user, timezone.now())
    return _shown(request, case)


def _shown(request, case, status=200, **more):
    template = "gates/_review_case.html" if request.htmx else "gates/review.html"
    # What was just asked for and not got is asked for again in a second, not at once.
    return render(request, template, _context(request, case, asked=True, **more), status=status)


@require_POST
@may("gates.view_lane", "gates.view_picture", "gates.review_case")
def review_answer(request, pk):
    """An answer by number (`choice`), by a typed `plate`, or by a word (`what`); then the next case."""
    case = get_object_or_404(request.car_park.cases.select_related("again"), pk=pk)
    now = timezone.now()
    if "plate" in request.POST:
        form = PlateForm(request.POST)
        if not form.is_valid():
            return _shown(request, case, status=422, form=form)
        found = {"what": What.TYPED, "plate": form.cleaned_data["plate"]}
    else:
        found = _chosen(case, request.POST) or _said(request.POST)
    if found is None:
        return HttpResponseBadRequest("Choose one of the numbers that the page shows.")
    finding = findings.answer(case, by=request.user, now=now, **found)
    following = review.next_case(request.car_park, request.user, timezone.now())
    return _shown(request, following, late=finding if finding.effect == "late" else None)


def _chosen(case, told):
    """What the number stands for on this case's page; None where there is no such number."""
    number = told.get("choice", "")
    offered = case.shown.get("choices", [])
    if not number.isdecimal() or not 1 <= int(number) <= len(offered):
        return None
    choice = choices.Choice(**offered[int(number) - 1])
    what = What.RIGHT if choice.right else What.CHOSEN
    return {"what": what, "plate": choice.plate, "stay_id": choice.stay}


def _said(told):
    what = told.get("what")
    return {"what": what} if what in (What.NOBODY, What.LEFT) else None


@require_POST
@may("gates.view_lane", "gates.view_picture", "gates.review_case")
def review_undo(request, pk):
    """Take back an answer of one's own; its case is on the page again."""
    own = request.user.findings.filter(case__car_park=request.car_park)
    finding = own.select_related("case", "passage", "correction").filter(pk=pk).first()
    now = timezone.now()
    try:
        case = findings.undo(finding, now)
    except findings.CannotUndo as error:
        mine = review.next_case(request.car_park, request.user, now)
        return _shown(request, mine, refused=str(error))
    if not _is_mine(case, request.user):
        case = review.next_case(request.car_park, request.user, now)
    return _shown(request, case, undone=finding)


@may("gates.view_finding")
def review_quality(request):
    """How well reviewers agree where two were asked, how long an answer takes, and every answer."""
    recent = Finding.objects.filter(
        case__car_park=request.car_park, at__gt=timezone.now() - LOOKED_OVER
    )
    answers = list(recent.filter(Finding.STANDS).select_related("by", "case__second_look"))
    said = {finding.case_id: finding for finding in answers}
    context = {
        "all": _agreement(answers, said),
        "people": _by(answers, said, lambda finding: finding.by.username),
        "kinds": _by(answers, said, lambda finding: finding.case.get_kind_display()),
        "page": Paginator(recent.select_related("by", "case"), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "days": LOOKED_OVER.days,
        "one_in": ONE_IN,
    }
    return render(request, "gates/review_quality.html", context)


def _by(answers, said, name):
    """The `Agreement` of each group of answers, by the group's name."""
    groups = defaultdict(list)
    for finding in answers:
        groups[name(finding)].append(finding)
    return [(name, _agreement(group, said)) for name, group in sorted(groups.items())]


def _agreement(group, said):
    return agreement(
        [finding.seconds for finding in group],
        [same for finding in group if (same := _agrees(finding, said)) is not None],
    )


def _agrees(finding, said):
    """Whether the other of two reviewers said the same; None where nobody else was asked (yet)."""
    case = finding.case
    second = case.second_look.pk if hasattr(case, "second_look") else None
    other = said.get(case.again_id or second)
    return None if other is None else (finding.word == other.word)
