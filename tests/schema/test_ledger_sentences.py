"""Every entry says in both languages what was counted and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from domain.ids import ParticipationId
from domain.ledger import LedgerEntry, LedgerKind, explain, reversal_of
from domain.permissions import signed_in
from domain.points import Computation, adjustment_award
from domain.policy import Policies
from domain.words import Locale, ThemeCode
from schema.wording import say
from tests.books import entries
from tests.clock import START
from tests.every_kind import Everything
from tests.samples import NATH, POLICIES, POLICY

pytestmark = pytest.mark.xdist_group("sentences")  # one town serves all

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


def said(of: LedgerEntry, locale: Locale) -> str:
    """The sentence, with ordinary spaces."""
    return say(explain(of, policies=POLICIES), locale).replace("\u00a0", " ").replace("\u202f", " ")


HALVED = replace(entry(LedgerKind.ORGANIZING, 200, HALF), points=100)
MINUS_1 = replace(entry(LedgerKind.REVERSAL, -1, PLAIN, by=TAKING_PART), base_points=-10)
REASON = Computation(reason="Un doublon.")
QUARTER = Computation(
    stars=1, minutes=65, skill_factor=Decimal(3), repeat_factor=Decimal("0.25"), repeats=1, reason=None
)

NATH_IS_TOLD = {
    1: (
        "400 points pour commencer : le seuil du niveau 3, d’après l’auto-évaluation faite à l’inscription.",
        "400 points to start with: where level 3 begins, by the self-assessment made at sign-up.",
    ),
    2: ("« Forum » : 70 points (1 étoile, 4 h 30).", "“Forum”: 70 points (1 star, 4 h 30)."),
    6: (
        (
            "« Barcamp 4 » : 200 points (3 étoiles, 4 h 30), comptés pour moitié car 3 autres participations à des "
            "événements de la même personne, à 90 jours d’écart au plus, ont déjà compté, soit 100 points."
        ),
        (
            "“Barcamp 4”: 200 points (3 stars, 4 h 30), halved because 3 other participations in events of the same "
            "person, at most 90 days apart, already counted, which makes 100 points."
        ),
    ),
    7: (
        (
            "« Barcamp 5 » : 200 points (3 étoiles, 4 h 30), doublés grâce à la compétence « Administration publique "
            "», puis comptés pour moitié car 4 autres participations à des événements de la même personne, à 90 jours"
            " d’écart au plus, ont déjà compté, soit 200 points."
        ),
        (
            "“Barcamp 5”: 200 points (3 stars, 4 h 30), doubled thanks to the skill “Public administration”, then "
            "halved because 4 other participations in events of the same person, at most 90 days apart, already "
            "counted, which makes 200 points."
        ),
    ),
    9: (
        (
            "« Barcamp 7 » : présence confirmée, mais 0 point sur 200 (3 étoiles, 4 h 30), car 6 autres "
            "participations à des événements de la même personne, à 90 jours d’écart au plus, ont déjà compté."
        ),
        (
            "“Barcamp 7”: attendance confirmed, but 0 points of 200 (3 stars, 4 h 30), because 6 other participations"
            " in events of the same person, at most 90 days apart, already counted."
        ),
    ),
    11: (
        (
            "« Conseil » : présence confirmée, mais 0 point et rien pour les compétences, car l’événement en "
            "chevauche de plus de 15 minutes un autre où la présence était déjà confirmée."
        ),
        (
            "“Conseil”: attendance confirmed, but 0 points and nothing towards skills, because the event overlaps "
            "another one, attended already, by more than 15 minutes."
        ),
    ),
    12: (
        (
            "Participation à « Barcamp 1 » : la présence n’est plus confirmée, ou l’événement n’a pas eu lieu. Les "
            "200 points qui avaient été donnés sont repris."
        ),
        (
            "Taking part in “Barcamp 1”: attendance is no longer confirmed, or the event did not take place. The 200 "
            "points that were given are taken back."
        ),
    ),
    20: (
        "« Forum » : 70 points (1 étoile, 4 h 30), doublés grâce à la compétence « Culture », soit 140 points.",
        "“Forum”: 70 points (1 star, 4 h 30), doubled thanks to the skill “Culture”, which makes 140 points.",
    ),
    21: (
        "30 points en moins, par décision de la modération. Motif : Compté deux fois.",
        "30 points taken away by a moderator. Reason: Compté deux fois.",
    ),
    22: (
        "1 point en plus, par décision de la modération. Motif : Un oubli.",
        "1 point given by a moderator. Reason: Un oubli.",
    ),
}
HOST_IS_TOLD = {
    2: (
        "Organisation de « Barcamp 1 », avec au moins 3 participations qui comptent : 200 points (3 étoiles, 4 h 30).",
        "Organising “Barcamp 1”, with 3 or more participants who count: 200 points (3 stars, 4 h 30).",
    ),
    5: (
        (
            "Organisation de « Barcamp 4 », avec au moins 3 participations qui comptent : 200 points (3 étoiles, 4 h "
            "30), comptés pour moitié car 3 autres événements organisés par la même personne, à 90 jours d’écart au "
            "plus, ont déjà compté, soit 100 points."
        ),
        (
            "Organising “Barcamp 4”, with 3 or more participants who count: 200 points (3 stars, 4 h 30), halved "
            "because 3 other events organised by the same person, at most 90 days apart, already counted, which makes"
            " 100 points."
        ),
    ),
    8: (
        (
            "Organisation de « Barcamp 7 », avec au moins 3 participations qui comptent : 0 point sur 200 (3 étoiles,"
            " 4 h 30), car 6 autres événements organisés par la même personne, à 90 jours d’écart au plus, ont déjà "
            "compté."
        ),
        (
            "Organising “Barcamp 7”, with 3 or more participants who count: 0 points of 200 (3 stars, 4 h 30), "
            "because 6 other events organised by the same person, at most 90 days apart, already counted."
        ),
    ),
    10: (
        (
            "Organisation de « Barcamp 1 » : les conditions ne sont plus réunies. Les 200 points qui avaient été "
            "donnés sont repris."
        ),
        "Organising “Barcamp 1”: the conditions are no longer met. The 200 points that were given are taken back.",
    ),
}


async def test_each_kind_and_case_that_calls_make_is_told_in_both_languages(everything: Everything) -> None:
    for who, is_told in ((everything.nath, NATH_IS_TOLD), (everything.host, HOST_IS_TOLD)):
        kept = {each.number: each for each in await entries(everything.services.database, signed_in(who.viewer))}

        told = {number: (said(kept[number], Locale.FR), said(kept[number], Locale.EN)) for number in is_told}

        assert told == is_told
        cases = [explain(each, policies=POLICIES).parameters for each in kept.values()]
        cases_told = [explain(kept[number], policies=POLICIES).parameters for number in is_told]
        assert {(each["case"], each["sign"]) for each in cases} == {(each["case"], each["sign"]) for each in cases_told}


@pytest.mark.parametrize(
    ("of", "french", "english"),
    [
        (
            entry(LedgerKind.SELF_ASSESSMENT, 0, Computation()),
            "0 point pour commencer : le seuil du niveau 1, d’après l’auto-évaluation faite à l’inscription.",
            "0 points to start with: where level 1 begins, by the self-assessment made at sign-up.",
        ),
        (
            replace(entry(LedgerKind.PARTICIPATION, 20, QUARTER, by=TAKING_PART), points=1, theme=ThemeCode.ECONOMY),
            (
                "« Barcamp » : 20 points (1 étoile, 1 h 05), multipliés par 3 grâce à la compétence « Économie », "
                "puis comptés à 25 % car une autre participation à un événement de la même personne, à 90 jours "
                "d’écart au plus, a déjà compté, soit 1 point."
            ),
            (
                "“Barcamp”: 20 points (1 star, 1 h 05), multiplied by 3 thanks to the skill “Economy”, then counted "
                "at 25% because another participation in an event of the same person, at most 90 days apart, already "
                "counted, which makes 1 point."
            ),
        ),
        (
            MINUS_1,
            (
                "Participation à « Barcamp » : la présence n’est plus confirmée, ou l’événement n’a pas eu lieu. Le "
                "point qui avait été donné est repris."
            ),
            (
                "Taking part in “Barcamp”: attendance is no longer confirmed, or the event did not take place. The "
                "point that was given is taken back."
            ),
        ),
        (
            replace(MINUS_1, points=0, participation_id=None),
            (
                "Organisation de « Barcamp » : les conditions ne sont plus réunies. Aucun point n’avait été donné, "
                "aucun n’est repris."
            ),
            "Organising “Barcamp”: the conditions are no longer met. No points were given, so none are taken back.",
        ),
        (
            replace(MINUS_1, event_title=None),
            "Une écriture est annulée. Le point qui avait été donné est repris.",
            "An entry is taken back. The point that was given is taken back.",
        ),
        (
            entry(LedgerKind.ADJUSTMENT, -1500, REASON),
            "1 500 points en moins, par décision de la modération. Motif : Un doublon.",
            "1,500 points taken away by a moderator. Reason: Un doublon.",
        ),
        (
            replace(MINUS_1, redacted=True),
            "1 point repris, pour une participation qui n’est pas affichée.",
            "1 point taken back, for a participation that is not shown.",
        ),
        (
            replace(entry(LedgerKind.PARTICIPATION, 0, PLAIN), redacted=True),
            "0 point, pour une participation qui n’est pas affichée.",
            "0 points, for a participation that is not shown.",
        ),
    ],
)
def test_numbers_agree_with_their_words(of: LedgerEntry, french: str, english: str) -> None:
    assert (said(of, Locale.FR), said(of, Locale.EN)) == (french, english)


def test_the_days_and_the_participants_are_those_of_the_policy_that_the_entry_follows() -> None:
    later = replace(POLICY, version="2031-1", repeat_window_days=60, organizing_minimum_participants=8)
    policies = Policies.of([POLICY, replace(later, effective_from=date(2031, 1, 1))])
    follows_later = replace(HALVED, policy_version="2031-1")

    now, then = (say(explain(each, policies=policies), Locale.EN) for each in (HALVED, follows_later))

    assert ("90 days" in now, "3 or more" in now) == (True, True)
    assert ("60 days" in then, "8 or more" in then) == (True, True)


def test_a_reversal_takes_back_what_was_given_with_all_that_it_was_computed_from() -> None:
    taken = reversal_of(HALVED)

    assert (taken.base_points, taken.multiplier, taken.points) == (-200, HALVED.multiplier, -100)
    assert (taken.computation, taken.policy_version) == (HALF, HALVED.policy_version)


def test_an_adjustment_is_as_given() -> None:
    award = adjustment_award(-50, reason="Un doublon.", policy=POLICY)

    assert (award.base_points, award.multiplier, award.points) == (-50, Decimal(1), -50)
    assert award.computation == REASON
