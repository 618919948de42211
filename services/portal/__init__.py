"""The portal: the door people walk through. It owns nothing and decides nothing; it asks the
services.

For now a start page that leads to every service's API documents.
"""
