"""The language between services: events, their envelope, and the values they carry.

A contract is a promise to strangers. It may grow by optional fields; anything else is a new version
on the wire, with an upcaster in the service that reads it and a sample that is never edited. No
behaviour lives here.
"""
