"""What a driver types."""

from django import forms

from parking.forms import PlateTyped


class PlateForm(forms.Form):
    """A plate, in any spelling; `cleaned_data["plate"]` is canonical."""

    plate = PlateTyped(
        max_length=40,
        error_messages={
            "required": "Type the plate of your car.",
            "max_length": "A number plate has at most 12 letters and digits.",
        },
    )


class ShownForm(forms.Form):
    """What the page said that is due; only compared, never charged."""

    shown = forms.IntegerField(required=False)
