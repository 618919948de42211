"""Forgotten where they are known, a dossier and its person are in no table and no log anywhere."""

from people_at_hand import WITH_FEE, People, post
from province_at_hand import APIS, ProvinceAtHand

from motcua.walking.province import until

ORDER = {"ground": "asked-for", "law": "Luật Bảo vệ dữ liệu cá nhân 2025, Điều 14"}
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"


async def where(province: ProvinceAtHand, words: list[str]) -> list[str]:
    """Name the places that hold one of these words: as text, or as the bytes that events are."""
    looked_for = [form for word in words for form in (word, word.encode().hex())]
    found: list[str] = []
    for service in APIS:
        for (table,) in await province.sql(service, TABLES):
            rows = await province.sql(service, f'select t::text as row from "{table}" t')
            text = "".join(row["row"] for row in rows)
            found += [f"{service}.{table}: {word}" for word in looked_for if word in text]
    for log in (province.home / "logs").glob("*.log"):
        if log.stem not in ("postgres", "kafka", "mail"):
            text = log.read_text(errors="replace")
            found += [f"{log.name}: {word}" for word in words if word in text]
    return found


async def test_what_was_forgotten_is_nowhere(people: People, province: ProvinceAtHand) -> None:
    citizen = await people.applicant(WITH_FEE)
    await people.pay(citizen)
    await people.settled(citizen)
    await citizen.caller.post("submission", f"{citizen.errand.path}/withdrawal")
    await people.mails_of(citizen.errand.dossier)
    own = [citizen.email, citizen.phone, citizen.id_number]  # their name may be another's too
    assert await where(province, own), "accounts knows them"
    erased = f"{citizen.errand.path}/erasure"
    assert (await post(people.administrator, "submission", erased, ORDER)).status_code == 200
    forgotten = f"/persons/{citizen.caller.person_id}/erasure"
    assert (await post(people.administrator, "accounts", forgotten, ORDER)).status_code == 200
    assert await where(province, own) == []

    async def files_gone() -> bool | None:
        dossier = citizen.errand.dossier
        left = await province.sql("submission", "select from files where dossier_id = $1", dossier)
        return not left or None

    await until("the files to be gone", files_gone)
    history = await people.history(citizen.errand.dossier)
    assert history["erased"] and citizen.full_name not in str(history)
    code, answer = await province.answer("verify")
    assert (code, answer["ok"]) == (0, True), answer
    await people.agree()
