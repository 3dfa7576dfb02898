"""What people type about autopay."""

from django import forms
from django.core.exceptions import ValidationError

from billing.forms.validations import Much, counted, typed
from billing.models import Kind


class Limit(forms.Form):
    """The largest charge that its owner allows, typed as money; `cleaned_data["most"]` in the smallest
    unit."""

    most = Much(
        label="At most this much for one stay",
        help_text="Above it you are asked on your phone, as without autopay.",
        error_messages={"required": "Say how much at most. Above it you are asked first."},
    )

    def __init__(self, *args, currency, **options):
        super().__init__(*args, **options)
        self.currency = currency
        self.fields["most"].label += f", in {currency}"

    def clean_most(self):
        return counted(self.cleaned_data["most"], Kind.MONEY, self.currency)


class RegisterForm(Limit):
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="You confirm there, and are told of every charge.",
        max_length=254,
        error_messages={"required": "Type the address that you read."},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    field_order = ["email", "most"]

    def __init__(self, *args, currency, usual, **options):
        first = {"most": typed(usual, Kind.MONEY, currency)}
        super().__init__(*args, currency=currency, initial=first, **options)

    def clean_email(self):
        email = self.cleaned_data["email"]
        # A second address, or a header, hidden in the first.
        if any(one in email for one in ",;\r\n"):
            raise ValidationError("Type one e-mail address.")
        return email


class LinkForm(forms.Form):
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        error_messages={"required": "Type the address that you registered."},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
