"""Names that nobody guesses."""

import secrets

from billing.rules.codes import LETTERS


def token():
    return secrets.token_urlsafe(24)


def code(length):
    """A voucher's code of so many letters (`billing.rules.codes`), five random bits each."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))
