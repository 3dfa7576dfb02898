"""What `manage.py check` says of payments before a driver would."""

from django.conf import settings
from django.core.checks import Error, register

from billing.providers import PROVIDERS, Can, able, stripe


@register()
def the_pay_page_can_take_money(app_configs, **more):
    """The chosen provider exists, and has the keys that it needs."""
    if not able(settings.PAYMENT_PROVIDER, Can.PAGE):
        choices = ", ".join(name for name in PROVIDERS if able(name, Can.PAGE))
        sentence = f"PAYMENT_PROVIDER is '{settings.PAYMENT_PROVIDER}'; there are: {choices}."
        return [Error(sentence, id="billing.E001")]
    if settings.PAYMENT_PROVIDER != "stripe":
        return []
    return [Error(sentence, id="billing.E002") for sentence in stripe.problems()]
