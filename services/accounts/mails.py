"""Mails that carry a code, and their words. The code is derived when the mail is written."""

from chassis.errands import Errand, Hopeless, Job
from chassis.mail import MailRefused, send_mail
from chassis.settings import Settings

from .queries import Queries
from .registrations import Registrations, Waiting

_CODE = {
    "vi": (
        "Mã xác nhận tài khoản Một Cửa",
        "Mã xác nhận của Ông/Bà: {code}\n\nMã dùng được một lần, trong 10 phút. Không đưa mã cho "
        "ai, kể cả cán bộ.\nNếu Ông/Bà không đăng ký tài khoản, xin bỏ qua thư này.\n",
    ),
    "en": (
        "Your Một Cửa code",
        "Your code: {code}\n\nIt works once, within 10 minutes. Give it to nobody, officers "
        "included.\nIf you did not ask for an account, ignore this mail.\n",
    ),
}
_KNOWN = {
    "vi": (
        "Ông/Bà đã có tài khoản Một Cửa",
        "Có người vừa đăng ký tài khoản với địa chỉ này, nhưng địa chỉ đã có tài khoản.\n"
        "Nếu là Ông/Bà, xin đăng nhập. Nếu không, Ông/Bà không cần làm gì.\n",
    ),
    "en": (
        "You have a Một Cửa account",
        "Somebody has just asked for an account with this address, which has one already.\n"
        "If it was you, sign in. If not, there is nothing to do.\n",
    ),
}
_INVITATION = {
    "vi": (
        "Thư mời dùng Một Cửa",
        "Ông/Bà được mời làm việc trên Một Cửa.\n\nMã thư mời: {invitation}\nMã: {code}\n\n"
        "Hãy dùng mã để đặt mật khẩu trong 3 ngày. Không đưa mã cho ai.\n",
    ),
    "en": (
        "Your invitation to Một Cửa",
        "You are invited to work with Một Cửa.\n\nInvitation: {invitation}\nCode: {code}\n\n"
        "Use them to choose a password within 3 days. Give the code to nobody.\n",
    ),
}


def mail_code(settings: Settings, registrations: Registrations, queries: Queries) -> Errand:
    """Make the errand that mails a code, or says that there is an account already."""

    async def mail(job: Job) -> None:
        waiting = await registrations.waiting(job.subject)
        if waiting is None or waiting.issue != job.payload["issue"]:
            return  # proven meanwhile, or another code was asked for
        known = waiting.purpose == "registration" and await queries.has_account(waiting.email)
        subject, text = _words(waiting, registrations.code(waiting), known=known)
        try:
            await send_mail(
                settings,
                to=waiting.email,
                subject=subject,
                text=text,
                message_id=str(job.errand_id),
            )
        except MailRefused as cause:
            raise Hopeless(f"the relay refused the address: {cause}") from None

    return Errand(mail)


def _words(waiting: Waiting, code: str, *, known: bool) -> tuple[str, str]:
    words = _KNOWN if known else _CODE if waiting.purpose == "registration" else _INVITATION
    subject, text = words[waiting.language]
    return subject, text.format(code=code, invitation=waiting.registration_id)
