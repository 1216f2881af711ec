"""Whether two English words can mean the same, the opposite, or are two of a kind; lists, no model.

Our own lists of newsroom words come first (`data/lexicon/*.txt`), then what is distilled from WordNet (Miller 1995,
`training/lexicon.py`). Of a word with several meanings only the common ones count, so `SAME` errs on the side of
silence; whether two claims say the same is for `relations` to decide, from more than two words.

Words go in as lemmas, those of several words joined by `_`; hyphens and spaces are taken for it. All lists are read on
first use, and every answer is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set as AbstractSet

_DATA = Path(__file__).parent / "data" / "lexicon"
_KEPT = 65_536  # answers
_NOTHING: frozenset[str] = frozenset()
_VOWELS = frozenset("aeiouy")
_AGENT = ("er", "or", "ee", "ist", "ant")  # who does it, not what is done: an employer is no opposite of "dismiss"
_PREFIXES = ("un", "non_", "non")
_CONTRACTED = "n't"
_LOOSELY = "~"  # in wordnet.tsv: too broad a kind for siblings; a side that an adjective has from its head


class Kinship(StrEnum):
    """How the meanings of two words lie to one another.

    `NARROWER`: the first is a kind of the second; `BROADER`: the second is a kind of the first. The others hold both
    ways. `SIBLING`: two kinds of one thing. `DERIVED`: one root, another part of speech or role.
    """

    SAME = "same"
    OPPOSITE = "opposite"
    SIBLING = "sibling"
    NARROWER = "narrower"
    BROADER = "broader"
    DERIVED = "derived"


class Negator(StrEnum):
    """What a negating word does to what it stands with."""

    NEGATION = "negation"  # it is not so
    FAILURE = "failure"  # it does not come about
    PREVENTION = "prevention"  # somebody keeps it from coming about
    DENIAL = "denial"  # somebody says that it is not so
    FALSITY = "falsity"  # the claim itself is called false


def related_as(a: str, b: str) -> Kinship | None:
    """How the first lemma is related to the second; None where nothing is known. A word is the `SAME` as itself."""
    return _related_as(_key(a), _key(b))


@lru_cache(maxsize=_KEPT)
def _related_as(a: str, b: str) -> Kinship | None:
    for one, other in product(_readings(a), _readings(b)):
        kinship = _compared(_word(one), _word(other))
        if kinship:
            return kinship
    return None


@lru_cache(maxsize=_KEPT)
def converse(a: str, b: str) -> bool:
    """True where one lemma tells from the other side what the other tells: "buy" and "sell", "above" and "below"."""
    table = _sides("converses.txt")
    return not table.get(_key(a), _NOTHING).isdisjoint(_against(table.get(_key(b), _NOTHING)))


def phrases(lemmas: Sequence[str]) -> list[tuple[int, int, str]]:
    """The entries of several words in a sequence of lemmas: (start, end, "turn_down"), `lemmas[start:end]` its words.

    From left to right, the longest first, none overlapping another.
    """
    found, at = [], 0
    while at < len(lemmas):
        sizes, names = _opened_by(lemmas[at])
        for size in sizes:
            name = "_".join(lemmas[at : at + size])
            if name in names and at + size <= len(lemmas):
                found.append((at, at + size, name))
                at += size - 1
                break
        at += 1
    return found


def direction(lemma: str) -> int:
    """+1 for a word that says that an amount rises or is high, -1 for one that says that it falls or is low, else 0."""
    return _directions().get(_key(lemma), (0, None))[0]


def multiple(lemma: str) -> float | None:
    """What a direction word multiplies the amount by, where it says so: 2.0 for "double", 0.5 for "halve"."""
    return _directions().get(_key(lemma), (0, None))[1]


def negator(lemma: str) -> Negator | None:
    """What kind of negation the lemma is, if it is one."""
    kind = _negators().get(_key(lemma))
    return kind or (Negator.NEGATION if lemma.endswith(_CONTRACTED) else None)


def parts(lemma: str) -> str:
    """The parts of speech that a lemma can be, as letters (n, v, a, r); empty for a word that is not in WordNet."""
    return _cells(_key(lemma)).partition("\t")[0]


def is_filler(lemma: str) -> bool:
    """True for a word that makes a claim louder or more newsy, and never more or less true."""
    return _key(lemma) in _fillers()


def reread() -> None:
    """Read all files anew when they are next needed: `training/lexicon.py` writes them in steps."""
    for kept in (_wordnet, _irregular, _forms, _groups, _siblings, _sides, _directions, _negators, _fillers, _own):
        kept.cache_clear()
    for answers in (lemma, converse, _related_as, _word, _opened_by):
        answers.cache_clear()


@lru_cache(maxsize=_KEPT)
def lemma(word: str) -> str:
    """The word without its inflection, in lower case: "went" is "go", "women" "woman", "fewer" "few".

    Without its sentence a form may be of two words: the verb goes first, save for a few that stay as they are ("left",
    "shot") and that `related_as` reads both ways. Of an unknown word only a plural's s is taken off.
    """
    word = word.lower().replace("’", "'")
    return _forms().get(word, (None,))[0] or _irregular().get(word) or regular(word)


def regular(word: str) -> str:
    """The lemma by the rules of endings alone; the word itself where none gives a word that is known."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, parts, replacements in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss"):
            base = _known(word[: -len(ending)], parts, replacements)
            if base and not (parts == "a" and _is_one_of(word, "nv")):  # "lower" is a verb, "offer" no adjective
                return base
    plural = word[-1] == "s" and word[-2] not in "suia" and not _cells(word) and len(word) > 4
    return word[:-1] if plural else word


_ENDINGS = (  # of forms, the parts of speech that take them, what may have stood there
    ("ies", "nv", ("y", "ie")),
    ("es", "nv", ("e", "")),
    ("s", "nv", ("",)),
    ("ied", "v", ("y", "ie")),
    ("ed", "v", ("e", "")),
    ("ying", "v", ("ie", "y", "ye")),
    ("ing", "v", ("e", "")),
    ("iest", "a", ("y",)),
    ("est", "a", ("e", "")),
    ("ier", "a", ("y",)),
    ("er", "a", ("e", "")),
)


def _known(stem: str, parts: str, replacements: tuple[str, ...]) -> str | None:
    """The word that a stem is of: one that is in the table as one of these parts of speech."""
    if len(stem) < 2 or _VOWELS.isdisjoint(stem):
        return None
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou"
    shortened = (stem[:-1],) if doubled and parts != "nv" else ()
    whole = [stem + end for end in replacements]
    # "stopped": stop before "stopp"; but "passed" is of "pass", which is a word.
    candidates = [*whole, *shortened] if doubled else whole
    return next((word for word in candidates if len(word) > 2 and _is_one_of(word, parts)), None)


def _is_one_of(word: str, parts: str) -> bool:
    cell = _cells(word).partition("\t")[0]
    return any(part in cell for part in parts)


# What is known of two words.


class _Word(NamedTuple):
    """What a word is compared by, as (step, name): a is related to b if `ours` of a and `theirs` of b meet.

    The lowest step that both have decides; `_STEPS` says what.
    """

    ours: frozenset[tuple[int, str]]
    theirs: frozenset[tuple[int, str]]


_STEPS = (
    Kinship.SAME,  # one word, or one group of our own lists
    Kinship.OPPOSITE,
    Kinship.SIBLING,
    Kinship.OPPOSITE,  # "unvaccinated", "vaccinate"
    Kinship.OPPOSITE,  # the same the other way round
    None,  # our veto against WordNet, which comes next
    Kinship.OPPOSITE,
    Kinship.SAME,
    Kinship.DERIVED,
    Kinship.NARROWER,
    Kinship.BROADER,
    Kinship.SIBLING,
    Kinship.OPPOSITE,  # as our lists have it for the roots: "rejection" is no "approval"
    Kinship.DERIVED,
)


def _compared(one: _Word, other: _Word) -> Kinship | None:
    shared = one.ours & other.theirs
    return _STEPS[min(shared)[0]] if shared else None


@lru_cache(maxsize=_KEPT)
def _word(name: str) -> _Word:
    cells = [frozenset(cell.split()) for cell in _cells(name).split("\t")[1:]]
    meanings, kinds, antonyms, roots = cells + [_NOTHING] * (4 - len(cells))
    names, denied, siblings = {name}, _denied(name), _siblings().get(name, _NOTHING)
    groups = _groups().get(name, _NOTHING) | names
    sides, unlike = (_sides(file).get(name, _NOTHING) for file in ("opposites.txt", "unlike.txt"))
    above, narrow = {kind.removeprefix(_LOOSELY) for kind in kinds}, {kind for kind in kinds if kind[0] != _LOOSELY}
    root_sides, root_groups = _of_roots(_sides("opposites.txt"), name, roots), _of_roots(_groups(), name, roots)
    steps: tuple[tuple[AbstractSet[str], AbstractSet[str]], ...] = (
        (groups, groups),
        (sides, _against(sides)),
        (siblings, siblings),
        (names, denied),
        (denied, names),
        (unlike, _against(unlike)),
        (antonyms, _against(antonyms)),
        (meanings, meanings),
        (roots, roots),
        (above, meanings),
        (meanings, above),
        (narrow, narrow),
        (root_sides, _against(root_sides)),
        (root_groups, root_groups),
    )
    return _Word(
        frozenset((step, found) for step, (ours, _) in enumerate(steps) for found in ours),
        frozenset((step, found) for step, (_, theirs) in enumerate(steps) for found in theirs),
    )


def _against(sides: frozenset[str]) -> frozenset[str]:
    """The other sides; two adjectives that have theirs only from their heads are no opposites of one another."""
    other = {side: side[1:] if side[0] == "-" else f"-{side}" for side in (s.removeprefix(_LOOSELY) for s in sides)}
    return frozenset(other.values()) | {_LOOSELY + other[side] for side in sides if side in other}


def _denied(name: str) -> frozenset[str]:
    """What a word with a prefix of denial denies; WordNet knows "unable" and its like, but few of the news."""
    rests = [name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)]
    return frozenset(word for rest in rests if len(rest) > 3 for word in (rest, lemma(rest)))


def _of_roots(table: dict[str, frozenset[str]], name: str, roots: frozenset[str]) -> frozenset[str]:
    """What the table has for a word and its roots; who does it is kept apart from what is done."""
    agent = " by" if name.endswith(_AGENT) else ""
    return frozenset(found + agent for word in (name, *roots) for found in table.get(word, ()))


# The files.


@cache
def _wordnet() -> list[str]:
    """Its lines, a word each, sorted: a word is found by halving them, sooner than a table is made of all."""
    return (_DATA / "wordnet.tsv").read_text(encoding="utf-8").splitlines()


def _cells(word: str) -> str:
    """What stands behind a word in WordNet; empty for one that is not there."""
    lines = _beginning_with(f"{word}\t")
    return lines[-1][len(word) + 1 :] if lines else ""


def _beginning_with(letters: str) -> list[str]:
    lines = _wordnet()
    start = bisect_left(lines, letters)
    return lines[start : bisect_left(lines, f"{letters}\x7f", start)]  # behind all letters that are there


@cache
def _irregular() -> dict[str, str]:
    lines = (_DATA / "irregular.txt").read_text(encoding="utf-8").splitlines()
    return {form: base for form, _, base in (line.partition(" ") for line in lines)}


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """For a form that the rules would read wrongly its lemma; further words are other readings of it."""
    return {form: tuple(lemmas) or (form,) for form, *lemmas in map(str.split, _lines("forms.txt"))}


def _readings(word: str) -> tuple[str, ...]:
    """The words that a lemma may be: itself, as a rule."""
    found = _forms().get(word, (word,))
    return found if found[0] == word else (word,)


def _key(word: str) -> str:
    return word.replace("-", "_").replace(" ", "_")


def _lines(name: str) -> Iterator[str]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            yield line


def _members(text: str) -> list[str]:
    return _key(",".join(map(str.strip, text.split(",")))).split(",")


@cache
def _groups(name: str = "synonyms.txt") -> dict[str, frozenset[str]]:
    """For each word of a list of groups the numbers of its groups."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(_lines(name)):
        for member in _members(line.rpartition(": ")[2]):
            found.setdefault(member, set()).add(str(number))
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def _siblings() -> dict[str, frozenset[str]]:
    """For each word the numbers of its kinds, with those of its synonyms: who knows pensioners knows retirees."""
    own, synonyms = _groups("siblings.txt"), _groups()
    through: dict[str, set[str]] = {}
    for word in own.keys() & synonyms.keys():
        for group in synonyms[word]:
            through.setdefault(group, set()).update(own[word])
    found = {word: set(numbers) for word, numbers in own.items()}
    for word, groups in synonyms.items():
        for group in groups & through.keys():
            found.setdefault(word, set()).update(through[group])
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def _sides(name: str) -> dict[str, frozenset[str]]:
    """For each word of a list of pairs its sides: n left of the bar of line n, -n right of it."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(_lines(name)):
        left, _, right = line.partition("|")
        for side, members in ((f"{number}", left), (f"-{number}", right)):
            for member in _members(members):
                found.setdefault(member, set()).add(side)
    return {word: frozenset(sides) for word, sides in found.items()}


@cache
def _directions() -> dict[str, tuple[int, float | None]]:
    found: dict[str, tuple[int, float | None]] = {}
    for line in _lines("directions.txt"):
        head, _, members = line.partition(": ")
        way, _, factor = head.partition(" ")
        for member in _members(members):
            found[member] = (1 if way == "up" else -1, float(factor) if factor else None)
    return found


@cache
def _negators() -> dict[str, Negator]:
    found: dict[str, Negator] = {}
    for line in _lines("negators.txt"):
        kind, _, members = line.partition(": ")
        for member in _members(members):
            found.setdefault(member, Negator(kind))  # the first kind that a word stands under
    return found


@cache
def _fillers() -> frozenset[str]:
    return frozenset(member for line in _lines("fillers.txt") for member in _members(line))


@lru_cache(maxsize=_KEPT)
def _opened_by(first: str) -> tuple[tuple[int, ...], frozenset[str]]:
    """The entries of several words that begin with this one, and how long they are, longest first."""
    wordnet = {line.partition("\t")[0] for line in _beginning_with(f"{first}_")} if "_" not in first else ()
    names = _own().get(first, _NOTHING).union(wordnet)
    return tuple(sorted({name.count("_") + 1 for name in names}, reverse=True)), names


@cache
def _own() -> dict[str, frozenset[str]]:
    """The entries of several words of our own lists, by their first words."""
    lists = (_groups(), _groups("siblings.txt"), _sides("opposites.txt"), _sides("converses.txt"))
    found: dict[str, set[str]] = {}
    for name in chain(*lists, _directions(), _negators(), _fillers()):
        if "_" in name:
            found.setdefault(name.partition("_")[0], set()).add(name)
    return {first: frozenset(names) for first, names in found.items()}
