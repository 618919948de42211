"""Papers in the personal store: their owner decides, and each consent is for one purpose."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from chassis.testing import Spec
from contracts.accounts import DocumentRevoked, DocumentStored
from contracts.event import is_public
from contracts.values import ComponentCode, DocumentId, DossierId, PersonId
from services.accounts.documents import (
    CONSENTS,
    LARGEST_STORE,
    MOST_DOCUMENTS,
    WORDING,
    ConsentRecorded,
    DocumentIdTaken,
    DocumentIsRevoked,
    DocumentRemoved,
    GiveCopy,
    NotInStore,
    RemoveDocument,
    RevokeDocument,
    StoreDocument,
    StoreFull,
    decider,
    refuse_if_full,
)

given = Spec(decider)

PAPER, AN, BINH = DocumentId(uuid4()), PersonId(uuid4()), PersonId(uuid4())
DOSSIER, OTHER_DOSSIER = DossierId(uuid4()), DossierId(uuid4())
BIRTH, MARRIAGE = ComponentCode("giay-khai-sinh"), ComponentCode("giay-ket-hon")
NOON = datetime(2026, 3, 5, 5, 0, tzinfo=UTC)

STORED = DocumentStored(document_id=PAPER, person_id=AN, at=NOON)
CONSENT = ConsentRecorded(
    document_id=PAPER,
    person_id=AN,
    dossier_id=DOSSIER,
    component=BIRTH,
    wording=WORDING,
    at=NOON,
)
REVOKED = DocumentRevoked(document_id=PAPER, person_id=AN, at=NOON)
REMOVED = DocumentRemoved(document_id=PAPER, person_id=AN, at=NOON)
ASK = GiveCopy(PAPER, AN, DOSSIER, BIRTH, NOON)


def test_a_paper_is_stored_once_however_often_it_is_sent():
    given().when(StoreDocument(PAPER, AN, NOON)).then(STORED)
    given(STORED).when(StoreDocument(PAPER, AN, NOON)).then()
    given(STORED, REVOKED, REMOVED).when(StoreDocument(PAPER, AN, NOON)).then()


def test_nobody_stores_a_paper_under_the_id_of_somebody_elses():
    given(STORED).when(StoreDocument(PAPER, BINH, NOON)).then_refused(DocumentIdTaken)


def test_a_copy_is_given_with_a_consent_for_that_dossier_and_component_alone():
    given(STORED).when(ASK).then(CONSENT)
    given(STORED, CONSENT).when(ASK).then()
    other = GiveCopy(PAPER, AN, OTHER_DOSSIER, BIRTH, NOON)
    given(STORED, CONSENT).when(other).then_kinds(ConsentRecorded)
    as_another = GiveCopy(PAPER, AN, DOSSIER, MARRIAGE, NOON)
    given(STORED, CONSENT).when(as_another).then_kinds(ConsentRecorded)


def test_a_consent_says_what_was_agreed_to_and_stays_in_the_house():
    vietnamese, english = CONSENTS[CONSENT.wording]
    assert vietnamese and english
    assert not is_public(ConsentRecorded) and not is_public(DocumentRemoved)


def test_a_revoked_paper_goes_into_no_other_dossier():
    given(STORED, CONSENT).when(RevokeDocument(PAPER, AN, NOON)).then(REVOKED)
    given(STORED, REVOKED).when(RevokeDocument(PAPER, AN, NOON)).then()
    given(STORED, CONSENT, REVOKED).when(ASK).then_refused(DocumentIsRevoked)


def test_removing_a_paper_revokes_it_first():
    given(STORED).when(RemoveDocument(PAPER, AN, NOON)).then(REVOKED, REMOVED)
    given(STORED, REVOKED).when(RemoveDocument(PAPER, AN, NOON)).then(REMOVED)
    given(STORED, REVOKED, REMOVED).when(RemoveDocument(PAPER, AN, NOON)).then()


@pytest.mark.parametrize(
    "command",
    [
        GiveCopy(PAPER, BINH, DOSSIER, BIRTH, NOON),
        RevokeDocument(PAPER, BINH, NOON),
        RemoveDocument(PAPER, BINH, NOON),
    ],
)
def test_to_everybody_but_its_owner_a_paper_does_not_exist(command: GiveCopy | RevokeDocument):
    given().when(command).then_refused(NotInStore)
    given(STORED, REVOKED).when(command).then_refused(NotInStore)


def test_a_full_store_takes_no_more():
    refuse_if_full(10, [LARGEST_STORE - 10])
    with pytest.raises(StoreFull):
        refuse_if_full(11, [LARGEST_STORE - 10])
    with pytest.raises(StoreFull):
        refuse_if_full(1, [1] * MOST_DOCUMENTS)
