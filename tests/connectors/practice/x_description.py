"""X's own description of its API, in both versions, for tests that hold practice answers against it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from connectors.practice.x_words import WORDS, Vocabulary
from tests.connectors.practice.rehearsal import Body

SPECIFICATIONS = {
    Vocabulary.TWEETS: "x/x-api-v2.166-2026-07-06.openapi.json",
    Vocabulary.POSTS: "x/x-api-v2.167-2026-08-22.openapi.json",
}
CLOSED = ["Tweet", "Post", "User", "Expansions", "DmEvent"]
"""Schemas that list every property there is: a practice answer may hold no other."""


class Specification:
    """X's own description of one version, made strict: no property that it does not know."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.document: Body = json.loads(path.read_text(encoding="utf-8"))
        self.components = deepcopy(self.document["components"])
        for name in CLOSED:
            if name in self.components["schemas"]:
                self.components["schemas"][name]["additionalProperties"] = False

    def parameters(self, path: str) -> dict[str, Body]:
        """Return the query parameters of an endpoint, each with its schema."""
        named = [self._resolved(each) for each in self.document["paths"][path]["get"]["parameters"]]
        return {each["name"]: each["schema"] for each in named if each["in"] == "query"}

    def check(self, path: str, answer: Body, *, status: str = "200", method: str = "get") -> None:
        """Fail when an answer is not what the description promises."""
        content_types = self.document["paths"][path][method]["responses"][status]["content"]
        kind = "application/problem+json" if status == "default" else "application/json"
        self.check_schema(content_types[kind]["schema"]["$ref"], answer)

    def check_schema(self, reference: str, answer: Body) -> None:
        schema = {"$ref": reference, "components": self.components}
        if reference.endswith("Response"):
            named = deepcopy(self.components["schemas"][reference.rpartition("/")[2]])
            named["additionalProperties"] = False
            if "meta" in named["properties"]:
                named["properties"]["meta"]["additionalProperties"] = False
            schema = named | {"components": self.components}
        OAS30Validator(schema, format_checker=oas30_format_checker).validate(answer)

    def _resolved(self, parameter: Body) -> Body:
        if "$ref" not in parameter:
            return parameter
        return self.components["parameters"][parameter["$ref"].rpartition("/")[2]]


def everything(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return parameters that ask for all there is."""
    words = WORDS[vocabulary]
    return {
        words.fields_parameter: ",".join(sorted(words.post_fields)),
        "expansions": ",".join(sorted(words.expansions)),
        "user.fields": ",".join(sorted(words.user_fields)),
    }
