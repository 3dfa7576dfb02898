"""What people type about validations and vouchers."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from billing.models import Kind, Validator, VoucherBatch
from billing.models.validations import MOST
from billing.rules import codes
from billing.templatetags.money import DECIMALS
from parking.forms import Moment, PlateTyped, Words

MOST_VOUCHERS = 500  # of one batch; a print of more is nobody's
REQUIRED_PLATE = "Type the plate of the car."


class Much(forms.DecimalField):
    """How much: minutes, percent, or money as people write it ("2.50")."""

    def __init__(self, **options):
        super().__init__(max_digits=10, decimal_places=3, **options)


def smallest_unit(currency):
    """How many of the smallest unit make one: 100 for GBP."""
    return 10 ** DECIMALS.get(currency, 2)


def counted(value, kind, currency):
    """What was typed (Decimal) as a whole number of minutes, percent or the smallest unit.

    Raises ValidationError with a sentence.
    """
    number = value * smallest_unit(currency) if kind == Kind.MONEY else value
    if number != number.to_integral_value():
        raise ValidationError("Give a whole number, or money as you would write it: 2.50.")
    if not 0 < number <= MOST:
        raise ValidationError("Give more than nothing, and not more than a car park ever costs.")
    if kind == Kind.PERCENT and number > 100:
        raise ValidationError("At most 100 percent.")
    return int(number)


def typed(amount, kind, currency):
    """An amount as a person would type it: 200 of money is 2.00."""
    if kind != Kind.MONEY or amount is None:
        return amount
    places = DECIMALS.get(currency, 2)
    return (Decimal(amount) / smallest_unit(currency)).quantize(Decimal(1).scaleb(-places))


class GiftForm(forms.ModelForm):
    """So much of a kind; money is typed as people write it."""

    kind = forms.ChoiceField(
        label="What it gives", choices=Kind.choices, initial=Kind.MINUTES, widget=forms.RadioSelect
    )
    amount = Much(label="How much", help_text="60 minutes, 50 percent, or 2.50 of money.")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        currency = self.instance.car_park.currency
        self.initial["amount"] = typed(self.instance.amount, self.instance.kind, currency)
        self.fields["kind"].choices = [
            (word, f"{name}, in {currency}" if word == Kind.MONEY else name)
            for word, name in Kind.choices
        ]

    def clean(self):
        told = super().clean()
        if told.get("amount") is not None and told.get("kind"):
            try:
                currency = self.instance.car_park.currency
                told["amount"] = counted(told["amount"], told["kind"], currency)
            except ValidationError as error:
                self.add_error("amount", error)
        return told


class ValidatorForm(GiftForm):
    field_order = ["name", "kind", "amount", "a_month"]

    class Meta:
        model = Validator
        fields = ["name", "kind", "amount", "a_month"]
        labels = {"name": "Shop or house", "a_month": "Stays in a month, at most"}
        help_texts = {"name": "As drivers read it on their receipt.", "a_month": ""}

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = self.instance.car_park.validators.filter(name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError("There is one of this name: change that one.")
        return name


class BatchForm(GiftForm):
    count = forms.IntegerField(
        label="How many vouchers", min_value=1, max_value=MOST_VOUCHERS, initial=20
    )
    uses = forms.IntegerField(
        label="Each good for how many stays", min_value=1, max_value=10_000, initial=1
    )
    length = forms.TypedChoiceField(
        label="Code",
        choices=[
            (codes.LONG, "long, for a printed QR code"),
            (codes.SHORT, "short, to be typed or read aloud"),
        ],
        coerce=int,
        initial=codes.LONG,
        widget=forms.RadioSelect,
    )
    starts_at = Moment(label="Good from")
    ends_at = Moment(label="Until", required=False, help_text="Empty: until somebody ends them.")
    field_order = ["name", "kind", "amount", "count", "uses", "length", "starts_at", "ends_at"]

    class Meta:
        model = VoucherBatch
        fields = ["name", "kind", "amount", "starts_at", "ends_at"]
        labels = {"name": "What for"}
        help_texts = {"name": "As drivers read it on their receipt: Summer fair, Hotel guests."}

    def clean(self):
        told = super().clean()
        starts, ends = told.get("starts_at"), told.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "The end must come after the start.")
        return told


class ShopForm(forms.Form):
    """A customer's plate, and less than the most where the shop gives less."""

    plate = PlateTyped(max_length=40, error_messages={"required": REQUIRED_PLATE})
    amount = Much(label="How much", required=False)

    def __init__(self, *args, validator, **options):
        super().__init__(*args, **options)
        self.validator = validator

    def clean_amount(self):
        if (value := self.cleaned_data["amount"]) is None:
            return None
        shop = self.validator
        number = counted(value, shop.kind, shop.car_park.currency)
        if number > shop.amount:
            raise ValidationError(f"At most {shop.words} for one stay.")
        return number


class DeskForm(forms.Form):
    """Somebody with an account validates a stay for a shop, and says why."""

    validator = forms.ModelChoiceField(
        label="For whom",
        queryset=Validator.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose the shop that pays."},
    )
    plate = PlateTyped(max_length=40, error_messages={"required": REQUIRED_PLATE})
    why = Words(
        label="Why",
        help_text="A few words. They are kept with your name.",
        error_messages={"required": "Say why, in a few words. It is kept with your name."},
    )

    def __init__(self, *args, car_park, **options):
        super().__init__(*args, **options)
        self.fields["validator"].queryset = car_park.validators.filter(ended_at=None)
        self.fields["validator"].label_from_instance = lambda one: f"{one.name}: {one.words}"


class WhyForm(forms.Form):
    why = Words(error_messages={"required": "Say why, in a few words. It is kept with your name."})


class CodeForm(forms.Form):
    """A voucher's code as a driver types it."""

    code = forms.CharField(
        max_length=80, error_messages={"required": "Type the code that is on your voucher."}
    )
