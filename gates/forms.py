"""What people type into the control room's pages."""

from datetime import timedelta

from django import forms

from parking.forms import Moment, PlateTyped, Words
from parking.models import Period
from parking.periods import running

OLDEST_COUNT = timedelta(days=7)


class WhyForm(forms.Form):
    """A reason for an order: somebody will ask for it later."""

    why = Words(
        label="Why",
        error_messages={"required": "Say why, in a few words. It is kept with the order."},
    )


class SettleForm(WhyForm):
    """Why a doubt is none: the stay may be charged after it."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        missing = "Say what you looked at, in a few words. It is kept with the doubt."
        self.fields["why"].error_messages["required"] = missing


class PlateForm(forms.Form):
    """What the plate really is."""

    plate = PlateTyped(label="Plate")
    why = Words(label="Why", required=False)


class PeriodForm(forms.ModelForm):
    """A barrier that stood open, or a lane that was off, as a person knows it."""

    lane = forms.ChoiceField()
    starts_at = Moment(label="From")
    ends_at = Moment(label="Until", required=False, help_text="Empty: it is so still.")
    cause = Words(
        label="What happened", error_messages={"required": "Say in a few words what happened."}
    )

    class Meta:
        model = Period
        fields = ["lane", "kind", "starts_at", "ends_at", "cause"]
        labels = {"kind": "What it was"}

    def __init__(self, *args, car_park, now, **options):
        super().__init__(*args, **options)
        self.instance.car_park, self.now = car_park, now
        names = car_park.lanes.values_list("name", flat=True)
        self.fields["lane"].choices = [(name, name) for name in names]

    def clean(self):
        told = super().clean()
        if any(told.get(end) and told[end] > self.now for end in ("starts_at", "ends_at")):
            raise forms.ValidationError("Nobody knows yet what will be: choose times until now.")
        where = self.instance.car_park, told.get("lane"), told.get("kind")
        if not told.get("ends_at") and running(*where):
            raise forms.ValidationError(
                "One runs there already: end that first, or give this an end."
            )
        return told

    def save(self, *, by):
        self.instance.opened_by, self.instance.noted_at = by, self.now
        return super().save()


class CountForm(forms.Form):
    """What a person counted, and when."""

    number = forms.IntegerField(
        label="Vehicles on the visitors' places",
        min_value=0,
        max_value=100_000,
        error_messages={"required": "Say how many you counted."},
    )
    at = Moment(label="Counted at")

    def __init__(self, *args, now, **options):
        super().__init__(*args, initial={"at": now}, **options)
        self.now = now

    def clean_at(self):
        at = self.cleaned_data["at"]
        if not self.now - OLDEST_COUNT <= at <= self.now:
            raise forms.ValidationError("Choose a time of the last seven days.")
        return at
