"""Alipay as shops meet it: one address for every call, signed both ways, and notices as forms.

Sources: opendocs.alipay.com for the calls, their fields and codes; the texts that are signed are the ones that
``python-alipay-sdk`` signs and verifies.
"""
