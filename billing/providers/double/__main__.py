"""`python -m billing.providers.double --port N --webhook URL`: the double, until it is ended."""

import argparse
import os

from billing.providers.double.server import Double

SECRET = "whsec_double"  # noqa: S105 - of practice webhooks; STRIPE_WEBHOOK_SECRET may name another


def main():
    parser = argparse.ArgumentParser(description="A double of Stripe, on this machine only.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one, which it prints")
    parser.add_argument("--webhook", default="", help="where events are sent; nowhere if left out")
    asked = parser.parse_args()
    secret = os.environ.get("STRIPE_WEBHOOK_SECRET") or SECRET
    double = Double(asked.port, asked.webhook, secret)
    print(double.base, flush=True)
    double.serve_forever()


if __name__ == "__main__":
    main()
