"""Dossiers through the service's doors: followed, decided on, answered, collected, replayed."""

import asyncio
import hashlib
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
from at_hand import signed_in
from good_files import pdf
from servers_at_hand import MASTER_KEYS
from submission_at_hand import (
    AN,
    BINH,
    BINH_LANG,
    FAR,
    FILLED,
    HOA,
    MAI,
    NAM,
    SON,
    TAM,
    NewDatabase,
    named,
    town,
)

from chassis.changes import Scribe
from chassis.codec import Codec
from chassis.database import open_pool
from chassis.event_store import EventStore
from chassis.personal import MasterKeys
from chassis.projecting import rebuild
from services.submission.dossier import decider
from services.submission.projections import dossiers


async def test_a_dossier_is_led_to_its_result_and_collected(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        early = await place.http.get(
            f"/dossiers/{dossier}/result", headers=signed_in("citizen", AN)
        )
        assert early.status_code == 409
        await place.process(dossier)
        issued = await place.look(AN, dossier)
        assert (issued["result"]["timeliness"], issued["clock"]["desk_by"]) == ("early", None)
        assert (await place.history(dossier))["timeliness_words"]["vi"] == "Trước hạn"
        assert issued["status"] == 9 and issued["clock"]["holder"] == "you"
        assert not issued["result"]["available"]
        assert (await place.ask(AN, dossier, "collection")).status_code == 200
        answer = await place.http.get(
            f"/dossiers/{dossier}/result", headers=signed_in("citizen", AN)
        )
        assert hashlib.sha256(answer.content).hexdigest() == issued["result"]["sha256"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment")
        done = await place.look(AN, dossier)
        assert (done["status"], done["delivery"]) == (10, "handed-over")
        home = await place.rows("select subject, kind from errands")
        assert [tuple(row) for row in home] == [(str(dossier), "result-home")]


async def test_two_officers_at_once_one_is_told_what_changed(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        seen = (await place.look(MAI, dossier, "staff"))["version"]
        answers = await asyncio.gather(
            place.decide_on(seen, MAI, dossier, "intake", {}),
            place.decide_on(seen, MAI, dossier, "refusal", {"reason": "Sai thẩm quyền."}),
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes in ([200, 409], [201, 409])
        lost = next(answer.json() for answer in answers if answer.status_code == 409)
        assert lost["current"] > seen and lost["since"]
        blind = await place.http.post(
            f"/dossiers/{dossier}/refusal",
            json={"reason": "Sai thẩm quyền."},
            headers=signed_in("staff", MAI),
        )
        assert blind.status_code == 428


async def test_a_number_that_was_drawn_in_vain_leaves_a_recorded_gap(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        first, second = await place.hand_in(AN), await place.hand_in(AN)
        await place.decide(MAI, first, "intake", {})
        again = await place.decide(MAI, first, "intake", {})
        assert again.status_code == 409
        code = (await place.decide(MAI, second, "intake", {})).json()["number"]
        assert code.endswith("-0003")
        gaps = await place.rows("select number, reason from number_gaps")
        assert [tuple(gap) for gap in gaps] == [(2, "NotPossibleNow")]


async def test_to_everybody_else_the_dossier_is_not_there(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        file = (await place.look(AN, dossier))["papers"][0]["file_id"]
        strangers = [("citizen", BINH), ("staff", FAR), ("administrator", BINH), ("auditor", BINH)]
        for kind, person in strangers:
            for path in ("", f"/files/{file}"):
                missing, there = [
                    await place.http.get(f"/dossiers/{one}{path}", headers=signed_in(kind, person))
                    for one in (uuid4(), dossier)
                ]
                assert missing.status_code == there.status_code == 404, (kind, path)
                assert missing.json()["title"] == there.json()["title"]
        for path in ("confirmation", "result"):
            answer = await place.http.get(
                f"/dossiers/{dossier}/{path}", headers=signed_in("citizen", BINH)
            )
            assert answer.status_code == 404
        for what in ("withdrawal", "collection", "supplement"):
            body = {"values": FILLED} if what == "supplement" else None
            assert (await place.ask(BINH, dossier, what, body)).status_code == 404
        taken = await place.decide_on(4, FAR, dossier, "intake", {})
        assert taken.status_code == 404


async def test_each_role_does_its_own_and_the_cashier_sees_no_form(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        assert (await place.decide(NAM, dossier, "intake", {})).status_code == 403
        file = (await place.look(AN, dossier))["papers"][0]["file_id"]
        at_till = await place.look(TAM, dossier, "staff")
        assert at_till["reference"] and at_till["status"] == 1 and not at_till["full"]
        assert not any(
            at_till[name] for name in ("form", "values", "papers", "timeline", "actions")
        )
        paper = await place.http.get(
            f"/dossiers/{dossier}/files/{file}", headers=signed_in("staff", TAM)
        )
        assert paper.status_code == 404
        at_desk = await place.look(MAI, dossier, "staff")
        assert at_desk["values"] == FILLED and at_desk["clock"]["holder"] == "you"
        assert "receive" in at_desk["actions"] and "approve" not in at_desk["actions"]


async def test_an_officers_look_at_what_is_personal_is_written_down(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        file = (await place.look(AN, dossier))["papers"][0]["file_id"]
        await place.look(MAI, dossier, "staff")
        await place.look(TAM, dossier, "staff")
        paper = await place.http.get(
            f"/dossiers/{dossier}/files/{file}", headers=signed_in("staff", MAI)
        )
        assert paper.content.startswith(b"%PDF")
        await place.history(dossier)
        reads = await place.reads(f"/dossiers/{dossier}/reads", "citizen", AN)
        assert [(one["reader"], one["role"], one["agency"], one["what"]) for one in reads[:2]] == [
            (f"staff:{MAI}", "intake", BINH_LANG, "dossier"),
            (f"staff:{MAI}", "intake", BINH_LANG, f"file {file}"),
        ]
        assert [(one["role"], one["what"]) for one in reads[2:]] == [("auditor", "history")]
        assert {one["subject"] for one in reads} == {str(dossier)}
        after = f"/dossiers/{dossier}/reads?after={reads[0]['id']}"
        assert await place.reads(after, "citizen", AN) == reads[1:]


async def test_auditors_find_looks_by_who_looked_and_at_what(database: NewDatabase) -> None:
    async with town(database) as place:
        one, other = await place.hand_in(AN), await place.hand_in(BINH)
        for officer, dossier in ((MAI, one), (NAM, one), (MAI, other)):
            await place.look(officer, dossier, "staff")
        for asked, found in (
            ("", [one, one, other]),
            (f"?subject={one}", [one, one]),
            (f"?reader={MAI}", [one, other]),
            (f"?reader={MAI}&subject={other}", [other]),
            (f"?subject={uuid4()}", []),
            ("?limit=1", [one]),
        ):
            reads = await place.reads(f"/audit/reads{asked}", "auditor", uuid4())
            assert [read["subject"] for read in reads] == [str(dossier) for dossier in found], asked


async def test_the_desk_asks_and_the_applicant_gives_just_that(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        refused = await place.http.put(
            f"/dossiers/{dossier}/files/{uuid4()}?component=id-card",
            content=pdf(),
            headers=signed_in("citizen", AN) | named("thêm.pdf"),
        )
        assert refused.status_code == 409
        asked = {
            "items": [
                {"item": "id-card", "reason": "Bản chụp bị mờ."},
                {"item": "person.copies", "reason": "Chưa rõ số bản."},
            ]
        }
        assert (await place.decide(MAI, dossier, "supplement-request", asked)).is_success
        shown = await place.look(AN, dossier)
        assert shown["status"] == 5 and shown["clock"]["holder"] == "you"
        assert shown["asked"]["items"] == {
            "id-card": "Bản chụp bị mờ.",
            "person.copies": "Chưa rõ số bản.",
        }
        strange = await place.http.put(
            f"/dossiers/{dossier}/files/{uuid4()}?component=form",
            content=pdf(),
            headers=signed_in("citizen", AN) | named("thêm.pdf"),
        )
        assert strange.status_code == 422
        file = await place.send(AN, dossier, pdf(2))
        wrong = await place.ask(
            AN, dossier, "supplement", {"values": {"person.copies": 99}, "files": [str(file)]}
        )
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["path"] == "values.person.copies"
        given = {"values": {"person.copies": 5}, "files": [str(file)]}
        assert (await place.ask(AN, dossier, "supplement", given)).status_code == 200
        mended = await place.look(MAI, dossier, "staff")
        assert mended["status"] == 1 and mended["values"]["person"]["copies"] == 5
        assert [paper["pages"] for paper in mended["papers"]] == [1, 2]
        used = await place.http.delete(
            f"/dossiers/{dossier}/files/{file}", headers=signed_in("citizen", AN)
        )
        assert used.status_code == 409


async def test_the_log_alone_tells_where_a_dossier_stood(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        await place.process(dossier, until="intake")
        received = await place.history(dossier)
        await place.decide(HOA, dossier, "stop", {"reason": "Hết hiệu lực.", "law": "NĐ 61/2018"})
        now = await place.history(f" {received['code'].lower()}")
        assert (received["status"], now["status"]) == (2, 8)
        then = await place.history(
            received["reference"].lower(), as_of=received["events"][-1]["recorded_at"]
        )
        same = ("status", "version", "due", "timeline", "events", "code", "payment")
        assert all(then[name] == received[name] for name in same)
        first = await place.history(dossier, as_of=received["events"][2]["recorded_at"])
        assert first["status"] == 1 and first["code"] is None
        before = datetime.fromisoformat(first["events"][0]["recorded_at"]).replace(year=2020)
        nothing = await place.http.get(
            f"/audit/dossiers/{dossier}",
            params={"as_of": before.isoformat()},
            headers=signed_in("auditor"),
        )
        assert nothing.status_code == 404
        last = now["timeline"][-1]
        assert (last["actor"], last["reason"], last["law"]) == (
            "officer",
            "Hết hiệu lực.",
            "NĐ 61/2018",
        )


async def test_the_table_built_from_nothing_is_the_same_table(database: NewDatabase) -> None:
    async with town(database) as place:
        done, asked, paying, gone = [
            await place.hand_in(AN, key) for key in ("free", "free", "paid", "free")
        ]
        await place.process(done)
        item = {"items": [{"item": "id-card", "reason": "Bản chụp bị mờ."}]}
        await place.decide(MAI, asked, "supplement-request", item)
        await place.ask(AN, gone, "withdrawal", {"reason": "Không cần nữa."})
        assert (await place.look(AN, paying))["status"] == 6
        table = "select d::text from dossiers d order by dossier_id"
        before = await place.rows(table)
        owner = await asyncpg.connect(place.database.url("owner"))
        await owner.execute("update dossiers set status = 1, code = null")
        async with await open_pool(place.database.url("app"), 2) as pool:
            keys = MasterKeys.from_text(MASTER_KEYS)
            store = EventStore(pool, Scribe(Codec(decider.events), keys))
            await rebuild(store, owner, dossiers, lambda _done, _all: None)
        await owner.close()
        assert len(before) == 4 and await place.rows(table) == before
        assert not any("An" in str(row) or "Không cần" in str(row) for row in before)


async def test_an_officer_finds_what_waits_for_them(database: NewDatabase) -> None:
    async with town(database) as place:
        new, received = await place.hand_in(AN), await place.hand_in(BINH)
        await place.process(received, until="forwarding")

        async def queue(officer: Any, **query: Any) -> list[str]:
            answer = await place.http.get(
                "/desk/dossiers", params=query, headers=signed_in("staff", officer)
            )
            listed = answer.json()
            assert all((one["desk_by"] is not None) == (one["status"] == 1) for one in listed)
            return [one["id"] for one in listed]

        assert await queue(MAI) == [str(new), str(received)]
        assert await queue(NAM, turn="specialist") == [str(received)]
        assert await queue(MAI, status=1) == [str(new)]
        assert await queue(FAR) == []
        code = (await place.look(NAM, received, "staff"))["code"]
        in_the_older_style = code.replace("-", " - 20", 1).lower()
        assert await queue(MAI, number=code) == [str(received)]
        assert await queue(MAI, number=in_the_older_style) == [str(received)]
        assert await queue(MAI, number="Nguyễn Văn An") == []


async def test_an_applicant_keeps_a_confirmation_of_what_was_handed_in(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        await place.write(AN, dossier)
        paper = pdf()
        await place.send(AN, dossier, paper)
        assert (await place.submit(AN, dossier)).status_code == 201
        answer = await place.http.get(
            f"/dossiers/{dossier}/confirmation", headers=signed_in("citizen", AN)
        )
        confirmation = answer.json()
        assert confirmation["groups"] == [{"key": "person", "fields": 2}]
        assert confirmation["files"][0]["sha256"] == hashlib.sha256(paper).hexdigest()
        assert confirmation["size"] == len(paper)
        on_paper = await place.http.get(
            f"/dossiers/{dossier}/confirmation/paper", headers=signed_in("citizen", AN)
        )
        assert on_paper.content.startswith(b"%PDF")


async def test_the_form_asked_for_again_is_given_whole(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        item = {"items": [{"item": "form", "reason": "Khai nhầm người."}]}
        await place.decide(MAI, dossier, "supplement-request", item)
        again = {"person": {"full_name": "Trần Thị Bình", "copies": 1}}
        deep: Any = again
        for _ in range(400):
            deep = {"x": deep}
        wrong: list[dict[str, Any]] = [
            {"form": {"person": {}}},
            {"form": deep},
            {"form": again, "person.copies": 3},
            {"person.copies.x": 1},
        ]
        for values in wrong:
            refused = await place.ask(AN, dossier, "supplement", {"values": values})
            assert refused.status_code == 422, refused.text
        given = await place.ask(AN, dossier, "supplement", {"values": {"form": again}})
        assert given.status_code == 200, given.text
        assert (await place.look(AN, dossier))["values"] == again


async def test_a_dossier_goes_to_a_specialist_of_the_agency_only(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        await place.process(dossier, until="intake")
        for stranger in (FAR, MAI, AN):
            answer = await place.decide(MAI, dossier, "forwarding", {"to_officer": str(stranger)})
            assert answer.status_code == 422
        given = await place.decide(MAI, dossier, "forwarding", {"to_officer": str(NAM)})
        assert given.status_code == 200
        assert (await place.look(NAM, dossier, "staff"))["clock"]["holder"] == "you"


async def test_a_same_day_procedure_is_completed_by_somebody_else_at_the_desk(
    database: NewDatabase,
) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN, "same-day", channel="desk")
        await place.decide(MAI, dossier, "intake", {})
        file = await place.result_file(dossier, HOA)
        issued = {"file_id": str(file), "number": "3/BS"}
        assert (await place.decide(HOA, dossier, "completion", issued)).status_code == 201
        receiver = {"receiver": "Nguyễn Văn An", "id_number": "030001000001"}
        unchecked = await place.decide(SON, dossier, "hand-over", receiver)
        assert unchecked.status_code == 422
        handed = await place.decide(
            SON, dossier, "hand-over", {**receiver, "identity_checked": True}
        )
        assert handed.status_code == 200, handed.text
        assert (await place.look(AN, dossier))["result"]["available"]
