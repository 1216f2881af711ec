"""The OpenAPI description: requests as FastAPI reads them, answers as `data/schema.json` promises them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

if TYPE_CHECKING:
    from fastapi import FastAPI

Json = dict[str, Any]
_SCHEMA = Path(__file__).parent.parent / "data" / "schema.json"
_INTRODUCTION = """\
The memory of a fact-checking desk. Answers are the JSON that the commands print with `--json`; fields may be added, but
none is removed or changes its meaning. A verdict carries over only where a match's `relation` is `same`."""
_ERRORS = {
    400: "The request cannot be read.",
    401: "The desk's token is missing or wrong.",
    403: "Sent from a page of another site, or to another name than the server's own.",
    404: "There is no such claim.",
    413: "The request is too large.",
    422: "A field is missing, or is not what it should be.",
    429: "Too many requests.",
    503: "The desk is busy, or its store or model cannot be used.",
}
_OWN: dict[str, Json] = {  # what no command prints
    "error": {
        "description": "Why a request was not served: one line, what is wrong and what to try.",
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "code": {"type": "integer", "description": "The HTTP status."},
                    "message": {"type": "string"},
                    "status": {"type": "string", "description": "Its name, as Google's APIs have it."},
                },
                "required": ["code", "message", "status"],
            }
        },
        "required": ["error"],
    },
    "googleClaims": {
        "description": "As Google's FactCheckedClaimSearchResponse; what is not known is left out.",
        "type": "object",
        "properties": {
            "claims": {"type": "array", "items": {"$ref": "#/components/schemas/googleClaim"}},
            "nextPageToken": {"type": "string", "description": "Only where there is more."},
        },
        "additionalProperties": False,
    },
    "googleClaim": {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "claimant": {"type": "string"},
            "claimDate": {"type": "string", "format": "date-time"},
            "claimReview": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/googleReview"}},
            "claimId": {"type": "integer", "description": "Not Google's: the claim's number here."},
            "relation": {
                "description": "Not Google's: only where it is `same` do the reviews speak of the query.",
                "$ref": "#/components/schemas/match/properties/relation",
            },
            "probability": {"type": "number", "minimum": 0, "maximum": 1, "description": "Not Google's."},
            "reasons": {"type": "array", "items": {"type": "string"}, "description": "Not Google's."},
        },
        "required": ["text", "claimReview", "claimId"],
        "additionalProperties": False,
    },
    "googleReview": {
        "type": "object",
        "properties": {
            "publisher": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "site": {"type": "string"}},
                "additionalProperties": False,
            },
            "url": {"type": "string"},
            "title": {"type": "string"},
            "reviewDate": {"type": "string", "format": "date-time"},
            "textualRating": {"type": "string"},
            "languageCode": {"type": "string"},
            "normalizedRating": {"type": "string", "description": "Not Google's: our reading of the rating."},
            "validFrom": {"type": "string", "format": "date-time", "description": "Not Google's."},
            "validTo": {"type": "string", "format": "date-time", "description": "Not Google's."},
        },
        "additionalProperties": False,
    },
    "verdicts": {
        "description": "GET /claims/{claim_id}/verdicts",
        "type": "object",
        "properties": {"verdicts": {"type": "array", "items": {"$ref": "#/components/schemas/verdict"}}},
        "required": ["verdicts"],
    },
}
_USUAL = (400, 401, 403, 413, 422, 429, 503)


def answers(name: str, status: int = 200, *more: int) -> dict[int | str, Json]:
    """What a route answers: a definition of the schema, and the errors that every route may answer."""
    done = {"description": "Done.", "content": _content(f"#/components/schemas/{name}")}
    good: dict[int | str, Json] = {status: done}
    return good | {code: _error(code) for code in sorted({*_USUAL, *more})}


def writes() -> dict[int | str, Json]:
    """What a route that writes answers beside."""
    return {401: _error(401)}


def describe(app: FastAPI) -> None:
    """Let the application describe itself, once."""

    @cache
    def described() -> Json:
        found = get_openapi(title=app.title, version=app.version, description=_INTRODUCTION, routes=app.routes)
        schemas = found["components"]["schemas"]
        schemas |= _promised()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        found["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "What `tracker serve` prints."}
        }
        for path, methods in found["paths"].items():
            for method, route in methods.items():
                if method == "post" and path.startswith("/claims"):
                    route["security"] = [{"token": []}]
        return found

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to change it


def _promised() -> dict[str, Json]:
    """The schema's definitions, where OpenAPI keeps them."""
    text = _SCHEMA.read_text(encoding="utf-8").replace("#/$defs/", "#/components/schemas/")
    found: dict[str, Json] = json.loads(text)["$defs"]
    return found | _OWN


def _error(code: int) -> Json:
    return {"description": _ERRORS[code], "content": _content("#/components/schemas/error")}


def _content(ref: str) -> Json:
    return {"application/json": {"schema": {"$ref": ref}}}
