"""Owns the messages to people: who is told what, by which channel, and whether it arrived.

Publishes the events of `contracts/notification.py`; reacts to what happens to dossiers and to
payments. Where a person can be reached is asked from accounts at the moment of sending.
"""
