"""What publishers' rating labels mean: the readable tables in `data/ratings/`, and how labels are compared.

`labels.tsv` holds labels that mean the same whoever gives them, by language; `scales.tsv` what publishers mean by
theirs; `publishers.tsv` by which names and sites a publisher is known; `sources.md` where each scale is described.
The tables are read on first use. A fault in one is a ValueError that names the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NORMALIZED = ("true", "mostly-true", "mixed", "mostly-false", "false", "unproven", "not-rated", "unrated")
TAGS = (
    "misleading",  # gives a wrong impression
    "missing-context",
    "exaggerated",
    "understated",
    "outdated",  # was so once
    "satire",
    "altered-media",  # a picture, sound or film was changed or made up
    "misattributed",  # real, but by, of or from somebody, somewhere or some time else
    "attributed",  # somebody did say it; nothing about whether it is so
    "scam",
    "flip-flop",  # somebody changed his mind
    "pending",  # not decided yet
    "opinion",
)
Meaning: TypeAlias = tuple[str, tuple[str, ...]]  # normalised rating, tags

_DATA = Path(__file__).parent / "data" / "ratings"
_KEPT = 4096  # labels
_LONG = 300  # characters from which a label is not kept
_BETWEEN = " | "  # labels in a cell
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼʹ′´`＇", ""))
# Accents of Latin, Greek and Cyrillic letters, short vowels of Arabic, the dot under Hindi consonants: often left out.
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0655\u0640\u093c\ufe00-\ufe0f\u20e3]")
_DOTS = re.compile(r"\.+")
_KEEP = frozenset("?¿؟%&.")  # "True?" is not "True"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody with a scale; `numbers` is False where the numbers of its ratings do not rise with their truth."""

    name: str
    languages: tuple[str, ...]
    numbers: bool


def fold(label: str) -> str:
    """The form in which labels are compared: the same for all ways to type, accent, quote and decorate one."""
    return _folded(label) if len(label) <= _LONG else _folded.__wrapped__(label)


@lru_cache(maxsize=_KEPT)
def _folded(label: str) -> str:
    text = _plain(label.translate(_APOSTROPHES))
    if "&" in text:
        import html

        text = _plain(html.unescape(html.unescape(text)).translate(_APOSTROPHES))
    text = "".join(map(_character, text)).replace("&", " & ")
    # "True..." may be cut off or doubted: it is not "True."
    return " ".join(_DOTS.sub(lambda dots: " ... " if len(dots[0]) > 2 else " ", text).split())


def _plain(text: str) -> str:
    """No compatibility forms, capitals or accents; the Turkish i with no dot becomes one with."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", text)).replace("ı", "i")


def _character(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cf":  # marks of direction, soft hyphens, joiners
        return ""
    if character not in _KEEP and (kind[0] == "P" or kind in ("So", "Sk", "Sm", "Cc")):
        return " "
    return character


@lru_cache(maxsize=_KEPT)
def publisher_of(name: str | None, site: str | None) -> Publisher | None:
    """The publisher with a scale that goes by this name, else the one whose site this is; an address may be a name."""
    found = _by_name(name) or _by_site(name) if name else None
    return found or (_by_site(site) if site else None)


def scale(publisher: Publisher) -> Mapping[str, Meaning]:
    """What a publisher means by its folded labels."""
    return _scales()[publisher.name]


@cache
def labels() -> Mapping[str, Mapping[str, Meaning]]:
    """What each folded label means, by language."""
    with (_DATA / "labels.tsv").open(encoding="utf-8") as lines:
        return read_labels(lines)


def read_labels(lines: Iterable[str]) -> Mapping[str, Mapping[str, Meaning]]:
    """The meanings by label and language; raises ValueError at a fault or where a label has two in one language."""
    found: dict[str, dict[str, Meaning]] = defaultdict(dict)
    for line, (language, normalized, tags, cell) in _rows(lines, ("language", "normalized", "tags", "labels")):
        meaning = _meaning(line, normalized, tags)
        for label in _labels(line, cell):
            if found[label].setdefault(language, meaning) != meaning:
                raise ValueError(f"line {line}: {label!r} has another meaning in {language} already")
    return dict(found)


def read_scales(lines: Iterable[str]) -> Mapping[str, Mapping[str, Meaning]]:
    """The meanings by publisher and label; raises ValueError as `read_labels` does."""
    found: dict[str, dict[str, Meaning]] = defaultdict(dict)
    for line, (publisher, normalized, tags, cell) in _rows(lines, ("publisher", "normalized", "tags", "labels")):
        meaning = _meaning(line, normalized, tags)
        for label in _labels(line, cell):
            if found[publisher].setdefault(label, meaning) != meaning:
                raise ValueError(f"line {line}: {label!r} has another meaning for {publisher} already")
    return dict(found)


@dataclass(frozen=True, slots=True)
class Publishers:
    """All publishers by folded name, by the words that their names begin with (longest first), and by site."""

    names: Mapping[str, Publisher]
    starts: tuple[tuple[str, Publisher], ...]
    sites: tuple[tuple[str, Publisher], ...]


def read_publishers(lines: Iterable[str]) -> Publishers:
    """The table of publishers; raises ValueError at a fault or where two share a name or a site."""
    names: dict[str, Publisher] = {}
    starts: dict[str, Publisher] = {}
    sites: dict[str, Publisher] = {}
    columns = ("publisher", "names", "sites", "languages", "numbers")
    for line, (name, others, places, languages, numbers) in _rows(lines, columns):
        if numbers not in ("", "no"):
            raise ValueError(f"line {line}: numbers can be 'no' or nothing, not {numbers!r}")
        publisher = Publisher(name, tuple(languages.split()), numbers != "no")
        for spelling in filter(None, (name, *others.split(_BETWEEN))):
            where = starts if spelling.endswith("*") else names
            if where.setdefault(fold(spelling), publisher) != publisher:
                raise ValueError(f"line {line}: {spelling!r} is another publisher's name already")
        for place in filter(None, places.split(_BETWEEN)):
            if sites.setdefault(place, publisher) != publisher:
                raise ValueError(f"line {line}: {place!r} is another publisher's site already")
    return Publishers(names, *(tuple(sorted(found.items(), key=_longest)) for found in (starts, sites)))


def _longest(item: tuple[str, Publisher]) -> tuple[int, str]:
    return -len(item[0]), item[0]


@cache
def _publishers() -> Publishers:
    with (_DATA / "publishers.tsv").open(encoding="utf-8") as lines:
        return read_publishers(lines)


@cache
def _scales() -> Mapping[str, Mapping[str, Meaning]]:
    with (_DATA / "scales.tsv").open(encoding="utf-8") as lines:
        return read_scales(lines)


def _by_name(text: str) -> Publisher | None:
    known, folded = _publishers(), fold(text)
    address = "." in text and " " not in text  # "politifact.com.example.org" begins with a name and is none
    starts = () if address else known.starts
    return known.names.get(folded) or next((p for start, p in starts if f"{folded} ".startswith(f"{start} ")), None)


def _by_site(text: str) -> Publisher | None:
    """Feeds write addresses in all ways: "www.x.org", "https:www.x.org", "https:x.orgpath" with the slashes lost."""
    address = re.sub(r"^(?:https?:)?/*(?:www\.)?", "", text.strip().casefold())
    host, slash, _ = address.partition("/")
    for site, publisher in _publishers().sites:
        home, _, path = site.partition("/")
        within = host == home or host.endswith("." + home)
        if within and (not path or f"{address}/".partition("/")[2].startswith(f"{path}/")):
            return publisher
        if not slash and path and address == home + path:
            return publisher
    return None


def _rows(lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the number of its line; lines that begin with "#" are remarks."""
    rows = ((n, line.rstrip("\n").split("\t")) for n, line in enumerate(lines, 1) if line[:1] not in ("#", "\n"))
    line, header = next(rows, (1, [""]))
    if tuple(header) != columns:
        raise ValueError(f"line {line}: the header should be {', '.join(columns)}")
    for line, row in rows:
        if len(row) != len(columns) or not row[0]:
            raise ValueError(f"line {line}: not the {len(columns)} columns of the header")
        yield line, row


def _meaning(line: int, normalized: str, tags: str) -> Meaning:
    named = tags.split()
    if normalized not in NORMALIZED[:-1]:
        raise ValueError(f"line {line}: {normalized!r} is no rating")
    if named != [tag for tag in TAGS if tag in named]:
        raise ValueError(f"line {line}: {tags!r} are not tags in their order")
    return normalized, tuple(named)


def _labels(line: int, cell: str) -> list[str]:
    found = [fold(label) for label in cell.split(_BETWEEN)]
    if not all(found):
        raise ValueError(f"line {line}: a label is empty")
    return found
