"""Names that nobody guesses."""

import secrets


def token():
    return secrets.token_urlsafe(24)
