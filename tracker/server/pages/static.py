"""The style sheets and scripts, as they stand in the package."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tracker.reports.html import asset
from tracker.server.pages.page import FOLDER

router = APIRouter(include_in_schema=False)

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FILES = {file.name: file for file in sorted((FOLDER / "static").iterdir()) if file.suffix in _KINDS}
_SHARED = "sheet.css"  # of the reports


@router.get("/static/{name}")
async def static(name: Annotated[str, Path()]) -> Response:
    """A file by its name, out of those that there are: no other path leads to a file."""
    if name == _SHARED:
        content = asset(_SHARED)
    elif name in _FILES:
        content = _FILES[name].read_text(encoding="utf-8")
    else:
        raise HTTPException(404, "no such file")
    kind = _KINDS[f".{name.rpartition('.')[2]}"]
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})
