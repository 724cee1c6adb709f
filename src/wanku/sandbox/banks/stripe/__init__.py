"""A simulated Stripe, as far as a shop needs it that takes cards on the hosted page and pays back.

PyPI ``localstripe`` was looked at first. It is GPL-3.0, so it could only run as a program beside the tests and never
ship with the sandbox; and it has neither Checkout Sessions nor a page that takes a card, no idempotency keys, no
balance transactions of today's kind, and signs webhooks by the wall clock alone. Hence this one.
"""
