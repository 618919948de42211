"""Who the command line is when it speaks to the services: an auditor, or an administrator.

By MOTCUA_AUDITOR and MOTCUA_ADMINISTRATOR ("login:password"); on one's own machine, without them,
the sample people.
"""

import os

from .local.sample_people import ADMINISTRATOR, AUDITOR, PASSWORD, SamplePerson
from .local.trouble import Trouble
from .walking.province import Caller, Province


def auditor_of(province: Province) -> Caller:
    """Give somebody who may see all and change nothing."""
    return _somebody(province, "auditor", AUDITOR)


def administrator_of(province: Province) -> Caller:
    """Give somebody who may set services right."""
    return _somebody(province, "administrator", ADMINISTRATOR)


def _somebody(province: Province, role: str, sample: SamplePerson) -> Caller:
    variable = f"MOTCUA_{role.upper()}"
    login, _, password = os.environ.get(variable, "").partition(":")
    if login and password:
        return Caller(province, role, login, password)
    if os.environ.get("MOTCUA_ENV", "local") != "local":
        raise Trouble(f"Set {variable} to login:password of an {role}.")
    return Caller(province, role, sample.login, PASSWORD)
