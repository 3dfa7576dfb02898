"""What a driver types."""

from django import forms

from billing.disputes import LONGEST, WRONG
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
    """What the page said that is due; only compared, never charged. `stayed`: the driver says that the car
    was here all the time."""

    shown = forms.IntegerField(required=False)
    stayed = forms.BooleanField(required=False)


class DisputeForm(forms.Form):
    """What a driver says is wrong with a stay; `words` may be empty."""

    what = forms.ChoiceField(
        choices=[(word, label) for word, (label, _) in WRONG.items()],
        error_messages={
            "required": "Choose what is wrong.",
            "invalid_choice": "Choose what is wrong.",
        },
    )
    words = forms.CharField(required=False, max_length=LONGEST)


class AddressForm(forms.Form):
    """Where a driver wants a letter; kept no longer than it is needed."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Type your e-mail address.",
            "invalid": "This is no e-mail address: it has an @, as in name@example.com.",
        },
    )
