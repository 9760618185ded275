"""What was asked for most recently, bounded in number and in length."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Recent(Generic[V]):
    """Values by text. What was not asked for in the longest time is forgotten first."""

    def __init__(self, *, most: int, characters: int) -> None:
        self.most, self.characters = most, characters
        self._values: OrderedDict[str, tuple[V, int]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: str) -> V | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: str, value: V, *, length: int) -> None:
        """Remember a value of some length; if that alone is too long, it is not remembered."""
        self._forget(key)
        self._values[key] = value, length
        self._length += length
        while len(self._values) > self.most or self._length > self.characters:
            self._forget(next(iter(self._values)))

    def _forget(self, key: str) -> None:
        if key in self._values:
            self._length -= self._values.pop(key)[1]
