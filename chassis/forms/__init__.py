"""The language of forms: what a definition may say, and what its rules mean.

Pure. The catalogue refuses bad definitions with it, submission checks filled forms with it; nothing
is ever evaluated but the few words allowed here.
"""

from .definition import Fault, check_definition
from .schema import json_schema

__all__ = ["Fault", "check_definition", "json_schema"]
