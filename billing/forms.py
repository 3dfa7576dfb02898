"""What a driver types."""

from django import forms

from parking.rules import plates


class PlateForm(forms.Form):
    """A plate, in any spelling; `cleaned_data["plate"]` is canonical."""

    plate = forms.CharField(
        max_length=40,
        error_messages={
            "required": "Type the plate of your car.",
            "max_length": "A number plate has at most 12 letters and digits.",
        },
    )

    def clean_plate(self):
        try:
            return plates.canonical(self.cleaned_data["plate"])
        except plates.NotAPlate as error:
            raise forms.ValidationError(str(error)) from error


class ShownForm(forms.Form):
    """What the page said that is due; only compared, never charged."""

    shown = forms.IntegerField(required=False)
