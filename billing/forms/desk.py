"""What people type at the desk and about the day's money."""

from datetime import timedelta

from django import forms

from billing.takings import MOST_DAYS
from billing.templatetags.money import money, typed
from parking.forms import Words


class WhyForm(forms.Form):
    """Why what is due is given up."""

    why = Words(error_messages={"required": "Say why it is written off, in a few words."})


class MoneyTyped(forms.CharField):
    """An amount as a person types it ("12.50"); clean, it is whole numbers of the smallest unit."""

    def __init__(self, *, currency, least=0, **options):
        self.currency, self.least = currency, least
        look = {"inputmode": "decimal", "autocomplete": "off", "class": "money-field"}
        super().__init__(max_length=20, widget=forms.TextInput(look), **options)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = typed(text, self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if amount < self.least:
            raise forms.ValidationError(f"At least {money(self.least, self.currency)}.")
        return amount


class OpenShiftForm(forms.Form):
    """A person begins at a desk, with so much cash in the drawer."""

    desk = forms.CharField(max_length=40, initial="Desk", help_text="The desk or booth's name.")

    def __init__(self, *words, currency, **named):
        super().__init__(*words, **named)
        self.fields["float_amount"] = MoneyTyped(
            currency=currency,
            label="Cash in the drawer",
            help_text=f"In {currency}, before anybody pays.",
            error_messages={"required": "Count the drawer. Type 0 if it is empty."},
        )


class CloseShiftForm(forms.Form):
    """What was counted at the end; `why` is asked for when it differs from what is expected."""

    def __init__(self, *words, currency, expected, **named):
        super().__init__(*words, **named)
        self.currency, self.expected = currency, expected
        self.fields["counted"] = MoneyTyped(
            currency=currency,
            label="Cash counted",
            help_text=f"All cash in the drawer now, in {currency}, the float included.",
            error_messages={"required": "Count the drawer. Type 0 if it is empty."},
        )
        self.fields["why"] = Words(
            required=False, label="Why it differs", help_text="Needed only if it differs."
        )

    def clean(self):
        told = super().clean()
        counted = told.get("counted")
        if counted is not None and counted != self.expected and not told.get("why", "").strip():
            off = counted - self.expected
            word = "more" if off > 0 else "less"
            self.add_error(
                "why",
                f"That is {money(abs(off), self.currency)} {word} than the "
                f"{money(self.expected, self.currency)} expected. Count again, or say why.",
            )
        return told


class TakeForm(forms.Form):
    """Money over the desk: what the page showed as due, and either cash given or a terminal's slip."""

    way = forms.ChoiceField(choices=[("cash", "cash"), ("terminal", "terminal")])
    shown = forms.IntegerField(min_value=1)
    key = forms.RegexField("^[A-Za-z0-9_-]{20,40}$")
    slip = forms.CharField(max_length=40, required=False)
    stayed = forms.BooleanField(required=False)

    def __init__(self, *words, currency, **named):
        super().__init__(*words, **named)
        self.currency = currency
        self.fields["given"] = MoneyTyped(currency=currency, required=False)

    def clean(self):
        told = super().clean()
        way, shown = told.get("way"), told.get("shown") or 0
        if way == "terminal" and not told.get("slip", "").strip():
            self.add_error("slip", "Type the number on the terminal's slip.")
        if way == "cash" and "given" in told:
            given = told["given"]
            if given is None:
                self.add_error("given", "Type how much cash was given.")
            elif given < shown:
                lacking = money(shown - given, self.currency)
                self.add_error("given", f"{lacking} is missing.")
        return told


class RefundForm(forms.Form):
    """How much of a payment goes back, and why."""

    def __init__(self, *words, currency, **named):
        super().__init__(*words, **named)
        self.fields["amount"] = MoneyTyped(
            currency=currency, least=1, label=f"Amount in {currency}"
        )
        self.fields["why"] = Words(
            label="Why", error_messages={"required": "Say why it goes back, in a few words."}
        )


class CloseRefundForm(forms.Form):
    """What became of a refund that failed."""

    why = Words(error_messages={"required": "Say what became of it, in a few words."})


class ExportForm(forms.Form):
    """Which days of the ledger, and as what."""

    first = forms.DateField(
        label="From",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the first day.", "invalid": "Choose the first day."},
    )
    last = forms.DateField(
        label="To",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the last day.", "invalid": "Choose the last day."},
    )
    form = forms.ChoiceField(label="As", choices=[("csv", "CSV"), ("xlsx", "Excel")])

    def clean(self):
        told = super().clean()
        first, last = told.get("first"), told.get("last")
        if first and last and not 1970 <= first.year <= last.year <= 2999:
            raise forms.ValidationError("Choose days between 1970 and 2999, the first one first.")
        if first and last and not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise forms.ValidationError("Choose at most a year, the first day first.")
        return told
