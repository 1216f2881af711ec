"""Fields of a document about itself, each taken only as written where that has one reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.dates import parse_day
from tracker.errors import InvalidClaim

if TYPE_CHECKING:
    from datetime import date

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9_-]{1,30})?", re.IGNORECASE)
_ISO_639_1 = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)


def day(written: object) -> date | None:
    """Return the day where one is written that everybody reads alike."""
    try:
        return parse_day(written) if isinstance(written, str) else None
    except InvalidClaim:
        return None


def language(written: object) -> str | None:
    """Return the ISO 639-1 code of a language tag such as `en-GB`; None for what is none."""
    found = _LANGUAGE.fullmatch(written.strip()) if isinstance(written, str) else None
    code = found[1].lower() if found else ""
    return code if code in _ISO_639_1 else None


def line(written: object) -> str | None:
    """Return a title or a name on one line; None for one without any letters or figures."""
    plain = " ".join(written.encode("utf-8", "replace").decode("utf-8").split()) if isinstance(written, str) else ""
    return plain if any(character.isalnum() for character in plain) else None
