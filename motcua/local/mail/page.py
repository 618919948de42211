"""The catcher's page: the latest mails, plain HTML without scripts."""

from collections.abc import Sequence
from html import escape

from .mailbox import Mail

_STYLE = """
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto;
  padding: 0 1rem; color: #1b1b1b; background: #fff }
.note { background: #fff4ce; border-left: .3rem solid #8a6100; padding: .5rem 1rem }
summary { padding: .4rem 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: 1rem }
"""


def mail_page(mails: Sequence[Mail]) -> str:
    """Show mails, each behind its subject."""
    rows = "".join(_mail(mail) for mail in mails) or "<p>Chưa có thư nào. / No mail yet.</p>"
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hộp thư thử nghiệm / Mail catcher</title><style>{_STYLE}</style></head>
<body><h1>Hộp thư thử nghiệm / Mail catcher</h1>
<p class="note">Không thư nào rời khỏi máy này. / No mail leaves this machine.</p>
{rows}</body></html>"""


def _mail(mail: Mail) -> str:
    return (
        f"<details><summary><b>{escape(mail.subject)}</b><br>"
        f"{escape(mail.to)} · {escape(mail.at)}</summary>"
        f"<pre>{escape(mail.text)}</pre></details>"
    )
