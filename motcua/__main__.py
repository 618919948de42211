"""`python -m motcua`: the same as `motcua`."""

from .cli import app

app()
