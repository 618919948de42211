"""Owns what is owed, what was paid, receipts and refunds.

Publishes the events of `contracts/payment.py`; reacts to fees required, exemptions granted, and
dossiers that end. The bank is believed by its signature, the browser never.
"""
