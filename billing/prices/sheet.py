"""The whole form of a tariff: filled from terms or from what was posted, changed row by row, read back."""

from django.utils.datastructures import MultiValueDict

from billing.forms.prices import (
    MOST_ROWS,
    MOST_TIERS,
    PLACES,
    BandForm,
    BasicsForm,
    CapForm,
    OfferForm,
    ShareForm,
    TierForm,
    rows_of,
)
from billing.rules.terms import BadTerms, terms_of
from billing.rules.typed import dates_typed

# A kind of rows: its word in the form and in terms -> its form.
KINDS = {
    "bands": BandForm,
    "caps": CapForm,
    "offers": OfferForm,
    "classes": ShareForm,
    "groups": ShareForm,
}
EMPTY_ROWS = {"bands": {"kind": "steps", "tiers": [{}]}}  # what a new row begins with


class Sheet:
    """The forms of one tariff.

    `first`: what they begin with, as `typed_of` or `posted` give it. `data`: what was posted, to be checked.
    After `is_valid()` it has the `terms` and the `document` that were typed, else what is wrong: beside
    the fields, and in `problems` what is about none of them.
    """

    def __init__(self, currency, *, first=None, data=None, focus=""):
        first = first or {}
        self.currency, self.focus = currency, focus
        self.basics = BasicsForm(data, initial=first.get("basics"), currency=currency)
        self.rows = {
            kind: rows_of(form, MOST_ROWS, data, kind, first.get(kind, ()), currency)
            for kind, form in KINDS.items()
        }
        self.terms, self.document, self.problems = None, None, []
        self._name_buttons()

    places = PLACES.items()

    def is_valid(self):
        if not self._readable():
            return False
        document = document_of_sheet(self)
        try:
            self.terms, self.document = terms_of(document), document
        except BadTerms as bad:
            for path, sentence in bad.errors:
                self._tell(
                    [int(part) if part.isdigit() else part for part in path.split(".")], sentence
                )
            return False
        return True

    def _readable(self):
        """Whether each field can be read; every form is looked at, so that all is told at once."""
        forms = [self.basics, *self.rows.values()]
        return sum(not form.is_valid() for form in forms) == 0

    @property
    def lacking(self):
        """All that is wrong: (id of the field, where that is, sentence)."""
        for where, form in self._forms():
            for name, sentences in form.errors.items():
                label = where if name == "__all__" else f"{where}{form[name].label}"
                at = "" if name == "__all__" else form[name].id_for_label or form[name].auto_id
                for sentence in sentences:
                    yield at, label, sentence
        for rows in self.rows.values():
            for sentence in rows.non_form_errors():
                yield "", "", sentence
        for sentence in self.problems:
            yield "", "", sentence

    @property
    def opens_more(self):
        """Whether something is typed, or wrong, among what is folded away."""
        return any(self.basics[name].value() or self.basics[name].errors for name in FOLDED)

    @property
    def faults(self):
        """How many fields are wrong."""
        return sum(1 for at, _, _ in self.lacking if at)

    def _forms(self):
        yield "", self.basics
        for kind, rows in self.rows.items():
            for number, form in enumerate(rows, 1):
                where = f"{NAMES[kind]} {number}, "
                yield where, form
                if kind == "bands" and form["kind"].value() == "tiers":
                    for place, tier in enumerate(form.tiers, 1):
                        yield f"{where}tier {place}, ", tier

    def _tell(self, path, sentence):
        """Put what is wrong with the terms at `path` beside the field that it was made of."""
        form, name = self._field(path)
        if form is None:
            self.problems.append(sentence)
        elif name in form.fields:
            form.add_error(name, sentence)
        else:
            form.add_error(None, sentence)

    def _field(self, path):
        kind, *rest = path or ("",)
        if kind not in self.rows:
            name = BASICS.get(tuple(path), BASICS.get((kind,), kind))
            return (self.basics, name) if name in self.basics.fields else (None, "")
        if not rest:
            return None, ""
        forms = self.rows[kind].forms
        form = self._row(forms, kind, rest[0])
        if form is None:
            return None, ""
        if kind == "bands" and rest[1:3] == ["charge", "tiers"] and len(rest) > 3:
            tiers = form.tiers.forms
            return (
                (tiers[rest[3]], rest[4] if len(rest) > 4 else "up_to")
                if rest[3] < len(tiers)
                else (form, "")
            )
        name = rest[-1] if len(rest) > 1 else ""
        return form, ROW_FIELDS.get(tuple(rest[1:]), ROW_FIELDS.get((name,), name))

    def _row(self, forms, kind, at):
        if isinstance(at, int):
            return forms[at] if at < len(forms) else None
        return next((form for form in forms if form.cleaned_data.get("name") == at), None)

    def _name_buttons(self):
        """What the buttons of each row say that they do (see `changed`)."""
        for kind, rows in self.rows.items():
            _name(rows, kind)
            for form in rows if kind == "bands" else ():
                _name(form.tiers, form.tiers.prefix)
        if self.focus:
            self._focus_on()

    def _focus_on(self):
        """The first field of the row that was just added has the focus."""
        lists = [*self.rows.values(), *(band.tiers for band in self.rows["bands"])]
        for form in (form for rows in lists for form in rows if form.prefix == self.focus):
            next(iter(form.fields.values())).widget.attrs["autofocus"] = True


FOLDED = (
    "per_pass",
    "grace_at_end",
    "no_return",
    "rounding_to",
    "tax_rate",
    "tax_name",
    "declared_not_monotone",
)
NAMES = {"bands": "Band", "caps": "Cap", "offers": "Offer", "classes": "Class", "groups": "Group"}
# Where a field has another name than the part of the terms that it makes.
BASICS = {
    ("free", "minutes"): "free",
    ("free", "when"): "free_when",
    ("no_return", "minutes"): "no_return",
    ("no_return", "then"): "no_return_then",
    ("rounding", "to"): "rounding_to",
    ("rounding", "how"): "rounding_how",
    ("tax", "name"): "tax_name",
    ("tax", "rate"): "tax_rate",
    ("tax", "included"): "tax_included",
}
ROW_FIELDS = {
    ("charge", "then", "minutes"): "then_minutes",
    ("charge", "then", "price"): "then_price",
    ("charge", "then"): "then_minutes",
    ("charge", "tiers"): "kind",
    ("charge",): "kind",
    ("from",): "starts",
    ("to",): "ends",
}


def _name(rows, prefix):
    rows.adds = f"add:{prefix}"
    for number, form in enumerate(rows):
        form.remove, form.up = f"remove:{prefix}:{number}", f"up:{prefix}:{number}"


# what was posted, as it was typed, and rows added to it and taken away


def posted(data):
    """All that was typed, unchecked, as what a `Sheet` may begin with."""
    return {
        "basics": _raw(BasicsForm, data, ""),
        **{kind: _raw_rows(form, MOST_ROWS, data, kind) for kind, form in KINDS.items()},
    }


def _raw(form, data, prefix):
    return {
        name: field.widget.value_from_datadict(data, {}, f"{prefix}{name}")
        for name, field in form.base_fields.items()
    }


def _raw_rows(form, most, data, prefix):
    count = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(count), most) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    rows = [_raw(form, data, f"{prefix}-{number}-") for number in range(count)]
    if form is BandForm:
        for number, row in enumerate(rows):
            row["tiers"] = _raw_rows(TierForm, MOST_TIERS, data, f"{prefix}-{number}-tiers")
    return rows


def changed(first, do):
    """What `posted` gave with one row added ("add:bands"), removed or moved up ("up:bands:2"), and where
    the focus belongs then. What asks for a row that is not there changes nothing."""
    act, _, where = do.partition(":")
    prefix, _, number = where.partition(":")
    rows, most = _list(first, prefix)
    number = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if rows is None or (act != "add" and not 0 <= number < len(rows)):
        return first, ""
    if act == "add" and len(rows) < most:
        fresh = EMPTY_ROWS.get(prefix, {})
        rows.append(
            {
                name: list(value) if isinstance(value, list) else value
                for name, value in fresh.items()
            }
        )
        return first, f"{prefix}-{len(rows) - 1}"
    if act == "remove":
        del rows[number]
        return first, f"add:{prefix}"
    if act == "up" and number:
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
        return first, f"{prefix}-{number - 1}"
    return first, ""


def _list(first, prefix):
    """The rows of "bands", or of "bands-2-tiers"; and how many there may be."""
    if prefix in KINDS:
        return first[prefix], MOST_ROWS
    match prefix.split("-"):
        case ["bands", number, "tiers"] if number.isascii() and number.isdigit():
            bands = first["bands"]
            if int(number[:4]) < len(bands):
                return bands[int(number[:4])].setdefault("tiers", []), MOST_TIERS
    return None, 0


def flat(first):
    """What `posted` gave, as it would be posted: for a `Sheet` that is to be checked."""
    data = MultiValueDict()
    _flat(data, "", first["basics"])
    for kind in KINDS:
        _flat_rows(data, kind, first[kind])
    return data


def _flat_rows(data, prefix, rows):
    data.setlist(f"{prefix}-TOTAL_FORMS", [str(len(rows))])
    data.setlist(f"{prefix}-INITIAL_FORMS", ["0"])
    for number, row in enumerate(rows):
        _flat(data, f"{prefix}-{number}-", {k: v for k, v in row.items() if k != "tiers"})
        if prefix == "bands":
            _flat_rows(data, f"{prefix}-{number}-tiers", row.get("tiers", []))


def _flat(data, prefix, fields):
    for name, value in fields.items():
        if isinstance(value, list):
            data.setlist(f"{prefix}{name}", value)
        elif value is not None and value is not False:
            data.setlist(f"{prefix}{name}", ["on" if value is True else str(value)])


# terms as they are typed, and back


def typed_of(document):
    """What a `Sheet` begins with to show these terms."""
    free, again = document["free"], document.get("no_return") or {}
    rounding, tax = document.get("rounding") or {}, document.get("tax") or {}
    return {
        "basics": {
            "free": free["minutes"] or None,
            "free_when": free["when"],
            "no_return": again.get("minutes"),
            "no_return_then": again.get("then", "no_free"),
            "rounding_to": rounding.get("to"),
            "rounding_how": rounding.get("how", "nearest"),
            "tax_name": tax.get("name"),
            "tax_rate": tax.get("rate"),
            "tax_included": "no" if tax and not tax["included"] else "yes",
            "stacking": ",".join(document["stacking"]),
            **{name: document[name] or None for name in ("per_pass", "grace_at_end")},
            **{name: document[name] for name in PLAIN},
        },
        "bands": [_typed_band(band) for band in document["bands"]],
        "caps": [_typed_times(cap) for cap in document["caps"]],
        "offers": list(document["offers"]),
        "classes": _typed_shares(document["classes"]),
        "groups": _typed_shares(document["groups"]),
    }


PLAIN = (
    *("crossing", "tiers_count", "minimum", "maximum", "leave_within", "holidays"),
    *("combine", "declared_not_monotone"),
)


def _typed_times(rule):
    return {**rule, "starts": rule.get("from"), "ends": rule.get("to")}


def _typed_band(band):
    charge = band["charge"]
    then = charge.get("then")
    then = then if isinstance(then, dict) else {}  # "again" is told by leaving it empty
    return {
        **_typed_times(band),
        "dates": dates_typed(band.get("dates") or ()),
        "kind": charge["kind"],
        "minutes": charge.get("minutes"),
        "price": charge.get("price"),
        "tiers": charge.get("tiers") or [],
        "then_minutes": then.get("minutes"),
        "then_price": then.get("price"),
    }


def _typed_shares(shares):
    return [{"name": name, **rule} for name, rule in shares.items()]


def document_of_sheet(sheet):
    """The document of terms of a sheet whose fields are all readable."""
    told = sheet.basics.cleaned_data
    return {
        "free": {"minutes": told["free"] or 0, "when": told["free_when"]},
        "bands": [_band(form) for form in sheet.rows["bands"]],
        "crossing": told["crossing"],
        "tiers_count": told["tiers_count"],
        "caps": [_cap(form.cleaned_data) for form in sheet.rows["caps"]],
        "offers": [_offer(form.cleaned_data) for form in sheet.rows["offers"]],
        "classes": _shares(sheet.rows["classes"]),
        "groups": _shares(sheet.rows["groups"]),
        "per_pass": told["per_pass"] or 0,
        "no_return": _pair(told, "no_return", "minutes", "then"),
        "minimum": told["minimum"],
        "maximum": told["maximum"],
        "rounding": _pair(told, "rounding_to", "to", "how"),
        "grace_at_end": told["grace_at_end"] or 0,
        "leave_within": told["leave_within"],
        "tax": _tax(told),
        "holidays": told["holidays"],
        "stacking": told["stacking"].split(","),
        "combine": told["combine"],
        "declared_not_monotone": told["declared_not_monotone"],
    }


def _band(form):
    told = form.cleaned_data
    return {
        "name": told["name"],
        "days": told["days"],
        "from": told["starts"],
        "to": told["ends"],
        "dates": told["dates"],
        "charge": CHARGES[told["kind"]](told, form),
        "cap": told["cap"],
    }


def _tiers(told, form):
    tiers = [
        {"up_to": t["up_to"], "price": t["price"]} for t in (f.cleaned_data for f in form.tiers)
    ]
    then = {"minutes": told["then_minutes"], "price": told["then_price"]}
    return {"kind": "tiers", "tiers": tiers, "then": "again" if then["minutes"] is None else then}


CHARGES = {
    "steps": lambda told, form: {
        "kind": "steps",
        "minutes": told["minutes"],
        "price": told["price"],
    },
    "tiers": _tiers,
    "flat": lambda told, form: {"kind": "flat", "price": told["price"]},
    "free": lambda told, form: {"kind": "free"},
}


def _cap(told):
    window = {"from": told["starts"], "to": told["ends"]} if told["per"] == "window" else {}
    daily = told["per"] in ("calendar_day", "vehicle_day") and told["resets_at"]
    resets = {"resets_at": told["resets_at"]} if daily else {}
    return {"per": told["per"], "amount": told["amount"], **window, **resets}


def _offer(told):
    return {**{name: value for name, value in told.items() if value is not None}}


def _shares(rows):
    told = [form.cleaned_data for form in rows]
    return {one["name"]: {"percent": one["percent"]} for one in told}


def _pair(told, name, first, second):
    how = {"rounding_to": "rounding_how", "no_return": "no_return_then"}[name]
    return None if told[name] is None else {first: told[name], second: told[how]}


def _tax(told):
    if told["tax_rate"] is None:
        return None
    included = told["tax_included"] == "yes"
    return {"name": told["tax_name"], "rate": told["tax_rate"], "included": included}
