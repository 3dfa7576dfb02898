"""What an operator types of prices: the fields, the rows of the rules, and the document they make.

The whole form of a tariff is made of them in `billing.prices.sheet`.
"""

import holidays
from django import forms
from django.core.exceptions import ValidationError

from billing.rules import typed
from billing.templatetags.money import DECIMALS
from parking.forms import Moment, Words

MOST_ROWS = 12
MOST_TIERS = 16  # with so many rows of each kind a form stays below Django's 1,000 fields

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = [(day, day.capitalize()) for day in WEEKDAYS] + [("holiday", "Public holidays")]
NO_OFF = {"autocomplete": "off"}

# Places whose public holidays are offered while typing; any other that `holidays` knows may be typed.
PLACES = {
    "GB-ENG": "England",
    "GB-WLS": "Wales",
    "GB-SCT": "Scotland",
    "GB-NIR": "Northern Ireland",
    "IE": "Ireland",
    "FR": "France",
    "BE": "Belgium",
    "NL": "Netherlands",
    "DE": "Germany",
    "DE-BY": "Bavaria",
    "AT": "Austria",
    "CH": "Switzerland",
    "IT": "Italy",
    "ES": "Spain",
    "PT": "Portugal",
    "DK": "Denmark",
    "SE": "Sweden",
    "NO": "Norway",
    "PL": "Poland",
    "US": "United States",
    "CA": "Canada",
    "AU": "Australia",
    "NZ": "New Zealand",
}
# Minutes go first: they are taken off the time, before there is a price.
ORDERS = (
    ("minutes,percent,money", "minutes, then percent, then money"),
    ("minutes,money,percent", "minutes, then money, then percent"),
)


class Typed(forms.CharField):
    """A field read by one of `billing.rules.typed`'s functions; None where it is empty.

    `read` makes a value of a text, `written` a text of a value.
    """

    def __init__(self, read, written, *, look=None, least=0, **options):
        self.read, self.written, self.least = read, written, least
        required = options.pop("required_words", "Type one.")
        super().__init__(
            max_length=40,
            widget=forms.TextInput({**NO_OFF, **(look or {})}),
            error_messages={"required": required, "max_length": "That is too long."},
            **options,
        )

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            value = self.read(text)
        except typed.Unclear as unclear:
            raise ValidationError(str(unclear)) from unclear
        if isinstance(value, int) and value < self.least:
            raise ValidationError("Type more than nothing, or leave it empty.")
        return value

    def prepare_value(self, value):
        return self.written(value) if isinstance(value, int) else value


def length(label, **options):
    """A length of time in minutes."""
    look = {"placeholder": "30 min, or 1 h 30", "class": "short"}
    words = "Type a time, such as 30 min."
    read, written = typed.minutes_of, typed.minutes_typed
    return Typed(read, written, label=label, look=look, required_words=words, **options)


def clock(label, **options):
    """A time of day, "HH:MM"."""
    look = {"placeholder": "08:00", "class": "short", "inputmode": "numeric"}
    words = "Type a time of day such as 08:00."
    return Typed(typed.clock_of, str, label=label, look=look, required_words=words, **options)


def percentage(label, **options):
    """A percentage, kept in hundredths of a percent."""
    look = {"placeholder": "20", "class": "short", "inputmode": "decimal"}
    read, written = typed.percent_of, typed.percent_typed
    return Typed(
        read, written, label=label, look=look, required_words="Type a percentage.", **options
    )


def money(label, **options):
    """An amount; which currency it is in is only known to the form (`PricedForm`)."""
    look = {"placeholder": "1.50", "class": "short", "inputmode": "decimal"}
    words = "Type a price, such as 1.50."
    read, written = typed.amount_of, typed.amount_typed
    return Amount(read, written, label=label, look=look, required_words=words, **options)


class Amount(Typed):
    def of(self, currency):
        places, read, written = DECIMALS.get(currency, 2), typed.amount_of, typed.amount_typed
        self.read, self.written = (
            lambda text: read(text, places),
            lambda amount: written(amount, places),
        )
        self.widget.attrs["placeholder"] = written(150 if places else 200, places)


def choice(label, *choices, **options):
    return forms.ChoiceField(label=label, choices=choices, **options)


def days(label="On these days"):
    return forms.MultipleChoiceField(
        label=label,
        help_text="Nothing ticked: on every day.",
        choices=DAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PricedForm(forms.Form):
    """A form of amounts in `currency`; `needs` says which fields a choice makes necessary."""

    use_required_attribute = False
    needs = {}

    def __init__(self, *args, currency="GBP", **options):
        super().__init__(*args, **options)
        self.currency = currency
        for field in self.fields.values():
            if isinstance(field, Amount):
                field.of(currency)

    def need(self, told, *names):
        """These fields must not be empty."""
        for name in names:
            if told.get(name) is None and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])


class BasicsForm(PricedForm):
    """What is said once of the whole tariff."""

    begins = choice(
        "In force",
        ("now", "As soon as it is saved"),
        ("at", "From a later moment"),
        widget=forms.RadioSelect,
        initial="at",
    )
    starts_at = Moment(label="From", required=False)
    note = Words(
        label="What changes, and why",
        help_text="For your colleagues; it stands in the list of versions.",
        required=False,
    )
    free = length("Free minutes", required=False)
    free_when = choice(
        "They are free",
        ("short", "for stays no longer than that"),
        ("always", "off every stay"),
    )
    per_pass = money("For each passage", required=False, help_text="A toll or a drop-off charge.")
    crossing = choice(
        "A step begun before a border of two bands",
        ("split", "ends at the border"),
        ("runs_on", "runs on at its price"),
    )
    tiers_count = choice(
        "Tiers count the time",
        ("stay", "of the whole stay"),
        ("band", "of each band anew"),
    )
    minimum = money("At least, unless it is free", required=False, least=1)
    maximum = money("At most for a stay", required=False, least=1)
    rounding_to = money("Rounded to", required=False, least=1, help_text="Empty: not rounded.")
    rounding_how = choice("Rounded", ("down", "down"), ("nearest", "to the nearest"), ("up", "up"))
    no_return = length(
        "Coming back within", required=False, least=1, help_text="Empty: no such rule."
    )
    no_return_then = choice(
        "counts as",
        ("no_free", "a new stay without free time"),
        ("one_stay", "the same stay going on"),
    )
    grace_at_end = length("Each step may be overstayed by", required=False)
    leave_within = length("Time to leave after paying", least=1)
    tax_name = forms.CharField(
        label="Tax", max_length=20, required=False, widget=forms.TextInput({"placeholder": "VAT"})
    )
    tax_rate = percentage("Rate, percent", required=False)
    tax_included = choice("Prices are", ("yes", "with this tax"), ("no", "before this tax"))
    holidays = forms.CharField(
        label="Public holidays of",
        max_length=12,
        required=False,
        help_text="A country, or a part of one: GB-ENG, IE, DE-BY. Empty: none.",
        widget=forms.TextInput({"class": "short", "list": "holiday-places", **NO_OFF}),
    )
    stacking = forms.ChoiceField(label="Validations are taken off in this order", choices=ORDERS)
    combine = forms.BooleanField(label="Several validations add up", required=False)
    declared_not_monotone = forms.BooleanField(
        label="A longer stay may cost less, on purpose", required=False
    )

    def clean_holidays(self):
        place = self.cleaned_data["holidays"].strip().upper()
        country, _, part = place.partition("-")
        known = holidays.list_supported_countries()
        if place and (country not in known or (part and part not in known[country])):
            raise ValidationError(
                "No public holidays are known for that. Type a country's two letters, such as IE, "
                "or a part of one, such as GB-ENG."
            )
        return place or None

    def clean(self):
        told = super().clean()
        if told.get("begins") == "at":
            self.need(told, "starts_at")
        least, most = told.get("minimum"), told.get("maximum")
        if least is not None and most is not None and least > most:
            self.add_error("minimum", "It is above the most that a stay costs: type less.")
        if told.get("tax_rate") is not None and not told.get("tax_name"):
            self.add_error("tax_name", "Type the tax's name, such as VAT.")
        return told


class BandForm(PricedForm):
    """One band of time and what it charges. Its tiers are rows of their own (`tiers`)."""

    KINDS = (
        ("steps", "a price for each step begun"),
        ("tiers", "a price by length of stay"),
        ("flat", "one price, however long"),
        ("free", "nothing"),
    )
    NEEDS = {"steps": ("minutes", "price"), "flat": ("price",), "tiers": (), "free": ()}

    name = forms.CharField(
        label="Name",
        max_length=40,
        required=False,
        widget=forms.TextInput({"placeholder": "Weekday daytime", **NO_OFF}),
    )
    days = days()
    starts = clock("From", required=False)
    ends = clock("To", required=False)
    dates = forms.CharField(
        label="Only on these dates",
        max_length=400,
        required=False,
        help_text="For events: 2026-12-24 to 2026-12-26, 2026-12-31. Empty: on any date.",
        widget=forms.TextInput(NO_OFF),
    )
    kind = choice("It costs", *KINDS)
    minutes = length("Each step lasts", required=False, least=1)
    price = money("Price", required=False)
    then_minutes = length(
        "After the last, each further",
        required=False,
        least=1,
        help_text="Empty: the table begins again.",
    )
    then_price = money("costs", required=False)
    cap = money("At most within the band", required=False, least=1)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        first = (options.get("initial") or {}).get("tiers", ())
        self.tiers = rows_of(
            TierForm,
            MOST_TIERS,
            self.data if self.is_bound else None,
            f"{self.prefix}-tiers",
            first,
            self.currency,
        )

    def clean_dates(self):
        try:
            return typed.dates_of(self.cleaned_data["dates"])
        except typed.Unclear as unclear:
            raise ValidationError(str(unclear)) from unclear

    def clean(self):
        told = super().clean()
        kind = told.get("kind")
        self.need(told, *self.NEEDS.get(kind, ()))
        if (told.get("starts") is None) != (told.get("ends") is None):
            self.need(told, "starts", "ends")
        if (told.get("then_minutes") is None) != (told.get("then_price") is None):
            self.need(told, "then_minutes", "then_price")
        if kind == "tiers" and not self.tiers.forms:
            self.add_error("kind", "Add a tier below, or choose another way to charge.")
        if told.get("days") and told.get("dates"):
            self.add_error("dates", "Choose days of the week or dates, not both: make two bands.")
        return told

    def is_valid(self):
        told = super().is_valid()
        return (
            self.tiers.is_valid() if self.cleaned_data.get("kind") == "tiers" else True
        ) and told


class TierForm(PricedForm):
    """A row of a table of prices by length of stay."""

    up_to = length("Up to", least=1)
    price = money("costs")


class CapForm(PricedForm):
    PER = (
        ("24h", "each 24 hours from the entry"),
        ("calendar_day", "each calendar day"),
        ("window", "each time between"),
        ("stay", "a whole stay"),
        ("vehicle_day", "a vehicle and day, all its stays"),
    )
    amount = money("At most", least=1)
    per = choice("for", *PER)
    starts = clock("From", required=False)
    ends = clock("To", required=False)
    resets_at = clock("A day begins at", required=False)

    def clean(self):
        told = super().clean()
        if told.get("per") == "window":
            self.need(told, "starts", "ends")
        return told


class OfferForm(PricedForm):
    name = forms.CharField(
        label="Name",
        max_length=40,
        error_messages={"required": "Give it a name, such as Early bird."},
        widget=forms.TextInput({"placeholder": "Early bird", **NO_OFF}),
    )
    price = money("Price")
    days = days("Coming in on these days")
    in_from = clock("In from", required=False)
    in_by = clock("In by", required=False)
    out_from = clock("Out from", required=False)
    out_by = clock("Out by", required=False)
    nights = forms.IntegerField(
        label="Nights",
        min_value=0,
        max_value=31,
        required=False,
        help_text="0: out on the same day.",
        widget=forms.NumberInput({"class": "short"}),
    )


class ShareForm(PricedForm):
    """A class of vehicle or a group of people, and what it pays."""

    name = forms.RegexField(
        r"^[a-zA-Z0-9][a-zA-Z0-9 _-]*$",
        label="Who",
        max_length=30,
        error_messages={
            "required": "Say who, such as motorcycle or resident.",
            "invalid": "Type letters and digits, such as motorcycle or resident.",
        },
        widget=forms.TextInput(NO_OFF),
    )
    percent = forms.IntegerField(
        label="pays, percent of the price",
        min_value=0,
        max_value=1000,
        help_text="50 is half the price, 0 nothing.",
        error_messages={"required": "Type a percentage, such as 50."},
        widget=forms.NumberInput({"class": "short"}),
    )

    def clean_name(self):
        return self.cleaned_data["name"].lower()


def rows_of(form, most, data, prefix, first, currency):
    """The rows of one kind: a formset that holds what was posted, else `first`."""
    kind = TierRows if form is TierForm else Rows
    made = forms.formset_factory(
        form, formset=kind, extra=0, max_num=most, absolute_max=most, validate_max=True
    )
    return made(data, prefix=prefix, initial=list(first), form_kwargs={"currency": currency})


class Rows(forms.BaseFormSet):
    """Rows of one kind, as many as were posted."""

    default_error_messages = {
        "missing_management_form": "Something of the form was lost on the way. Load the page again.",
        "too_many_forms": "There are too many rows: take one away.",
    }

    def get_form_kwargs(self, index):
        # A row that was left empty is a row all the same, and is told what it lacks.
        return {**super().get_form_kwargs(index), "empty_permitted": False}


class TierRows(Rows):
    """The rows of a table of prices: each longer than the one before, and none cheaper."""

    def clean(self):
        before = {}
        for form in self.forms:
            told = form.cleaned_data if form.is_valid() else {}
            if told and before and told["up_to"] <= before["up_to"]:
                form.add_error(
                    "up_to", f"Longer than {typed.minutes_typed(before['up_to'])}, please."
                )
            if told and before and told["price"] < before["price"]:
                form.add_error("price", "A longer stay must not cost less than the row above.")
            before = told or before
