"""Write Google's messages and methods as a small table, from a discovery document.

    python -m localsheets.schema.discovery sheets.v4.json > localsheets/schema/tables/sheets.v4.json

Only names and types are kept: `string`, `int32`, `[X]` a list, `{X}` a map, `A|B` an enumeration, else a message.
"""

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]
PLAIN = {"string": "string", "boolean": "boolean", "any": "any", None: "any"}


def table(document: Json) -> Json:
    """Return {"messages": {name: {field: type}}, "parameters": …, "methods": …} of a discovery document."""
    messages: Json = {}
    for name, schema in document["schemas"].items():
        _add_message(messages, name, schema)
    methods = dict(_methods(document["resources"]))
    return {"messages": messages, "parameters": _parameters(document), "methods": methods}


def _add_message(messages: Json, name: str, schema: Json) -> None:
    fields = schema.get("properties") or {}
    messages[name] = {field: _type(messages, f"{name}.{field}", given) for field, given in fields.items()}


def _type(messages: Json, path: str, given: Json) -> str:
    if "$ref" in given:
        return str(given["$ref"])
    if given.get("type") == "array":
        return f"[{_type(messages, path, given['items'])}]"
    if "properties" in given:
        _add_message(messages, path, given)
        return path
    if given.get("type") == "object":
        return "{" + _type(messages, path, given.get("additionalProperties") or {"type": "any"}) + "}"
    if "enum" in given:
        return "|".join(given["enum"])
    return given.get("format") if given.get("type") in ("integer", "number") else PLAIN[given.get("type")]  # type: ignore[return-value]


def _parameters(given: Json) -> Json:
    found = {}
    for name, parameter in (given.get("parameters") or {}).items():
        kind = _type({}, name, parameter)
        found[name] = f"[{kind}]" if parameter.get("repeated") else kind
    return found


def _methods(resources: Json) -> Any:
    for resource in resources.values():
        for method in (resource.get("methods") or {}).values():
            name = method["id"].partition(".")[2]
            kept = {"http": f"{method['httpMethod']} {method.get('flatPath', method['path'])}"}
            kept |= {word: method[word]["$ref"] for word in ("request", "response") if word in method}
            yield name, kept | {"parameters": _parameters(method)}
        yield from _methods(resource.get("resources") or {})


def written(given: Json) -> str:
    """Write a table as JSON, one message and one method a line."""
    parts = []
    for section, entries in given.items():
        lines = [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(entries.items())]
        parts.append(f"{json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    print(written(table(json.loads(Path(sys.argv[1]).read_text()))), end="")
