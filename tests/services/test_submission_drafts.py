"""Drafts: begun, written, gone on with, handed in once and complete."""

import asyncio
from typing import Any
from uuid import uuid4

from at_hand import signed_in
from submission_at_hand import AN, BINH, BINH_LANG, FILLED, NewDatabase, town


async def test_a_draft_is_gone_on_with_where_it_was_left(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        saved = await place.write(AN, dossier, channel="post")
        assert saved["version"] == 2
        assert [one["path"] for one in saved["missing"]] == ["components.id-card", "address"]
        draft = (
            await place.http.get(f"/drafts/{dossier}", headers=signed_in("citizen", AN))
        ).json()
        assert draft["values"] == FILLED and draft["channel"] == "post"
        mine = (await place.http.get("/drafts", headers=signed_in("citizen", AN))).json()
        assert [one["id"] for one in mine] == [str(dossier)]


async def test_nobody_else_has_the_draft(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        for method, path in (("GET", ""), ("DELETE", ""), ("PUT", "/content")):
            answer = await place.http.request(
                method,
                f"/drafts/{dossier}{path}",
                json={} if method == "PUT" else None,
                headers=signed_in("citizen", BINH, seen=1),
            )
            assert answer.status_code == 404
        chosen = {"procedure": "free", "agency": BINH_LANG}
        taken = await place.http.put(
            f"/drafts/{dossier}", json=chosen, headers=signed_in("citizen", BINH)
        )
        assert taken.status_code == 409


async def test_two_windows_do_not_write_over_each_other(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        await place.write(AN, dossier, seen=1)
        path, body = f"/drafts/{dossier}/content", {"values": FILLED}
        late = await place.http.put(path, json=body, headers=signed_in("citizen", AN, seen=1))
        assert late.status_code == 409 and late.json()["current"] == 2
        blind = await place.http.put(path, json=body, headers=signed_in("citizen", AN))
        assert blind.status_code == 428


async def test_everything_wrong_is_named_at_once(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        await place.write(AN, dossier, channel=None, values={"person": {"copies": 99}})
        answer = await place.submit(AN, dossier)
        assert answer.status_code == 422
        wrong = {one["path"]: one["code"] for one in answer.json()["errors"]}
        assert wrong == {
            "values.person.full_name": "required",
            "values.person.copies": "too_large",
            "components.id-card": "required",
            "channel": "required",
        }


async def test_what_no_text_can_hold_is_refused(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        deep: Any = {}
        for _ in range(400):
            deep = {"x": deep}
        for values in ('{"person": {"full_name": "\\ud800"}}', None):
            body = {"values": deep} if values is None else None
            answer = await place.http.put(
                f"/drafts/{dossier}/content",
                content=None if body else f'{{"values": {values}}}',
                json=body,
                headers=signed_in("citizen", AN, seen=1) | {"content-type": "application/json"},
            )
            assert answer.status_code in (400, 422), answer.text


async def test_a_discarded_draft_leaves_nothing(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        await place.send(AN, dossier)
        answer = await place.http.delete(f"/drafts/{dossier}", headers=signed_in("citizen", AN))
        assert answer.status_code == 204
        for table in ("drafts", "files", "personal_keys"):
            assert await place.rows(f"select from {table}") == []


async def test_a_double_click_hands_in_once(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.begin(AN)
        await place.write(AN, dossier)
        await place.send(AN, dossier)
        key, captcha = uuid4().hex, await place.solve()
        clicks = [place.submit(AN, dossier, key, captcha) for _ in range(4)]
        answers = await asyncio.gather(*clicks)
        again = await place.submit(AN, dossier, key, captcha)
        assert {answer.status_code for answer in [*answers, again]} == {201}
        assert len({answer.json()["number"] for answer in [*answers, again]}) == 1
        other_tab = await place.submit(AN, dossier)
        assert other_tab.status_code == 409
        assert len(await place.rows("select from dossiers")) == 1
        submitted = "select from events where type = 'submission.dossier-submitted.v1'"
        assert len(await place.rows(submitted)) == 1


async def test_a_solved_challenge_counts_for_one_dossier(database: NewDatabase) -> None:
    async with town(database) as place:
        captcha = await place.solve()
        for wanted in (201, 422):
            dossier = await place.begin(AN)
            await place.write(AN, dossier)
            await place.send(AN, dossier)
            answer = await place.submit(AN, dossier, captcha=captcha)
            assert answer.status_code == wanted
        forged = await place.submit(AN, dossier, captcha="eyJjaGFsbGVuZ2UiOiB7fX0=")
        assert forged.status_code == 422 and forged.json()["type"].endswith("captcha-wrong")


async def test_what_was_handed_in_is_not_written_over(database: NewDatabase) -> None:
    async with town(database) as place:
        dossier = await place.hand_in(AN)
        headers = signed_in("citizen", AN, seen=2)
        changed = await place.http.put(f"/drafts/{dossier}/content", json={}, headers=headers)
        assert changed.status_code == 409
        gone = await place.http.delete(f"/drafts/{dossier}", headers=headers)
        assert gone.status_code == 409
        assert (await place.http.get("/drafts", headers=headers)).json() == []
        assert (await place.look(AN, dossier))["values"] == FILLED
