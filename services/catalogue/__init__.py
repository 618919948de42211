"""The catalogue: agencies, procedures in immutable published versions, days that are not worked.

Owns them all; publishes every change whole, so that others keep their own copies and work while
the catalogue is down. Reacts to nobody.
"""
