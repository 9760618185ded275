"""The schema as text, with or without what some gateways refuse."""

import re

from graphql import DirectiveNode, Visitor, parse, visit

from schema.access import AUTHORIZATION


def without_authorization(printed: str) -> str:
    """A printed schema without `@authenticated` and `@requiresScopes`, and without importing them."""
    found = _Authorization()
    visit(parse(printed), found)
    kept, at = [], 0
    for start, end in sorted(found.spans):
        kept.append(printed[at:start].removesuffix(" "))
        at = end
    text = "".join(kept) + printed[at:]
    for name in AUTHORIZATION:
        text = re.sub(rf'"@{name}"(, |\n *)', "", text, count=1)  # imports are in order, and @tag is the last of them
    return text


class _Authorization(Visitor):
    """Finds where the directives stand."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[tuple[int, int]] = []

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in AUTHORIZATION and node.loc is not None:
            self.spans.append((node.loc.start, node.loc.end))
