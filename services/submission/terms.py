"""What a dossier will be held to: a published procedure version at a chosen agency. Pure."""

from datetime import date
from typing import Literal

from chassis.decider import Refusal
from contracts.catalogue import Agency, AgencyKind, ProcedureVersion
from contracts.values import AgencyName, FeeRule, FeeTiming, Terms


class NotOnline(Refusal):
    """Thủ tục này chưa nhận hồ sơ trực tuyến; hãy nộp tại bộ phận một cửa. |
    This procedure is not taken online; hand it in at the desk.
    """


class NotForThisApplicant(Refusal):
    """Thủ tục này không dành cho loại tài khoản của bạn; hãy dùng tài khoản khác. |
    This procedure is not open to your kind of account; use another one.
    """


class AgencyReceivesNothing(Refusal):
    """Cơ quan này không nhận hồ sơ của thủ tục đã chọn; hãy chọn UBND xã hoặc phường khác. |
    This agency does not take dossiers of this procedure; choose another commune.
    """


def terms_of(
    procedure: ProcedureVersion,
    agency: Agency,
    applicant: Literal["citizen", "organisation"],
    today: date,
) -> Terms:
    """Hold a new dossier to the version in force; refuses what may not be handed in online, here,
    or by them.
    """
    if procedure.level < 3:
        raise NotOnline(procedure.key)
    if applicant not in procedure.eligible:
        raise NotForThisApplicant(applicant)
    if not receives(agency, procedure.agency_level, today):
        raise AgencyReceivesNothing(agency.code)
    name = AgencyName(code=agency.code, name_vi=agency.name_vi, name_en=agency.name_en)
    return Terms(
        procedure=procedure.key,
        procedure_code=procedure.code,
        procedure_version=procedure.version,
        name_vi=procedure.name_vi,
        name_en=procedure.name_en,
        level=3 if procedure.level == 3 else 4,
        receiving=name,
        competent=name,
        limit=procedure.limit,
        supplement_clock=procedure.supplement_clock,
        supplement_days=procedure.supplement_days,
        fee=fee_of(procedure),
        components=procedure.components,
        channels=procedure.channels,
        law=procedure.legal_basis,
    )


def fee_of(procedure: ProcedureVersion) -> FeeRule:
    """Level 3 is paid at the desk, at intake; level 4 as the procedure says."""
    if procedure.level == 3 and procedure.fee.timing is FeeTiming.SUBMISSION:
        return procedure.fee.model_copy(update={"timing": FeeTiming.RECEIPT})
    return procedure.fee


def receives(agency: Agency, level: AgencyKind, today: date) -> bool:
    """Tell whether an agency takes dossiers of procedures of this level on this day. Districts take
    none.
    """
    begun = agency.valid_from is None or agency.valid_from <= today
    ended = agency.valid_until is not None and agency.valid_until < today
    return agency.kind is level and agency.kind is not AgencyKind.DISTRICT and begun and not ended
