"""What people type about permits and blocked plates."""

from django import forms
from django.core.exceptions import ValidationError

from parking.models import BlockedPlate, Permit
from parking.rules import plates


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


class PermitForm(DatedForm):
    class Meta:
        model = Permit
        fields = ["plate", "holder", "starts_at", "ends_at", "note"]
        labels = {"holder": "Holder", "note": "Note"}


class BlockedPlateForm(DatedForm):
    class Meta:
        model = BlockedPlate
        fields = ["plate", "why", "starts_at", "ends_at"]
        labels = {"why": "Why"}
