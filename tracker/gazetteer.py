"""The names that come with the package: countries, places, organisations, people, groups; see `tracker/data/names`.

A form is one spelling of a name with the ids that it may stand for. Words are folded (`fold`), so that Orbán is Orban.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker.name import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "data" / "names"
TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|&|[^\W_]+(?:['’](?=[^\W_])[^\W_]+)*")
TITLES = frozenset(
    """
    president vice prime minister premier chancellor secretary sir dame lord lady baroness mr mrs ms miss dr doctor prof
    professor sen senator rep representative congressman congresswoman gov governor mayor judge justice king queen
    prince princess pope general gen colonel col captain capt sgt sergeant lt lieutenant major admiral chief chairman
    chairwoman chair ceo cfo founder director leader speaker attorney ambassador commissioner superintendent sheriff
    officer pastor rev reverend bishop archbishop cardinal ayatollah sheikh imam rabbi councillor councilman alderman
    treasurer deputy candidate nominee spokesman spokeswoman spokesperson adviser advisor editor coach actor actress
    singer comedian host anchor journalist uncle aunt pm mp mep msp dean former ex acting
    sens reps govs drs messrs
    """.split()
)
SURNAMES = frozenset("king prince pope bishop major judge dean chancellor".split())  # titles that are names too
NO_NAMES = frozenset(
    """
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun i i'm i'll
    i've i'd ok okay am pm gmt bst est edt utc tv id rt cc usd gbp eur km ps vs etc anglo franco sino afro euro anti pro
    non pan post pre mid breaking video watch photo photos image images fact check update exclusive dear hi hello spring
    summer autumn winter god internet http https www com org gov amp dept
    ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xx
    """.split()
)
INSTITUTIONS = frozenset(
    """
    university college school academy institute institution association society party ministry department council
    union bank court committee commission agency authority office bureau service airlines airways army navy church
    league federation foundation fund trust group company corporation corp inc ltd plc llc partners center centre
    hospital club museum library police press times news post journal herald tribune gazette act treaty accord alliance
    coalition network board ministry parliament assembly legislature senate house museum festival award awards prize
    international organisation organization administration's guild conference congress cathedral temple mosque stadium
    """.split()
)
SITES = frozenset(
    """
    county city river lake street road avenue square bridge airport park island islands mountain mountains mount valley
    bay beach tower towers station prison borough ocean sea desert forest canal harbor harbour hall palace
    castle fort port province region
    """.split()
)
PREFIXES = frozenset(
    """
    new north south east west central northern
    southern eastern western st saint mt ft fort port mount san santa los las
    """.split()
)
# First names that are words of the language, so that "Mark Smith" may begin a sentence.
FIRST_NAMES = frozenset(
    """
    mark bill will grace rob sue jack grant pat rich frank joy hope faith dick art drew chase dean gene rose june nick
    chuck bob peter josh miles max ray guy carol dawn heather holly lance ken don al ed ted jim tom dan sam ben
    """.split()
)
HEADS = INSTITUTIONS | SITES
OFTEN = TITLES | HEADS | PREFIXES  # often with a capital letter, whatever the case of a text
EMPTY = frozenset("of the and for & inc ltd plc corp co llc".split())
_SPELLINGS = {"centre": "center", "defence": "defense", "labour": "labor", "organisation": "organization"}
_SPELLINGS |= {"centers": "center", "centres": "center", "programme": "program", "saint": "st", "mount": "mt"}
_FIRST = re.compile(rf"[\s^!]*(?:the\s(?=\s*\S))?({TOKEN.pattern})", re.IGNORECASE)
_LETTERS = str.maketrans({"’": "'", ".": "", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})
_LONGEST_FIRST = 20  # letters of a word that a name of several begins with
_SHORTEST_IN_LOWER_CASE = 4  # letters of an abbreviation: "nato" is one, "who" and "us" are words


class Form(NamedTuple):
    """One spelling of a name, word by word and folded, and what it takes to be read as one.

    `capitals` says of each word whether it needs a capital letter, `upper` that all letters are capitals, `inner` that
    a capital where a sentence begins is not enough, `after_the` that "the" stands before it, `dot` and `comma` that the
    text has them too. `people` is true for adjectives and the people of a place ("French", "Texans"), `short` for a
    person's name of one word.
    """

    words: tuple[str, ...]
    kind: NameKind
    keys: frozenset[str]
    within: frozenset[str]
    capitals: tuple[bool, ...]
    upper: bool = False
    inner: bool = False
    after_the: bool = False
    dot: bool = False
    comma: bool = False
    people: bool = False

    @property
    def short(self) -> bool:
        """True for a person's name of one word, "Biden"."""
        return self.kind is NameKind.PERSON and len(self.words) == 1


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """A word in lower case, without accents and dots, with a plain apostrophe."""
    word = word.lower().translate(_LETTERS)
    if word.isascii():
        return word
    return "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name that count, folded; initials that stand apart put together: J. K. and JK are one."""
    found: list[str] = []
    for token in TOKEN.findall(text):
        word = fold(token)
        if len(word) > 2 and token[-1] == "s" and token[:-1].isupper():
            word = word[:-1]  # SSRIs
        word = _SPELLINGS.get(word, word)
        if word in EMPTY:
            continue
        if len(word) == 1 and found and found[-1].isalpha() and len(found[-1]) <= 2 and token.isupper():
            found[-1] += word
        else:
            found.append(word)
    return tuple(found) or tuple(fold(token) for token in TOKEN.findall(text))


@cache
def ordinary() -> frozenset[str]:
    """Words of the language that prove no name when they begin with a capital letter."""
    return frozenset((FOLDER / "ordinary.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=16_384)
def is_ordinary(word: str) -> bool:
    """True for a folded word of the language, its endings aside, and for titles and the like."""
    known = ordinary()
    if word in known or word in OFTEN:
        return True
    return any(
        word.endswith(ending) and (word[: -len(ending)] in known or word[: -len(ending)] + "e" in known)
        for ending in ("s", "ed", "ing", "ly", "es", "'s", "n't", "'re", "'ll", "'ve")
    )


@lru_cache(maxsize=16_384)
def forms(first: str) -> tuple[Form, ...]:
    """All forms that begin with a folded word, the longest first."""
    merged: dict[tuple[object, ...], Form] = {}
    lists = _lists()
    for line, spelling in lists.by_first.get(first, ()):
        for form in _forms(line, spelling.strip(), lists.outwards(line.within)):
            if form.words[0] == first:
                # one spelling on two lines stands for either: Georgia the country, Georgia the state
                place = (form.words, form.upper, form.dot, form.comma, form.after_the)
                there = merged.get(place, form)
                merged[place] = there._replace(keys=there.keys | form.keys, within=there.within | form.within)
    return tuple(sorted(merged.values(), key=lambda form: -len(form.words)))


@lru_cache(maxsize=1024)
def glued(word: str) -> Form | None:
    """The form of more than one word that a tag spells, `blacklivesmatter`."""
    begun = (form for end in range(1, min(len(word), _LONGEST_FIRST) + 1) for form in forms(word[:end]))
    found = [form for form in begun if len(form.words) > 1 and "".join(form.words) == word]
    return found[-1] if found else None


class _Line(NamedTuple):
    keys: tuple[str, ...]
    within: tuple[str, ...]
    kind: NameKind
    spellings: str
    people: bool

    @property
    def plural(self) -> bool:
        """True where each spelling is also meant with an s."""
        return self.people or self.kind is NameKind.GROUP


_FILES = (
    ("countries.txt", NameKind.COUNTRY),
    ("places.txt", NameKind.PLACE),
    ("organisations.txt", NameKind.ORGANISATION),
    ("people.txt", NameKind.PERSON),
    ("others.txt", NameKind.OTHER),
    ("groups.txt", NameKind.GROUP),
)


def _lines(file: str, kind: NameKind) -> Iterator[_Line]:
    section: tuple[str, ...] = ()
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = _split(line.strip("[]"))
        elif "|" not in line:  # places that have no key but their name
            for item in line.split(";"):
                names, _, parents = item.partition("<")
                key = " ".join(_words(names.split("=")[0].strip(" ^!")))
                within = (*_split(parents), *section) if parents else section
                yield _Line((key,), within, kind, names.replace("=", ";"), people=False)
        else:
            head, names, *rest = line.split("|")
            keys, _, parents = head.partition("<")
            own, within = _split(keys), (*_split(parents), *section) if parents else section
            yield _Line(own, within, kind, names, people=False)
            if rest:
                yield _Line(own, within, kind, rest[0], people=True)
            if rest[1:] and rest[1].strip():  # a capital may stand for its government
                capital = " ".join(_words(rest[1].split(";")[0].strip(" ^!")))
                yield _Line((capital, *own), (*own, *within), NameKind.PLACE, rest[1], people=False)


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


def _words(spelling: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in TOKEN.findall(spelling))


class _Lists(NamedTuple):
    """The lines by the first words of their spellings, read on when one is asked for; and what lies in what."""

    by_first: dict[str, list[tuple[_Line, str]]]
    parents: dict[str, set[str]]

    def outwards(self, keys: tuple[str, ...]) -> frozenset[str]:
        """The keys, what they lie in, what that lies in, and so on."""
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(self.parents.get(key, ()))
        return frozenset(found)


@cache
def _lists() -> _Lists:
    by_first, parents = defaultdict[str, list[tuple[_Line, str]]](list), defaultdict[str, set[str]](set)
    for file, kind in _FILES:
        for line in _lines(file, kind):
            if line.within:
                for key in line.keys:
                    parents[key].update(line.within)
            plural = line.plural
            for spelling in line.spellings.split(";"):
                match = _FIRST.match(spelling)
                if match:
                    first = fold(match[1])
                    by_first[first].append((line, spelling))
                    if plural and not first.endswith("s"):
                        by_first[_plural(first)].append((line, spelling))
    return _Lists(by_first, parents)


def _forms(line: _Line, spelling: str, within: frozenset[str]) -> Iterator[Form]:
    yield (form := _form(line, spelling, within))
    if line.plural and not form.words[-1].endswith("s"):
        yield form._replace(words=(*form.words[:-1], _plural(form.words[-1])))


def _plural(word: str) -> str:
    if word.endswith(("sh", "ch", "x")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s"


def _form(line: _Line, spelling: str, within: frozenset[str]) -> Form:
    plain = spelling.strip("^!~*")
    tokens = TOKEN.findall(plain)
    after_the = tokens[0].lower() == "the" and len(tokens) > 1
    if after_the:
        tokens = tokens[1:]
    words = tuple(fold(token) for token in tokens)
    single = len(words) == 1
    word_like = single and line.kind is not NameKind.GROUP and words[0] in ordinary()
    upper = single and tokens[0].isupper() and "~" not in spelling
    upper = upper and (word_like or len(words[0]) < _SHORTEST_IN_LOWER_CASE or spelling[0] == "^")
    dot = single and plain.endswith(".") and plain.count(".") == 1
    strict = spelling[0] in "^!" or word_like or dot or upper
    return Form(
        words=words,
        kind=line.kind,
        keys=frozenset(line.keys) | ({" ".join(words)} if "*" in spelling else frozenset()),
        within=within,
        capitals=tuple(strict and token[0].isupper() for token in tokens),
        upper=upper,
        inner=spelling[0] == "!" or (word_like and line.kind is NameKind.PERSON and spelling[0] != "^"),
        after_the=after_the and (strict or line.kind is NameKind.GROUP),
        dot=dot,
        comma="," in plain,
        people=line.people,
    )
