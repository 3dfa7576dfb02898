"""What the environment says is what the settings hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def python(folder, words, **more):
    env = {**os.environ, "TICKETLESS_VAR": str(folder), **more}
    return subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env=env, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/pay/town/WyJ0IiwiMDAwIl0:s1gn4ture/nowhere", "Not Found: /pay/..."),
        ("/receipt/R3ceipt/nowhere/at/all", "Not Found: /receipt/..."),
        ("/display/k3y/a/b/c", "Not Found: /display/..."),
        ("/lanes/north/nowhere/", "Not Found: /lanes/north/nowhere/"),
    ],
)
def test_the_log_does_not_tell_an_address_that_opens_a_page(tmp_path, address, told):
    asked = f"""
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.test import Client
assert Client(headers={{"host": "localhost"}}).get("{address}").status_code == 404
"""
    done = python(tmp_path, asked, SECRET_KEY="x")
    assert (done.stderr.strip(), done.returncode) == (told, 0)


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "MOCK_WEBHOOK_SECRET"]
)
@pytest.mark.parametrize("secret", ["$ecret-that-begins-so", "a$b#c=d&e"])
def test_a_secret_is_taken_as_it_stands(tmp_path, name, secret):
    asked = f"from config import settings; print(settings.{name})"
    done = python(tmp_path, asked, **{name: secret})
    assert done.stdout.strip() == secret, done.stderr
