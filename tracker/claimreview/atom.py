"""A desk's fact-checks as an Atom feed (RFC 4287), newest first, for feed readers.

The feed has no clock: its times are those of the verdicts, so that the same verdicts make the same feed.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO
from uuid import NAMESPACE_URL, uuid5

from tracker.claimreview.snippets import escaped, verdict_lines
from tracker.claimreview.writing import LANGUAGE_TAG, is_address, site_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.models import Claim, ClaimRecord, Verdict

_NEVER = "1970-01-01T00:00:00Z"  # Atom asks even an empty feed for a time


def write_atom(records: Iterable[ClaimRecord], file: TextIO, *, title: str, feed_id: str) -> int:
    """Write an entry for each current verdict, the newest review first, and count them.

    Reviews without a day come last, dated by when the store took them up; one without even that is left out.
    `feed_id` is the feed's own address or urn, the same each time.
    """
    told = Counter[str]()
    entries = []
    for record in records:
        if record.retracted:
            continue
        for verdict in (one for one in record.verdicts if one.is_current):
            key = _identity(record.claim, verdict)
            told[key] += 1  # two verdicts without an address may be alike
            name = uuid5(NAMESPACE_URL, key if told[key] == 1 else f"{key} {told[key]}")
            published, updated = _times(verdict)
            if updated:
                entries.append(
                    (published, updated, _entry(record.claim, verdict, f"urn:uuid:{name}", published, updated))
                )
    entries.sort(key=lambda one: one[:2], reverse=True)
    file.write(_head(title, feed_id, max((updated for _, updated, _ in entries), default=_NEVER)))
    file.writelines(entry for _, _, entry in entries)
    file.write("</feed>\n")
    return len(entries)


def _head(title: str, feed_id: str, updated: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{escaped(feed_id)}</id>\n<title>{escaped(title)}</title>\n<updated>{updated}</updated>\n"
        f"<author><name>{escaped(title)}</name></author>\n"
    )


def _entry(claim: Claim, verdict: Verdict, name: str, published: str, updated: str) -> str:
    language = f' xml:lang="{claim.language}"' if claim.language and LANGUAGE_TAG.fullmatch(claim.language) else ""
    site = site_address(verdict.publisher_site)
    lines = [
        f"<entry{language}>",
        f"<id>{name}</id>",
        f"<title>{escaped(f'{verdict.rating}: {claim.text}' if verdict.rating else claim.text)}</title>",
        *([f'<link rel="alternate" href="{escaped(verdict.url or "")}"/>'] if is_address(verdict.url) else []),
        *([f"<published>{published}</published>"] if published else []),
        f"<updated>{updated}</updated>",
        *([f"<author><name>{escaped(verdict.publisher)}</name>"] if verdict.publisher else []),
        *([f"<uri>{escaped(site)}</uri>"] if verdict.publisher and site else []),
        *(["</author>"] if verdict.publisher else []),
        *(f'<category term="{escaped(tag)}"/>' for tag in verdict.tags),
        f'<content type="html">{escaped(_content(claim, verdict))}</content>',
        "</entry>",
    ]
    return "\n".join(lines) + "\n"


def _content(claim: Claim, verdict: Verdict) -> str:
    about = ", ".join(escaped(str(one)) for one in (claim.claimant, claim.claimed_on) if one)
    quoted = f'<blockquote dir="auto"><p>{escaped(claim.text)}</p>{f"<p>{about}</p>" if about else ""}</blockquote>'
    return quoted + "".join(verdict_lines(verdict))


def _identity(claim: Claim, verdict: Verdict) -> str:
    """What stays the same when a review is corrected: by these an import knows it again, too."""
    return json.dumps([verdict.publisher, verdict.url, claim.text, str(verdict.valid_from or "")])


def _times(verdict: Verdict) -> tuple[str, str]:
    """When a verdict was published, if that is known, and when it was last changed, as the log has it."""
    recorded = _moment(verdict.recorded_at)
    published = f"{verdict.reviewed_on}T00:00:00Z" if verdict.reviewed_on else ""
    return published, max(published, recorded) if verdict.supersedes or not published else published


def _moment(text: str) -> str:
    """A time of the log as Atom writes it, in UTC; nothing where there is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if when.tzinfo else ""
