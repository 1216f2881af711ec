"""Decoding: the text of a source's bytes, in whatever encoding it is written."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BYTE_ORDER_MARKS = {  # UTF-32 before UTF-16: the one begins like the other
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s{0,20}<\?xml[^>]{1,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
# Pages may name any codec of Python's; some of those are slow or make no text.
_TRUSTED_CODEC = re.compile(r"utf-(?:8|16)|cp\d+|iso8859|koi8|mac|gb|big5|euc|shift_jis|iso2022")
# What a Western text holds beside ASCII; a short one is too little for the guesser to go by.
_WESTERN = frozenset("£€§°©®™«»“”„‘’‚–—…•·½¼¾¡¿\xa0áàâäãåæçéèêëíìîïñóòôöõøœúùûüýÿßÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝ")
# The guesser knows a hundred encodings and takes texts for the rarest; newsrooms meet these.
_GUESSES = (
    *("cp1252", "cp1250", "cp1254", "cp1257", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1a\x7f\ufffd]")


def decode(raw: Source) -> str:
    """Return the text: by its byte order mark, as UTF-8, as declared, or as can be guessed."""
    data = raw.data
    mark = next((codec for mark, codec in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if mark is None and b"\x00" in data:
        fail(raw.source, "it is binary, not text", "save it as text or HTML first")
    text = next(_decodings(data, [mark] if mark else _codecs(raw)), None)
    if text is None:
        text = None if mark else _guess(data)
    if text is None or looks_binary(text):
        fail(raw.source, "its encoding cannot be made out", "save it as text in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _codecs(raw: Source) -> Iterator[str]:
    """Yield the encodings to try, by their Python names: UTF-8, then what page, document or server declare."""
    meta = _META_CHARSET.search(raw.data, 0, 4096) or _XML_ENCODING.match(raw.data)
    declared = [name for written in (raw.charset, meta[1].decode("ascii") if meta else "") if (name := _codec(written))]
    if b"\x1b$" in raw.data:  # Japanese e-mail: nothing but ASCII, with signs that turn it into something else
        yield from (name for name in declared if name.startswith("iso2022"))
    yield "utf-8"
    yield from declared


def _codec(declared: str) -> str | None:
    """The codec to trust for a declared encoding."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    if name == "iso8859-1":
        name = "cp1252"  # as every browser reads it
    return name if _TRUSTED_CODEC.match(name) else None


def _decodings(data: bytes, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    western = data.decode("cp1252", "replace")
    if all(character.isascii() or character in _WESTERN for character in western):
        return western
    best = from_bytes(data, cp_isolation=list(_GUESSES)).best()
    return None if best is None else str(best)


def looks_binary(text: str) -> bool:
    """Tell whether a fiftieth of the text or more is signs that no writer types."""
    return "\x00" in text or len(_UNPRINTED.findall(text)) > 0.02 * len(text)
