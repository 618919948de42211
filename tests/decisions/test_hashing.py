"""What the time of a refused sign-in tells: nothing."""

import asyncio

from argon2 import extract_parameters

from services.accounts.hashing import PasswordHashes


def test_an_unknown_login_costs_what_a_known_one_costs():
    hashes = PasswordHashes("pepper")
    kept = asyncio.run(hashes.hash("con mèo trèo cây cau"))
    assert extract_parameters(hashes.nobody) == extract_parameters(kept)
