"""A reader of named queries that answers from a table of answers."""

from typing import Any


class FakeReader:
    """`answers`: query name → rows, or a function of the parameters."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        self.asked.append((name, parameters))
        answer = self.answers.get(name, [])
        if isinstance(answer, Exception):
            raise answer
        return list(answer(**parameters)) if callable(answer) else list(answer)
