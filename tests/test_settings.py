"""What the environment says is what the settings hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "MOCK_WEBHOOK_SECRET"]
)
@pytest.mark.parametrize("secret", ["$ecret-that-begins-so", "a$b#c=d&e"])
def test_a_secret_is_taken_as_it_stands(tmp_path, name, secret):
    env = {**os.environ, "TICKETLESS_VAR": str(tmp_path), name: secret}
    asked = f"from config import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stdout.strip() == secret, done.stderr
