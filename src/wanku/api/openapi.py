"""The OpenAPI document: what django-ninja derives, with the errors and headers that every operation has."""

from typing import Any, Final

from wanku.api.problems import MEDIA_TYPE

PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457 problem details. Nothing was changed.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "instance", "errors", "facts"],
    "properties": {
        "type": {"type": "string", "description": "Address that explains this kind of problem."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable name of the kind; rely on this and not on texts."},
        "detail": {"type": "string", "description": "What is wrong, in the language of Accept-Language."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Each field that is wrong.",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "examples": ["lines.0.quantity"]},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "facts": {
            "type": "object",
            "description": "Values that the text speaks of, for programs: amounts in minor units, moments in ISO 8601.",
        },
    },
}
ALWAYS: Final = {
    "400": "The request cannot be read.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "A value is not right.",
    "429": "Too many requests; see Retry-After.",
    "500": "Our fault.",
    "503": "Too busy; see Retry-After.",
}
KNOWN_CALLERS: Final = {"401": "No caller, or a wrong key or token.", "403": "Not allowed for this caller."}
THINGS: Final = {"404": "No such thing for this caller.", "409": "Not possible as things stand."}


PUBLIC_MARK: Final = "x-public"
"""Set on operations that strangers may call."""


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Add problems, optional callers and common headers to every operation."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    for item in schema["paths"].values():
        for operation in item.values():
            _complete_operation(operation)
    return schema


def _complete_operation(operation: dict[str, Any]) -> None:
    if operation.pop(PUBLIC_MARK, False):
        operation["security"] = [{}, *operation["security"]]
    responses = operation["responses"]
    for status, text in {**ALWAYS, **KNOWN_CALLERS, **THINGS}.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses.setdefault(status, {"description": text, "content": content})
    operation["responses"] = {str(status): content for status, content in responses.items()}
    names = {parameter["name"] for parameter in operation["parameters"]}
    if "Idempotency-Key" in names:
        for status, content in operation["responses"].items():
            if status.startswith("2"):
                content["headers"] = {
                    "Idempotency-Replayed": {
                        "description": "`true` when the answer was given before and nothing happened now.",
                        "schema": {"type": "string", "enum": ["true"]},
                        "required": False,
                    }
                }
