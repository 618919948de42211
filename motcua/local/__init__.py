"""A province on one machine: Postgres, Kafka, mail catcher and sandbox bank, started and stopped
from wheels.

The only code that knows how; `motcua up` and the tests' fixtures use it, nothing else does.
"""
