"""What the self-assessment asks, and what each answer weighs: product.md, section 1.

The weights add up to 100. Nine tenths of them are on what anyone can take up at any age, whatever they think:
associations, public meetings, local projects. The questions about opinions or office weigh one or two points each,
ten in all with age, which is less than the scale leaves open at both of its ends (`assessment.level_at`): whatever
one answers to them, each of the twenty levels can still be reached, so a level gives none of them away. No cause
and no kind of association weighs more than another, and whoever may not vote or stand has an answer of theirs.

The codes are public ids and the keys of the catalogs: `question-vote`, `choice-vote-yes`.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer, and its points."""

    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its choices go from the least active to the most active.

    `sensitive` marks what touches on political opinions, beliefs or elected office. The choices stay out of the
    repr, so that a log that shows a question never looks as if it showed an answer.
    """

    code: str
    choices: tuple[Choice, ...] = field(repr=False)
    sensitive: bool

    @property
    def maximum(self) -> int:
        """The points of its most active choice."""
        return max(choice.weight for choice in self.choices)

    def choice(self, code: str) -> Choice | None:
        """Its own choice of that code, if there is one."""
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A version of the questions, in the order they are asked."""

    version: str
    questions: tuple[Question, ...]


QUESTIONNAIRE = Questionnaire(
    version="2026-1",
    questions=(
        Question("age", (Choice("under-18", 0), Choice("adult", 1)), sensitive=False),
        # "No" also says "not concerned": abstaining and not having the right to vote look the same.
        Question("vote", (Choice("no", 0), Choice("yes", 1)), sensitive=True),
        Question(
            "office",
            (Choice("none", 0), Choice("representative", 1), Choice("public", 2)),
            sensitive=True,
        ),
        Question(
            "associations",
            (
                Choice("none", 0),
                Choice("member", 6),
                Choice("helping", 14),
                Choice("regular", 22),
                Choice("leading", 30),
            ),
            sensitive=False,
        ),
        # A kind may tell a belief or a union: one point for any, one more for the variety.
        Question(
            "association-kind",
            (
                Choice("none", 0),
                Choice("culture", 1),
                Choice("neighbourhood", 1),
                Choice("charity", 1),
                Choice("other", 1),
                Choice("several", 2),
            ),
            sensitive=True,
        ),
        Question(
            "activism",
            (Choice("never", 0), Choice("sometimes", 1), Choice("regularly", 2)),
            sensitive=True,
        ),
        Question(
            "meetings",
            (
                Choice("never", 0),
                Choice("once", 4),
                Choice("yearly", 10),
                Choice("often", 18),
                Choice("contributing", 30),
            ),
            sensitive=False,
        ),
        Question(
            "projects",
            (
                Choice("none", 0),
                Choice("following", 4),
                Choice("helping", 10),
                Choice("regular", 18),
                Choice("leading", 30),
            ),
            sensitive=False,
        ),
        Question(
            "expression",
            (Choice("never", 0), Choice("sometimes", 1), Choice("regularly", 2)),
            sensitive=True,
        ),
    ),
)
"""The one that is asked now. Changing a question or a weight makes another version."""
