import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, extend_schema, parse, validate
from graphql.execution.values import get_variable_values

from domain.charter import CHARTER_VERSION
from domain.questionnaire import QUESTIONNAIRE

ROOT = Path(__file__).parents[2]
OPERATIONS = sorted((ROOT / "explorer" / "src" / "operations").glob("*.graphql"))
SDL = ROOT / "schema.graphql"


def variables(example: str) -> dict[str, Any]:
    """What stands beside an example; nothing where it takes none."""
    file = OPERATIONS[0].with_name(f"{example}.json")
    return dict(json.loads(file.read_text())) if file.exists() else {}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """What is printed, and `_entities`, which every subgraph has and none prints."""
    sdl = SDL.read_text()
    printed = build_schema(sdl, assume_valid_sdl=True)
    if "_Entity" in printed.type_map:
        return printed
    entities = " | ".join(re.findall(r"^type (\w+)[^{]*@key", sdl, re.MULTILINE))
    federation = f"""
        scalar _Any
        union _Entity = {entities}
        extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}
    """
    return extend_schema(printed, parse(federation), assume_valid_sdl=True)


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_the_examples_are_what_the_schema_answers(file: Path, schema: GraphQLSchema) -> None:
    document = parse(file.read_text())
    assert validate(schema, document) == []
    for operation in document.definitions:
        assert isinstance(operation, OperationDefinitionNode)
        coerced = get_variable_values(schema, operation.variable_definitions or (), variables(file.stem))
        assert not isinstance(coerced, list), coerced


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.stem)
def test_each_example_opens_with_two_lines_that_fit_and_say_what_it_shows(file: Path) -> None:
    lines = file.read_text().splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"(query|mutation|subscription) \w+", line)]
    assert starts
    for start in starts:
        said = lines[start - 2 : start]
        assert [line[:2] for line in said] == ["# ", "# "]
        assert max(map(len, said)) <= 60, "longer is hidden where the editor has half of a laptop's screen"


def test_the_example_answers_each_question_with_a_choice_of_its_own() -> None:
    answers = variables("2-evaluate-influence")["answers"]
    assert [answer["question"] for answer in answers] == [question.code for question in QUESTIONNAIRE.questions]
    for answer, question in zip(answers, QUESTIONNAIRE.questions, strict=True):
        assert question.choice(answer["choice"])


def test_the_example_signs_up_under_the_charter_in_force() -> None:
    assert variables("3-sign-up")["input"]["charterVersion"] == CHARTER_VERSION
