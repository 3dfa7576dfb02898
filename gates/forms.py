"""What people type into the control room's pages."""

from django import forms

from parking.forms import PlateTyped


class WhyForm(forms.Form):
    """A reason for an order: somebody will ask for it later."""

    why = forms.CharField(
        label="Why",
        max_length=200,
        error_messages={"required": "Say why, in a few words. It is kept with the order."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
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
    why = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 200}),
    )
