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
# Not lines through or over a letter (U+0334 to U+0338, U+20D0 to U+20F0, U+0305): they strike it out.
_ACCENTS = re.compile(
    "[\u0300-\u0304\u0306-\u0333\u0340-\u0345\u034f\u064b-\u0655\u0640\u093c\ufe00-\ufe0f]",
)
_DOTS = re.compile(r"\.+")
_KEEP = frozenset("?¿؟%&.!;*")  # "True?" is not "True"; what the last three say depends on where they stand
_HARMLESS = frozenset('",:/|¡·•。、・،؛۔।॥…')  # beside all brackets, quotation marks and dashes
_HARMLESS_KINDS = frozenset(("Pd", "Pc", "Ps", "Pe", "Pi", "Pf", "Cc"))
_SIGNS = frozenset(("Po", "Sm", "Sk", "So"))  # all others of these say something: "≠ True", "☒ True", "~~True~~"
_EMPTY_BOX = re.compile(r"\[\s*\]|\(\s*\)")  # "[ ] True" is not ticked
_EMPHASIS = re.compile(r"(\*{1,3})([^*]+)\1")  # "**True**", but not "True*", which has a footnote
_GREEK = re.compile("[\u0370-\u03ff]")  # a semicolon is the Greek question mark
_WORD = re.compile(r"\w")
_SIMPLE = re.compile("[A-Za-z0-9 ]+")

# Labels of these are read whoever gives them; those of all other languages only where that language is written.
_WIDE = frozenset("en es pt fr de it nl pl tr id ru uk ar hi bn zh ja ko".split())
_SHORT = 5  # letters: what is so short is a name or another word elsewhere ("Vera", "Salah", "Timo", "avéré"),
_PLAIN = frozenset("falso falsa vrai vraie faux wahr".split())  # but for these
_NAMES = frozenset(("nee", "सत्य"))


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody with a scale; `numbers` is False where the numbers of its ratings do not rise with their truth."""

    name: str
    languages: tuple[str, ...]
    numbers: bool


def fold(label: str) -> str:
    """The form in which labels are compared: the same for all ways to type, accent and quote one.

    Signs and strokes that may say something stay in it: "≠ True", "❌ True" and a struck "True" are not "True".
    """
    return _folded(label) if len(label) <= _LONG else _folded.__wrapped__(label)


@lru_cache(maxsize=_KEPT)
def _folded(label: str) -> str:
    if _SIMPLE.fullmatch(label):  # as most are: a tenth of the time
        return " ".join(label.lower().split())
    text = _plain(label)
    if "&" in text:
        import html

        text = _plain(html.unescape(html.unescape(text)))
    text = "".join(map(_character, _EMPTY_BOX.sub(" ☐ ", text))).replace("&", " & ")
    word = _WORD.search(text)
    before = word.start() if word else 0  # "!True" is not "True!"
    text = text[:before] + text[before:].replace("!", " ")
    if not _GREEK.search(text):
        text = text.replace(";", " ")
    # "True..." may be cut off or doubted: it is not "True."
    text = " ".join(_DOTS.sub(lambda dots: " ... " if len(dots[0]) > 2 else " ", text).split())
    emphasis = _EMPHASIS.fullmatch(text)
    return emphasis[2].strip() if emphasis else text


def _plain(text: str) -> str:
    """No compatibility forms, capitals, accents, apostrophes or unseen characters; the Turkish i always has a dot."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")  # marks of direction, soft hyphens, joiners
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    text = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", text)).replace("ı", "i")


def _character(character: str) -> str:
    kind = unicodedata.category(character)
    if character in _HARMLESS or kind in _HARMLESS_KINDS:
        return " "
    return f" {character} " if kind in _SIGNS and character not in _KEEP else character


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


def needs_language(label: str) -> bool:
    """Whether a folded label of `labels` says nothing unless its language is written there.

    So it is with labels of the less common languages of fact-checking and with short ones: "Vale", "Mali" and "Vera"
    are mostly something else.
    """
    languages = labels().get(label, {}).keys()
    if label in _NAMES or languages.isdisjoint(_WIDE):
        return True
    short = label.isascii() and sum(map(str.isalpha, label)) <= _SHORT
    return short and "en" not in languages and label not in _PLAIN


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
            if where.setdefault(fold(spelling.removesuffix("*")), publisher) != publisher:
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


_CODES = {"nb": "no", "nn": "no", "tl": "fil", "in": "id", "iw": "he", "zho": "zh", "cmn": "zh"}
_DOMAINS = {  # country domains that few others use, and the languages of labels there
    domain: frozenset(languages.split())
    for domains, languages in (
        ("al", "sq"),
        ("ar bo cl cr cu do ec gt hn mx ni pa pe py sv uy ve", "es"),
        ("es", "es ca"),
        ("cat", "ca"),
        ("br pt", "pt"),
        ("fr", "fr"),
        ("de at", "de"),
        ("ch", "de fr it"),
        ("be", "nl fr de"),
        ("nl", "nl"),
        ("it", "it"),
        ("uk ie us au nz", "en"),
        ("pl", "pl"),
        ("cz", "cs"),
        ("sk", "sk"),
        ("hr", "hr"),
        ("rs", "sr"),
        ("ba", "bs hr sr"),
        ("ro md", "ro"),
        ("hu", "hu"),
        ("gr", "el"),
        ("cy", "el tr"),
        ("tr", "tr"),
        ("se", "sv"),
        ("no", "no"),
        ("dk", "da"),
        ("fi", "fi sv"),
        ("ee", "et"),
        ("lv", "lv"),
        ("lt", "lt"),
        ("bg", "bg"),
        ("mk", "mk sq"),
        ("ge", "ka"),
        ("ru by", "ru"),
        ("ua", "uk ru"),
        ("id", "id"),
        ("my", "ms"),
        ("ph", "fil"),
        ("vn", "vi"),
        ("th", "th"),
        ("in", "hi bn ur"),
        ("bd", "bn"),
        ("pk", "ur"),
        ("ir", "fa"),
        ("il", "he ar"),
        ("ae dz eg iq jo kw lb ma qa sa sy tn ye", "ar"),
        ("kr", "ko"),
        ("jp", "ja"),
        ("cn hk tw", "zh"),
        ("ke tz", "sw"),
    )
    for domain in domains.split()
}


@lru_cache(maxsize=_KEPT)
def languages_of(publisher: Publisher | None, name: str, site: str, language: str) -> frozenset[str]:
    """The languages that a review may be in: its own, its publisher's, and those of the country of its site."""
    code = re.split("[-_]", language.strip().casefold(), maxsplit=1)[0]
    found = {_CODES.get(code, code)} if code else set()
    found.update(publisher.languages if publisher else ())
    for address in (site, name):
        if "." in address and " " not in address.strip():
            found |= _DOMAINS.get(_host(address).rpartition(".")[2], frozenset())
    return frozenset(found)


def _host(address: str) -> str:
    return re.split("[/:?#]", _ADDRESS.sub("", address.strip().casefold()), maxsplit=1)[0].rstrip(".")


_ADDRESS = re.compile(r"^(?:https?:)?/*(?:www\.)?")


def _by_site(text: str) -> Publisher | None:
    """Feeds write addresses in all ways: "www.x.org", "https:www.x.org", "https:x.orgpath" with the slashes lost."""
    address = _ADDRESS.sub("", text.strip().casefold())
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
