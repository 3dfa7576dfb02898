"""Permits and blocked plates: one kind of page for both, for both are a plate and two times."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from parking.access import may, searched_for
from parking.forms import BlockedPlateForm, PermitForm, VisitorForm
from parking.models import BlockedPlate, Permit
from parking.rules import plates
from parking.stays import grant

A_PAGE = 50

# Chips above a list: address word -> its name, and the rows it shows.
VALID = ("Valid or to come", lambda now: ~Q(ends_at__lte=now))
ENDED = ("Ended", lambda now: Q(ends_at__lte=now))
ALL = ("All", lambda now: Q())
DATED = {"valid": VALID, "ended": ENDED, "all": ALL}
RIGHTS = {
    "valid": VALID,
    "visitors": ("Visitor passes", lambda now: ~Q(ends_at__lte=now) & Q(visitor=True)),
    "pools": ("Of pools", lambda now: ~Q(ends_at__lte=now) & Q(pool__isnull=False)),
    "ended": ENDED,
    "all": ALL,
}


@dataclass(frozen=True)
class Register:
    """A list of dated plates: which model, which form, which words, which addresses."""

    model: type
    form: type
    name: str
    names: str
    said: str  # the field that tells whose it is, or why
    empty: str
    list_url: str
    add_url: str
    edit_url: str
    end_url: str
    shown: dict
    links: tuple = ()  # pages beside it: (address name, permission, words)
    beside: tuple = ()  # what a row shows of other tables
    facts: Callable = lambda car_park: {}  # what the form must know of a car park

    def pages(self):
        """The list, and the pages to add, edit and end a row; each with its permissions."""
        kind = self.model._meta.model_name
        view, add, change = (f"parking.{act}_{kind}" for act in ("view", "add", "change"))
        return (
            require_http_methods(["GET", "HEAD", "POST"])(may(view)(self.list)),
            require_http_methods(["GET", "HEAD", "POST"])(may(view, add)(self.add)),
            require_http_methods(["GET", "HEAD", "POST"])(may(view, change)(self.edit)),
            require_POST(may(view, change)(self.end)),
        )

    def rows(self, request):
        rows = self.model.objects.filter(car_park=request.car_park)
        return rows.select_related("car_park", *self.beside)

    def list(self, request):
        """The list. A search comes by POST, so that no plate stands in an address or a log."""
        now, find = timezone.now(), searched_for(request)
        word = request.POST.get("show") or request.GET.get("show")
        show = word if word in self.shown else "valid"
        found = self.rows(request).filter(self._searched(find) & self.shown[show][1](now))
        page = Paginator(found, A_PAGE).get_page(
            request.POST.get("page") or request.GET.get("page")
        )
        chips = [(word, name) for word, (name, _) in self.shown.items()]
        context = {"page": page, "find": find, "show": show, "chips": chips, "now": now}
        return self._page(request, "parking/register.html", context)

    def _searched(self, find):
        """A plate or a part of one, however it was misread (O as 0), or what is said of it."""
        if not find:
            return Q()
        said = Q(**{f"{self.said}__icontains": find})
        try:
            return said | Q(folded__contains=plates.folded(plates.canonical(find)))
        except plates.NotAPlate:
            return said

    def add(self, request):
        return self._written(request, self.model(car_park=request.car_park), "added")

    def edit(self, request, pk):
        return self._written(request, get_object_or_404(self.rows(request), pk=pk), "changed")

    def _written(self, request, row, what):
        form = self.form(request.POST or None, instance=row, **self.facts(request.car_park))
        if form.is_valid():
            form.save()
            messages.success(request, f"{self.name} for {row.plate} {what}.")
            return redirect(self.list_url)
        status = 422 if form.errors else 200
        return self._page(request, "parking/register_form.html", {"form": form, "row": row}, status)

    def end(self, request, pk):
        """End a row now. One that has ended keeps its end; one that has not begun never begins."""
        row, now = get_object_or_404(self.rows(request), pk=pk), timezone.now()
        if row.ends_at is None or row.ends_at > now:
            row.ends_at = max(now, row.starts_at)
            row.save(update_fields=["ends_at", "changed_at"])
            messages.success(request, f"{self.name} for {row.plate} ended.")
        return redirect(self.list_url)

    def _page(self, request, template, context, status=200):
        kind, user = self.model._meta.model_name, request.user
        acts = {f"may_{act}": user.has_perm(f"parking.{act}_{kind}") for act in ("add", "change")}
        acts["links"] = [(url, words) for url, needs, words in self.links if user.has_perm(needs)]
        return render(request, template, {"register": self, **acts, **context}, status=status)


PERMITS = Register(
    model=Permit,
    form=PermitForm,
    name="Permit",
    names="Permits",
    said="holder",
    empty="No permits yet. Add one: its plate is let in and out at no charge while it is valid.",
    list_url="permits",
    add_url="permit_add",
    edit_url="permit_edit",
    end_url="permit_end",
    shown=RIGHTS,
    links=(("visitor_pass", "parking.add_permit", "Visitor pass"),),
    beside=("pool",),
)
BLOCKED = Register(
    model=BlockedPlate,
    form=BlockedPlateForm,
    name="Block",
    names="Blocked plates",
    said="why",
    empty="No plate is blocked. Add one to refuse it at every entry; it can always leave.",
    list_url="blocked_plates",
    add_url="blocked_plate_add",
    edit_url="blocked_plate_edit",
    end_url="blocked_plate_end",
    shown=DATED,
)


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_permit", "parking.add_permit")
def visitor_pass(request):
    """The quick form: a plate, who comes, until when."""
    now, permit = timezone.now(), Permit(car_park=request.car_park)
    form = VisitorForm(request.POST or None, instance=permit, now=now)
    if form.is_valid():
        grant(form.save())
        until = permit.ends_at.astimezone(request.car_park.zone)
        messages.success(
            request, f"{permit.plate} may come until {until:%H:%M}, {until.day} {until:%B}."
        )
        return redirect("permits")
    status = 422 if form.errors else 200
    return render(request, "parking/visitor_pass.html", {"form": form}, status=status)
