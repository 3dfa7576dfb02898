"""A double of Stripe: as much of its API as this product uses, with a memory, over HTTP.

It is a program of its own (`python -m billing.providers.double`) that the real `stripe` library talks to, so
that tests, benchmarks and the demo go the whole way without keys. It moves no money and keeps nothing on
disk. How it behaves was written down from Stripe's public documentation and the library's types, and was
never compared with Stripe itself.
"""
