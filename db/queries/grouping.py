"""A loader's keys, gathered by question: one statement answers all the owners that are asked the same."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

K = TypeVar("K")
Q = TypeVar("Q", bound=Hashable)
Owner = TypeVar("Owner")


def by_question(keys: Sequence[K], split: Callable[[K], tuple[Q, Owner]]) -> Iterable[tuple[Q, list[Owner]]]:
    """Each question with its owners; `split` takes a key apart into the two."""
    asked: dict[Q, list[Owner]] = defaultdict(list)
    for key in keys:
        question, owner = split(key)
        asked[question].append(owner)
    return asked.items()
