"""Markdown: its words as plain paragraphs, with what its front matter says."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.articles import fields
from tracker.models import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"^(title|author|date|lang|language)[ \t]*:[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def from_markdown(source: str, text: str) -> Article:
    """Render Markdown as plain paragraphs: words and links' texts stay, marks and code go."""
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    found = _FIELD.findall(front[1] if front else "")
    stated = {key.lower(): value.strip("\"'") for key, value in found}
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() if front else 0 :])
    heading = next((_inline(after) for token, after in pairwise(tokens) if token.tag == "h1"), None)
    title = stated.get("title") or heading or None
    plain = _plain(tokens)
    language = fields.language(stated.get("lang") or stated.get("language"))
    return Article(source, plain, title, stated.get("author"), fields.day(stated.get("date")), language)


def _plain(tokens: Sequence[Token]) -> str:
    """Join the blocks by blank lines; a list's items and a table's rows take one line each."""
    parts: list[str] = []
    lists = 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open", "table_open"}:
            lists += 1
        elif token.type in {"bullet_list_close", "ordered_list_close", "table_close"}:
            lists -= 1
            parts.append("\n" if not lists else "")
        elif token.type in {"th_close", "td_close"}:
            parts.append(" | ")
        elif token.type == "tr_close":
            parts[-1:] = ["\n"]
        elif token.type == "inline":
            parts.append(_inline(token))
        elif token.type in {"paragraph_close", "heading_close"}:
            parts.append("\n" if lists else "\n\n")
    return "".join(parts).strip()


def _inline(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    words = {"text", "code_inline"}
    return "".join(
        breaks.get(child.type, child.content if child.type in words else "") for child in token.children or ()
    )
