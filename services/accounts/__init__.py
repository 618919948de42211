"""Accounts: who people are, how they prove it, and who may act for which agency; their own papers.

Owns persons, organisations, appointments, sessions and the personal document store. Publishes ids
and facts alone: names, numbers and addresses stay here, where they can be corrected and erased.
Reacts to nobody.
"""
