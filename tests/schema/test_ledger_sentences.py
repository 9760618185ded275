"""Every entry says in both languages what was counted and why."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from domain.ids import ParticipationId
from domain.ledger import LedgerEntry, LedgerKind, explain, reversal_of
from domain.points import Computation, adjustment_award
from domain.words import Locale
from schema.wording import say
from tests.clock import START
from tests.samples import NATH, POLICY

PLAIN = Computation(stars=3, minutes=270)
HALF = Computation(stars=3, minutes=270, repeat_factor=Decimal("0.5"), repeats=3)
TAKING_PART = ParticipationId(UUID(int=9))


def entry(kind: LedgerKind, points: int, computation: Computation, *, by: ParticipationId | None = None) -> LedgerEntry:
    return LedgerEntry(
        id=UUID(int=1),  # type: ignore[arg-type]  # an id
        citizen_id=NATH,
        number=1,
        kind=kind,
        occurred_at=START,
        base_points=points,
        multiplier=Decimal(1),
        points=points,
        balance=points,
        event_id=None,
        participation_id=by,
        theme=None,
        computation=computation,
        reverses_id=None,
        policy_version="2026-1",
        event_title="Barcamp" if computation.stars else None,
    )


ORGANIZED = entry(LedgerKind.ORGANIZING, 200, PLAIN)
HALVED = replace(entry(LedgerKind.ORGANIZING, 200, HALF), points=100)
MINUS_200 = entry(LedgerKind.REVERSAL, -200, PLAIN, by=TAKING_PART)
REASON = Computation(reason="Un doublon.")


@pytest.mark.parametrize(
    ("said", "french", "english"),
    [
        (
            ORGANIZED,
            (
                "Organisation de « Barcamp », qui a réuni assez de participations confirmées : 200 points (3 étoiles, "
                "4 h 30)."
            ),
            "Organising “Barcamp”, which had enough confirmed participants: 200 points (3 stars, 4 h 30).",
        ),
        (
            HALVED,
            (
                "Organisation de « Barcamp », qui a réuni assez de participations confirmées : 200 points (3 étoiles, "
                "4 h 30), comptés à 50 % car 3 autres évènements organisés ont déjà compté en 90 jours, "
                "soit 100 points."
            ),
            (
                "Organising “Barcamp”, which had enough confirmed participants: 200 points (3 stars, 4 h 30), "
                "counted at 50% because 3 other events that they organised already counted within 90 days, "
                "which makes 100 points."
            ),
        ),
        (
            MINUS_200,
            (
                "Participation à « Barcamp » : elle n’est plus confirmée, ou l’évènement n’a pas eu lieu, et "
                "l’écriture est annulée. Les 200 points qu’elle avait donnés sont repris, "
                "tels qu’ils avaient été comptés."
            ),
            (
                "Taking part in “Barcamp”: it is no longer confirmed, or the event did not take place, so the entry is "
                "taken back. The 200 points that it gave are taken away, just as they were counted."
            ),
        ),
        (
            replace(MINUS_200, points=0, participation_id=None),
            (
                "Organisation de « Barcamp » : les conditions n’étant plus réunies, l’écriture est annulée. "
                "Elle n’avait donné aucun point."
            ),
            (
                "Organising “Barcamp”: the conditions are no longer met, so the entry is taken back. "
                "It had given no points."
            ),
        ),
        (
            entry(LedgerKind.ADJUSTMENT, 1, REASON),
            "1 point en plus, par décision de la modération. Motif : Un doublon.",
            "1 point given by a moderator. Reason: Un doublon.",
        ),
        (
            entry(LedgerKind.ADJUSTMENT, -1500, REASON),
            "1 500 points en moins, par décision de la modération. Motif : Un doublon.",
            "1,500 points taken away by a moderator. Reason: Un doublon.",
        ),
    ],
)
def test_it_says_what_was_counted_and_why(said: LedgerEntry, french: str, english: str) -> None:
    spaced = say(explain(said), Locale.FR).replace("\u00a0", " ").replace("\u202f", " ")

    assert spaced == french
    assert say(explain(said), Locale.EN) == english


def test_a_reversal_takes_back_what_was_given_with_all_that_it_was_computed_from() -> None:
    taken = reversal_of(HALVED)

    assert (taken.base_points, taken.multiplier, taken.points) == (-200, HALVED.multiplier, -100)
    assert (taken.computation, taken.policy_version) == (HALF, HALVED.policy_version)


def test_an_adjustment_is_as_given() -> None:
    award = adjustment_award(-50, reason="Un doublon.", policy=POLICY)

    assert (award.base_points, award.multiplier, award.points) == (-50, Decimal(1), -50)
    assert award.computation == REASON
