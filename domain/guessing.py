"""How often one may try what could be guessed: a password, or which addresses have an account."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries there are within a time.

    Attributes:
        name: What is tried.
        within: How long tries count.
        from_one_place: For one account, from one address: few, and whoever owns the account is somewhere else.
        for_account: For one account, from anywhere.
        from_address: For any accounts, from one address: a school or a town hall may share it.
    """

    name: str
    within: timedelta
    from_one_place: int
    for_account: int
    from_address: int


SIGN_IN: Final = Tries("sign-in", timedelta(minutes=15), from_one_place=10, for_account=100, from_address=300)
PASSWORD: Final = Tries("password", timedelta(minutes=15), from_one_place=10, for_account=30, from_address=300)
"""The password of whoever is signed in, asked once more."""
SIGN_UP: Final = Tries("sign-up", timedelta(hours=1), from_one_place=10, for_account=20, from_address=100)
MAILS: Final = Tries("mails", timedelta(hours=1), from_one_place=5, for_account=10, from_address=100)
"""Links that are mailed to an address."""
