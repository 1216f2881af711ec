"""Who has the word in an interview or a transcript, by the labels at the beginning of lines. Pure.

"Jane Roe:", "MR KHAN:", "SMITH (D-OH):", "Q:". A text is taken for a transcript only where such labels recur;
"Source:", "READ MORE:" and a headline with a colon are none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.gazetteer import FIRST_NAMES, HEADS, NO_NAMES, TITLES, TOKEN, fold, is_ordinary
from tracker.genders import is_first_name
from tracker.mentions import mentions
from tracker.name import NameKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.models import Sentence

_STAMP = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s{1,3}(?:[-–—]\s)?)?"
_LABEL = re.compile(
    rf"[*_>\s]{{0,4}}{_STAMP}[*_]{{0,2}}(?P<name>[^\W\d_][^:\n\r“”\"?!;()\[\]*]{{0,60}}?)\s?"
    r"(?P<note>\((?P<noted>[^()\n]{1,60})\)|\[[^\[\]\n]{1,60}\])?(?:\s?\([^()\n]{1,60}\)){0,2}"
    r"[*_]{0,2}\s?:(?=[*_]{0,2}(?:\s|$))"
)
_LONGEST = 160  # characters that a label may stand in
_NO_LABEL = frozenset(
    """
    source sources note notes correction corrections update updated clarification editor editors read watch listen more
    related photo picture image caption video credit share tags topics claim verdict rating fact facts conclusion via by
    contact email tel phone follow subscribe breaking exclusive opinion analysis comment location date time published
    background summary headline byline writing reporting editing interview words photographs ep episode
    """.split()
)
_ROLES = frozenset(
    """
    q a question answer host moderator interviewer interviewee reporter presenter anchor narrator speaker audience
    chair chairman chairwoman chairperson president witness counsel clerk judge court operator caller questioner voice
    announcer student member members man woman minister secretary journalist prosecutor defence defense deputy officer
    premier chancellor commissioner director
    """.split()
)
_PARTICLES = frozenset("of the and for de von van der den bin al el la le du da dos di ibn ap of".split())
_FORMS = frozenset("madam hon honourable rt right col maj adm brig cmdr cllr".split())
_PERSONAL = frozenset("mr mrs ms miss mx dr sir dame lord lady baroness prof professor sen rep senator".split())
_NO_PEOPLE = frozenset({NameKind.COUNTRY, NameKind.PLACE, NameKind.ORGANISATION})
_DIRECTION = re.compile(r"[(\[][^()\[\]]{1,200}[)\]]\.?")
_PROCEDURE = re.compile(  # what a record of debate says of itself
    r"(?:Question (?:put|agreed)|The (?:House|[Cc]ommittee|[Cc]ouncil|Chamber|sitting|session|meeting) (?:divided|"
    r"adjourned|rose|stood|was (?:adjourned|suspended))|Sitting (?:suspended|adjourned)|(?:Motion|Amendment|Bill) "
    r"(?:agreed|negatived|made|read|by leave)|Resolved,)"
)
_FIRST_PERSON = re.compile(
    r"\b(?:I|I['’]\w+|[Ww]e|[Ww]e['’]\w+|[Mm]y|[Mm]e|[Oo]ur|[Uu]s|[Yy]ou|[Yy]our|[Yy]ou['’]\w+)\b"
)
_ENDS = re.compile(r"[.!?…—–-][\"'”’»›)\]]*$")
_WITHIN_MARKS = re.compile(r"“[^”]{0,400}”|\"[^\"]{0,400}\"|‘[^’]{0,400}’")
_HEADING = 6  # words of a line that may be a heading
_FIRST_WORDS = re.compile(r"[^\W\d_]+")
_EPILOGUE = 3  # paragraphs at the end that may be closing narration
_EDITED = re.compile(
    r"\bis produced by\b|\b(?:interview|conversation|transcript|exchange|discussion|q&a)\b.{0,60}"
    r"\b(?:edited|condensed|shortened|abridged)\b",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"(?:The|A|An) \w[^.“”\"]{0,120}?\b(?:said|say|says|confirmed|declined|denied|disputes?|disputed|told|put|asked"
    r"|responded|replied|did not respond|issued|published|shows?|showed)\b"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it stands there: the `name` without titles, or the one in brackets behind an office.

    `key` is its words, folded, without titles; the words of an office are its key.
    """

    name: str
    key: tuple[str, ...]
    is_named: bool
    is_role: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn a sentence belongs to; None for the narration before, between and behind."""

    label: Label | None


def turns(text: str, sentences: Sequence[Sentence]) -> list[Turn | None]:
    """For each sentence the turn it is in; None where the text is no transcript, or before its first label."""
    labels = _with_names([_label_at(text, sentences, index) for index in range(len(sentences))])
    recurring = _recurring(labels, all_labelled=_all_labelled(text, sentences, labels))
    if not recurring:
        return [None] * len(sentences)
    found: list[Turn | None] = []
    current: Turn | None = None
    for sentence, label in zip(sentences, labels, strict=True):
        if label is not None and (label.key in recurring or label.is_named or label.is_role or label.name.isupper()):
            current = Turn(label)
        said = sentence.text
        aside = sentence.boilerplate or _DIRECTION.fullmatch(said) or (label is None and _PROCEDURE.match(said))
        found.append(Turn(None) if aside and current else current)
    return _without_epilogue(text, sentences, labels, found)


def _with_names(labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels, an office with the name that it was given before: "The Speaker (Jane Roe):", "The Speaker:"."""
    holders: dict[tuple[str, ...], Label] = {}
    found: list[Label | None] = []
    for label in labels:
        if label is not None and label.is_role and label.is_named:
            holders[label.key] = label
        found.append(holders.get(label.key, label) if label is not None and label.is_role else label)
    return found


def _label_at(text: str, sentences: Sequence[Sentence], index: int) -> Label | None:
    """The label that a sentence begins with, where it begins a line."""
    here = sentences[index]
    if here.boilerplate or (index and not _breaks(text[sentences[index - 1].end : here.start])):
        return None
    match = _LABEL.match(text, here.start, min(len(text), here.start + _LONGEST))
    return _read(match) if match else None


def _breaks(gap: str) -> bool:
    return "\n" in gap or "\r" in gap


def _read(match: re.Match[str]) -> Label | None:
    name, _, office = match["name"].strip(" ,.-–—").partition(", ")
    tokens = TOKEN.findall(name)
    capitals = (token[0].isupper() or token.isdigit() or fold(token) in _PARTICLES for token in tokens)
    if not 1 <= len(tokens) <= 10 or not all(capitals) or not (name.isupper() or len(office.split()) < 4):
        return None
    words = [fold(token).rstrip("0123456789") for token in tokens]
    if _NO_LABEL & set(words) and words[0] not in _PERSONAL:
        return None
    key = tuple(word for word in words if word not in TITLES | _PARTICLES | _FORMS)
    is_role = bool(_ROLES & set(words)) and not any(_is_unlisted(word) for word in key)
    if is_role:
        behind = _untitled((match["noted"] or "").strip())
        noted = behind if len(behind.split()) > 1 and any(_is_unlisted(fold(word)) for word in behind.split()) else ""
        return Label(noted, tuple(words), is_named=bool(noted), is_role=True)
    titled = words[0] in _PERSONAL or bool(match["noted"])
    if not titled and (set(key) <= NO_NAMES or _is_listed(name)):
        return None
    is_named = (
        bool(key)
        and not any(word.isdigit() for word in tokens)
        and (titled or any(_is_unlisted(word) for word in key) or key[0] in FIRST_NAMES)
    )
    return Label(_untitled(name), key or tuple(words), is_named, is_role=False, title=words[0])


@lru_cache(maxsize=1024)
def _is_listed(name: str) -> bool:
    """True for a country or an organisation, which a table may have at the beginning of its lines."""
    return any(one.known and one.kind in _NO_PEOPLE for one in mentions(name))


def _is_unlisted(word: str) -> bool:
    return len(word) > 1 and not is_ordinary(word)


def _untitled(name: str) -> str:
    """The label's name from its first word that is no title on."""
    for token in TOKEN.finditer(name):
        if fold(token[0]) not in TITLES | _FORMS:
            return name[token.start() :]
    return name


def _all_labelled(text: str, sentences: Sequence[Sentence], labels: Sequence[Label | None]) -> bool:
    """Tell whether there is nothing but turns: each line has a label, and each ends as a sentence does."""
    for i, label in enumerate(labels):
        starts = not i or _breaks(text[sentences[i - 1].end : sentences[i].start])
        ends = i + 1 == len(labels) or _breaks(text[sentences[i].end : sentences[i + 1].start])
        if (starts and label is None) or (ends and not _ENDS.search(sentences[i].text[-4:])):
            return False
    return True


def _is_in_full(label: Label) -> bool:
    """True for a label with a first name and a surname."""
    first = is_first_name(label.key[0]) or label.key[0] in FIRST_NAMES
    return label.is_named and not label.is_role and 2 <= len(label.key) <= 4 and first and label.key[-1] not in HEADS


def _recurring(labels: Sequence[Label | None], *, all_labelled: bool) -> set[tuple[str, ...]]:
    """The labels that come again, if there are enough of them to make the text a transcript.

    `all_labelled`: there is nothing but turns, so that two full names are enough.
    """
    given = [label for label in labels if label is not None]
    told = [label for label in given if label.is_named or label.is_role]
    counts = Counter(label.key[-1:] for label in told)  # "ANDERSON COOPER:", and from then on "COOPER:"
    again = {key for key, count in counts.items() if count > 1}
    enough = sum(counts[key] for key in again) >= 3 or (bool(again) and len(counts) > 1)
    if not again and all_labelled and len(counts) > 1 and all(map(_is_in_full, given)):
        return {label.key for label in told}
    return {label.key for label in given if label.key[-1:] in again} if enough else set()


def _without_epilogue(
    text: str, sentences: Sequence[Sentence], labels: Sequence[Label | None], found: list[Turn | None]
) -> list[Turn | None]:
    """Take the closing narration out of the last turn, where it can be told."""
    given = [i for i, turn in enumerate(found) if labels[i] is not None and turn and turn.label]
    if not given:
        return found
    gaps = [text[sentences[i - 1].end : sentences[i].start] if i else "" for i in range(len(sentences))]
    starts = [i for i in range(given[-1] + 1, len(sentences)) if _breaks(gaps[i]) and not sentences[i].boilerplate]
    by_lines = len(given) > 1 and not any(_is_blank(gaps[i]) for i in range(given[0] + 1, given[-1] + 1))
    spoken = max((i for i in range(given[-1] + 1, len(found)) if _is_first_person(sentences[i])), default=-1)
    people = {label.key[-1] for label in labels if label is not None and label.is_named}
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(sentences)
        told = len(starts) - place <= _EPILOGUE and _is_narration([one.text for one in sentences[start:end]], people)
        told = told or (spoken < end < len(found) and _is_heading(sentences, start, end))
        if told or (by_lines and _is_blank(gaps[start])):
            behind: list[Turn | None] = [None] * (len(found) - start)
            return [*found[:start], *behind]
    return found


def _is_heading(sentences: Sequence[Sentence], start: int, end: int) -> bool:
    """Tell whether a paragraph is one short line at which no sentence ends: "Background"."""
    line = sentences[start].text
    short = end == start + 1 and len(line.split()) <= _HEADING and line[0].isupper()
    return short and _ENDS.search(line[-4:]) is None and not line.endswith((",", ";", ":"))


def _is_first_person(sentence: Sentence) -> bool:
    """Tell whether "I", "we" or "you" stands outside quotation marks."""
    return not sentence.boilerplate and _FIRST_PERSON.search(_WITHIN_MARKS.sub("", sentence.text)) is not None


def _is_blank(gap: str) -> bool:
    return gap.count("\n") > 1 or gap.count("\r") > 1


def _is_narration(paragraph: Sequence[str], people: set[str]) -> bool:
    """Tell whether a paragraph speaks about the interview or who gave it, or reports what others say of it."""
    if any(_EDITED.search(sentence[:_LONGEST]) for sentence in paragraph):
        return True
    if any(
        _FIRST_WORDS.findall(sentence[:_LONGEST])[:1] in [[name] for name in people]
        for sentence in map(fold, paragraph)
    ):
        return True
    if any(_FIRST_PERSON.search(sentence) for sentence in paragraph):
        return False
    named = {fold(token).removesuffix("'s") for sentence in paragraph for token in TOKEN.findall(sentence)}
    return bool(people & named) or any(_REPORTS.match(sentence) for sentence in paragraph)
