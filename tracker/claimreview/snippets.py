"""A page of fact-checks for a CMS: each claim a section to read, and its markup beneath, to paste.

The markup is what readers of ClaimReview use; our own extension is left out: reasons and relations are the desk's.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any, TextIO

from tracker.claimreview.extension import EXTENSION
from tracker.claimreview.writing import CONTEXT, LANGUAGE_TAG, claim_reviews, is_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.models import ClaimRecord, Verdict

_HEAD = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>Fact-checks</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 45rem; padding: 0 1rem }
section { border-top: 1px solid #bbb; padding: 1rem 0 }
pre { background: #f4f4f4; overflow: auto; padding: .5rem; white-space: pre-wrap }
</style>
</head>
<body>
"""
# What would end a script or begin a comment in it, what HTML allows in no page, and what turns the reading direction.
_UNSAFE = re.compile("[<>&\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]")
# Controls, halves of characters and code points that are none: neither HTML nor XML has a way to write them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def write_snippets(records: Iterable[ClaimRecord], file: TextIO) -> int:
    """Write a page with a section for each claim that has a current verdict, and count the reviews."""
    count = 0
    file.write(_HEAD)
    for record in records:
        reviews = claim_reviews(record)
        if reviews:
            file.write(_section(record, reviews))
            count += len(reviews)
    file.write("</body>\n</html>\n")
    return count


def visible(text: str) -> str:
    """A text as a page can show it: characters that HTML and XML cannot hold are left out."""
    return _UNWRITABLE.sub("", text)


def escaped(text: str) -> str:
    """A text as it may stand in a page, within or outside of quotation marks."""
    return escape(visible(text))


def verdict_lines(verdict: Verdict) -> list[str]:
    """What a verdict says as HTML: rating, publisher and day, explanation, evidence; a paragraph each."""
    by = escaped(verdict.publisher or "")
    if is_address(verdict.url):
        by = f'<a href="{escaped(verdict.url or "")}">{by or escaped(verdict.url or "")}</a>'
    if verdict.reviewed_on:
        by += f'{", " if by else ""}<time datetime="{verdict.reviewed_on}">{verdict.reviewed_on}</time>'
    told = [
        f"<strong>{escaped(verdict.rating)}</strong>" if verdict.rating else "",
        by,
        escaped(verdict.explanation or ""),
        *(
            f'Evidence: <a href="{escaped(one.url)}">{escaped(one.note or one.url)}</a>'
            for one in verdict.evidence
            if is_address(one.url)
        ),
    ]
    return [f'<p dir="auto">{text}</p>' for text in told if text]


def _section(record: ClaimRecord, reviews: list[dict[str, Any]]) -> str:
    claim = record.claim
    language = f' lang="{claim.language}"' if claim.language and LANGUAGE_TAG.fullmatch(claim.language) else ""
    about = ", ".join(escaped(str(one)) for one in (claim.claimant, claim.claimed_on) if one)
    verdicts = [line for verdict in record.verdicts if verdict.is_current for line in verdict_lines(verdict)]
    script = _script(reviews)
    lines = [
        f"<section{language}>",
        f'<h2 dir="auto">{escaped(claim.text)}</h2>',
        *([f'<p dir="auto">{about}</p>'] if about else []),
        *verdicts,
        script,
        f'<details lang="en"><summary>Markup to paste</summary><pre dir="ltr">{escape(script)}</pre></details>',
        "</section>",
    ]
    return "\n".join(lines) + "\n"


def _script(reviews: list[dict[str, Any]]) -> str:
    plain = [{name: value for name, value in review.items() if name != EXTENSION} for review in reviews]
    whole = plain[0] if len(plain) == 1 else {"@graph": plain}
    text = json.dumps({"@context": CONTEXT, **whole}, ensure_ascii=False, indent=2)
    return f'<script type="application/ld+json">\n{_UNSAFE.sub(_as_escape, text)}\n</script>'


def _as_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
