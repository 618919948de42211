"""What the forms of a draft can be filled with: by what the account tells, and by the agency."""

from datetime import datetime
from typing import Any

from contracts.values import VIETNAM

from .drafting import Opened
from .forms.prefill import KnownAgency, prefill
from .gateway import Accounts


async def prefilled(
    opened: Opened, accounts: Accounts, bearer: str, at: datetime
) -> dict[str, dict[str, Any]]:
    """Fill in, by form, what is known: the chosen form, or each that is offered."""
    forms = opened.procedure.forms
    chosen = [form for form in forms if form.code == opened.draft.content.form]
    if not forms:
        return {}
    applicant, name = await accounts.known(bearer), opened.agency.name_vi
    agency, today = KnownAgency(name, name.removeprefix("UBND ")), at.astimezone(VIETNAM).date()
    return {form.code: prefill(form, applicant, agency, today) for form in chosen or forms}
