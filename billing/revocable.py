"""Addresses that stay good until somebody revokes them: signed, and numbered by the row they open.

The row keeps the number of its good link (`link`); counting it up makes all earlier ones dead. Nothing
that opens a door is stored.
"""

from django.core import signing
from django.db.models import F


def token(row):
    """What stands in the address of the page that this row opens."""
    return _signer(type(row)).sign_object([row.pk, row.link])


def row_of(rows, signed):
    """The row among `rows` (a queryset) that a token opens; None for a forged or a revoked one."""
    try:
        pk, link = _signer(rows.model).unsign_object(signed)
    except signing.BadSignature:
        return None
    return rows.filter(pk=pk, link=link).first()


def revoke(row):
    """Make a new link for this row; the earlier ones are dead at once."""
    type(row).objects.filter(pk=row.pk).update(link=F("link") + 1)
    row.refresh_from_db(fields=["link"])


def _signer(model):
    return signing.Signer(salt=f"link of {model._meta.label_lower}")
