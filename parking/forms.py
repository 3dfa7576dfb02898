"""What people type about permits and blocked plates."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError

from parking.models import BlockedPlate, Entitlement, Permit, Pool
from parking.rules import plates
from parking.rules.permits import DAYS, Hours, hours_kept

MOST_PLATES = 500  # of one pool
TONIGHT = time(23, 59)


class PlateTyped(forms.CharField):
    """A plate as a person types it, brought to its one spelling, or refused in a sentence."""

    def __init__(self, **options):
        look = {"class": "plate-field", "autocomplete": "off", "autocapitalize": "characters"}
        required = "Type the plate: letters and digits, as on the picture."
        super().__init__(
            **{
                "widget": forms.TextInput(attrs={**look, "spellcheck": "false"}),
                "error_messages": {"required": required},
                **options,
            }
        )

    def clean(self, value):
        text = super().clean(value)
        try:
            return plates.canonical(text) if text else ""
        except plates.NotAPlate as error:
            raise ValidationError(str(error)) from error


class Words(forms.CharField):
    """A reason or a remark in a few words, kept as it was typed."""

    def __init__(self, **options):
        look = {"autocomplete": "off", "maxlength": 200}
        super().__init__(max_length=200, widget=forms.TextInput(look), **options)


class Moment(forms.DateTimeField):
    """A date and time in the car park's zone (the page's current zone)."""

    def __init__(self, **options):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **options)

    def clean(self, value):
        moment = super().clean(value)
        if moment and not 1970 <= moment.year <= 2999:
            raise ValidationError("Choose a year between 1970 and 2999.")
        return moment


class DatedForm(forms.ModelForm):
    plate = PlateTyped()
    starts_at = Moment(label="Valid from")
    ends_at = Moment(label="Until", required=False, help_text="Empty: until somebody ends it.")


class WeeklyForm(forms.ModelForm):
    """Hours of the week and lanes, picked; nothing picked means always, and everywhere.

    `lanes`: the names of the car park's entries, which only the caller knows.
    """

    days = forms.TypedMultipleChoiceField(
        label="On these days",
        help_text="Nothing ticked: on every day.",
        choices=[(number, name[:3]) for number, name in enumerate(DAYS)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(label="From", required=False, widget=forms.TimeInput({"type": "time"}))
    closes = forms.TimeField(
        label="To",
        help_text="Both empty: all day. An earlier time is on the next morning.",
        required=False,
        widget=forms.TimeInput({"type": "time"}),
    )
    lanes = forms.MultipleChoiceField(
        label="At these entries",
        help_text="Nothing ticked: at all of them. It may leave by every exit.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, lanes=(), **options):
        super().__init__(*args, **options)
        # A lane that is gone stays ticked until somebody takes it out: nothing changes unseen.
        names = [*lanes, *(name for name in self.instance.lanes if name not in lanes)]
        self.fields["lanes"].choices = [(name, name) for name in names]
        self.fields["lanes"].initial = self.instance.lanes
        if not names:
            del self.fields["lanes"]
        for first in self.instance.weekly[:1]:
            whole = first.start == first.end == time.min
            times = {} if whole else {"opens": first.start, "closes": first.end}
            self.initial.update({"days": first.days, **times})
        if besides := " and ".join(map(str, self.instance.weekly[1:])):
            self.fields["days"].help_text += f" Besides these it is valid {besides}."

    def clean(self):
        told = super().clean()
        opens, closes = told.get("opens"), told.get("closes")
        if (opens is None) != (closes is None) and not {"opens", "closes"} & set(self.errors):
            self.add_error("closes", "Give both times, or none for the whole day.")
        return told

    def save(self, commit=True):
        self.instance.hours = [*hours_kept(self._picked()), *self.instance.hours[1:]]
        self.instance.lanes = self.cleaned_data.get("lanes", self.instance.lanes)
        return super().save(commit)

    def _picked(self):
        days = tuple(sorted(self.cleaned_data["days"]))
        opens, closes = self.cleaned_data["opens"], self.cleaned_data["closes"]
        if not days and opens is None:
            return ()
        all_days = tuple(range(len(DAYS)))
        return (Hours(days or all_days, opens or time.min, closes or time.min),)


class PermitForm(DatedForm, WeeklyForm):
    field_order = ["plate", "holder", "starts_at", "ends_at", "days", "opens", "closes", "lanes"]

    class Meta:
        model = Permit
        fields = ["plate", "holder", "starts_at", "ends_at", "visits", "group", "note"]
        labels = {
            "holder": "Holder",
            "note": "Note",
            "visits": "Number of visits",
            "group": "Rate group",
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.instance.pool_id:  # it has its pool's
            for name in ("days", "opens", "closes", "lanes", "group"):
                self.fields.pop(name, None)

    def save(self, commit=True):
        return forms.ModelForm.save(self, commit) if self.instance.pool_id else super().save(commit)


class VisitorForm(forms.ModelForm):
    """A pass for somebody who comes today: three things to say, and it is there."""

    UNTIL = (("tonight", "Tonight"), ("tomorrow", "Tomorrow night"), ("day", "A later day"))

    plate = PlateTyped()
    until = forms.ChoiceField(
        label="Until", choices=UNTIL, initial="tonight", widget=forms.RadioSelect
    )
    last_day = forms.DateField(
        label="The later day",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Permit
        fields = ["plate", "holder", "until", "last_day", "visits", "note"]
        labels = {"holder": "Who comes", "visits": "Number of visits", "note": "To whom, or why"}

    def __init__(self, *args, now, **options):
        super().__init__(*args, **options)
        self.now = now

    def clean(self):
        told, today = super().clean(), self.now.astimezone(self.instance.car_park.zone).date()
        days = {"tonight": today, "tomorrow": today + timedelta(days=1)}
        last = days.get(told.get("until"), told.get("last_day"))
        if "last_day" in self.errors:
            return told
        if last is None or not today <= last <= today + timedelta(days=366):
            self.add_error("last_day", "Choose a day from today to a year from now.")
        else:
            told["ends_at"] = datetime.combine(last, TONIGHT, self.instance.car_park.zone)
        return told

    def save(self, commit=True):
        self.instance.visitor, self.instance.starts_at = True, self.now
        self.instance.ends_at = self.cleaned_data["ends_at"]
        return super().save(commit)


class PlatesTyped(forms.CharField):
    """Plates, one a line; each brought to its one spelling, and a wrong one named."""

    def __init__(self, **options):
        look = {"rows": 10, "class": "plates", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.Textarea(look), **options)

    def clean(self, value):
        found, wrong = {}, []
        for number, line in enumerate(super().clean(value).splitlines(), 1):
            try:
                found.update({plates.canonical(line): number} if line.strip() else {})
            except plates.NotAPlate as error:
                wrong.append(f"Line {number}: {error}")
        if wrong:
            raise ValidationError(wrong[:5])
        if len(found) > MOST_PLATES:
            raise ValidationError(f"A pool has at most {MOST_PLATES} plates: make two of it.")
        return list(found)


class PoolForm(WeeklyForm):
    plates = PlatesTyped(
        label="Plates",
        help_text="One a line. A line that you take out ends that plate's permit now.",
        required=False,
    )
    field_order = ["name", "at_once", "plates", "days", "opens", "closes", "lanes"]

    class Meta:
        model = Pool
        fields = ["name", "at_once", "group", "note"]
        labels = {
            "name": "Firm",
            "at_once": "Inside at once, at most",
            "group": "Rate group",
            "note": "Note",
        }

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.car_park.pools.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a pool of this name: change that one.")
        return name


class EntitlementForm(forms.ModelForm):
    hours = forms.FloatField(
        label="Free for how many hours",
        help_text="From the entry on. Empty: the whole stay.",
        required=False,
        min_value=0.25,
        max_value=24 * 7,
    )

    class Meta:
        model = Entitlement
        fields = ["name", "hours"]
        labels = {"name": "What it is called"}
        help_texts = {"name": "Disabled badge, carer, staff; never a person's name."}

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.instance.car_park.entitlements.filter(name=name).exists():
            raise ValidationError("There is one of this name.")
        return name

    def save(self, commit=True):
        hours = self.cleaned_data["hours"]
        self.instance.free_for = timedelta(hours=hours) if hours else None
        return super().save(commit)


class ConfirmForm(forms.Form):
    """A person says that somebody is entitled, for this visit: what to, and what was seen."""

    entitlement = forms.ModelChoiceField(
        label="Entitlement",
        queryset=Entitlement.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose what the person is entitled to."},
    )
    why = Words(
        label="What you saw, or who said it",
        help_text="A few words. No health details and no badge number.",
        error_messages={"required": "Say why, in a few words. It is kept with your name."},
    )

    def __init__(self, *args, car_park, **options):
        super().__init__(*args, **options)
        self.fields["entitlement"].queryset = car_park.entitlements.filter(ended_at=None)


class BlockedPlateForm(DatedForm):
    class Meta:
        model = BlockedPlate
        fields = ["plate", "why", "starts_at", "ends_at"]
        labels = {"why": "Why"}
