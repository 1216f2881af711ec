"""The names in a text, from the lists of `gazetteer` and from capital letters: tokens, units, runs of capitals.

A unit is a name of the lists, or one token. Units with capital letters that stand side by side are a run; titles,
months and possessives cut it; what is left of it is one name or several.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tracker.gazetteer import (
    FIRST_NAMES,
    HEADS,
    INSTITUTIONS,
    NO_NAMES,
    OFTEN,
    PREFIXES,
    SITES,
    SURNAMES,
    TITLES,
    TOKEN,
    Form,
    fold,
    forms,
    glued,
    is_ordinary,
    words_of,
)
from tracker.name import Name, NameKind
from tracker.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINERS = frozenset("of for and & the de von van der den bin al el la le du da dos di ibn abu zu".split())
_PARTICLES = _JOINERS - {"of", "for", "and", "the"}
_COMPANY = frozenset("inc ltd plc corp corporation co company stores group holdings llc".split())
_VERBS = frozenset("is was are were be been has have had do does did will would can could should may might".split())
_ABBREVIATED = TITLES | frozenset("st mt ft jr sr no inc co corp ltd bros vs v u s".split())
_PLACE_WORDS = frozenset("in near outside inside around across throughout visiting".split())
_LINK = pattern(r"(?:https?://|pic\.twitter\.com/|\bwww\.)[^\s—–]*")
_STARTS = pattern(r"[.!?:;…\n\"“”‘«»•|—–*]|^\s*['-]|(?<=\s)['-]")
_BETWEEN = pattern(r"\s+|[-–/_]|\s*['’]\s+|")
_EMPHASIS = 6  # letters: a longer word in capitals is no abbreviation


def mentions(text: str) -> list[Name]:
    """The names of a text in order of appearance, no two overlapping, each read for itself."""
    tokens = _tokens(text)
    case = _case(tokens)
    return list(_Reader(text, case).read(_units(text, tokens, case)))


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    word: str  # folded, as it is
    bare: str  # folded, without a possessive
    capital: bool
    upper: bool  # all capitals: "NATO", "MPs", "U.S."
    first: bool  # a capital says nothing: a sentence begins
    gap: str  # what stands between the token before and this
    tag: bool  # behind # or @


class _Unit(NamedTuple):
    tokens: tuple[_Token, ...]
    form: Form | None

    @property
    def capital(self) -> bool:
        return self.tokens[0].capital or (self.form is not None and self.tokens[-1].capital)

    @property
    def word(self) -> str:
        return self.tokens[0].bare

    @property
    def unlisted(self) -> bool:
        """True for a word that is neither in the lists nor one of the language, nor an abbreviation."""
        return self.form is None and not self.tokens[0].upper and not is_ordinary(self.word)

    @property
    def shouts(self) -> bool:
        """True for an abbreviation, or a word in capitals for emphasis; not for initials."""
        return self.tokens[0].upper and len(self.word) > 2 and "." not in self.tokens[0].text

    def may_be_part(self) -> bool:
        """True for a form that can be part of a longer name: Paris (Hilton), (Ashley) Biden."""
        form = self.form
        place = form is not None and form.kind in (NameKind.PLACE, NameKind.COUNTRY) and not form.people
        return form is not None and len(form.words) == 1 and (place or form.short) and not self.tokens[0].upper


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    end = 0
    plain = _LINK.sub(lambda link: " " * len(link[0]), text)
    for match in TOKEN.finditer(plain):
        word = fold(match[0])
        gap = plain[end : match.start()]
        dotted = len(match[0]) > 2 and match[0].endswith(".")
        upper = dotted or match[0].isupper() or (len(word) > 2 and match[0].endswith("s") and match[0][:-1].isupper())
        before = found[-1] if found else None
        starts = before is None or bool(_STARTS.search(gap))
        if before and starts and gap.startswith(". ") and (before.bare in _ABBREVIATED or len(before.word) == 1):
            starts = False
        bare = word.removesuffix("'s")
        capital = match[0][0].isupper()
        upper = upper and (len(match[0]) > 1 or not capital)
        tag = gap.endswith(("#", "@"))
        found.append(_Token(match[0], match.start(), match.end(), word, bare, capital, upper, starts, gap, tag))
        end = match.end()
    return found


def _case(tokens: list[_Token]) -> str:
    """What capitals say in the text: "normal", "title" (every word has one) or "upper" (every letter is one)."""
    words = [token for token in tokens if len(token.word) > 1 and token.text[0].isalpha()]
    if len(words) > 2 and sum(token.upper for token in words) > 0.6 * len(words):
        return "upper"
    telling = [t for t in words if len(t.word) > 3 and not t.first and t.bare not in OFTEN and is_ordinary(t.bare)]
    if len(telling) == 2 and not all(token.capital for token in words if len(token.word) > 3):
        return "normal"
    return "title" if len(telling) > 1 and sum(t.capital for t in telling) > 0.6 * len(telling) else "normal"


def _units(text: str, tokens: list[_Token], case: str) -> list[_Unit]:
    found: list[_Unit] = []
    at = 0
    while at < len(tokens):
        form = _form_at(text, tokens, at, case)
        size = len(form.words) if form and not (tokens[at].tag and form.words[0] != tokens[at].bare) else 1
        found.append(_Unit(tuple(tokens[at : at + size]), form))
        at += size
    return found


def _form_at(text: str, tokens: list[_Token], at: int, case: str) -> Form | None:
    token = tokens[at]
    found = forms(token.word)
    if token.bare != token.word:
        found += tuple(form for form in forms(token.bare) if len(form.words) == 1)
    best = next((form for form in found if _fits(form, text, tokens, at, case)), None)
    return best or (glued(token.word) if token.tag else None)


def _fits(form: Form, text: str, tokens: list[_Token], at: int, case: str) -> bool:
    here = tokens[at : at + len(form.words)]
    if len(here) < len(form.words) or form.words[-1] not in (here[-1].word, here[-1].bare):
        return False
    if any(word != token.word for word, token in zip(form.words[1:-1], here[1:-1], strict=True)):
        return False
    after_the = at > 0 and tokens[at - 1].word == "the"
    needs = (not form.after_the or after_the) and (not form.dot or text[here[-1].end : here[-1].end + 1] == ".")
    return (
        needs and all(_near(a, b, form) for a, b in pairwise(here)) and _written(form, here, case, after_the=after_the)
    )


def _near(before: _Token, token: _Token, form: Form) -> bool:
    return bool(_BETWEEN.fullmatch(token.gap)) or _abbreviated(before, token) or (form.comma and token.gap == ", ")


def _written(form: Form, here: list[_Token], case: str, *, after_the: bool) -> bool:
    """True where the capital letters are as the form wants them."""
    if case == "upper" and any(form.capitals):
        return form.upper and ("." in here[0].text or after_the)  # "THE US", not "US"
    if form.inner and (case == "title" or (here[0].first and not form.after_the)):
        return False
    capitals = all(token.capital or not must for token, must in zip(here, form.capitals, strict=True))
    return capitals and (here[0].upper or not form.upper)


def _abbreviated(before: _Token, token: _Token) -> bool:
    return token.gap == ". " and (before.bare in _ABBREVIATED or len(before.word) == 1)


class _Reader:
    """Cuts units into runs of capitals and says what each run is the name of."""

    def __init__(self, text: str, case: str) -> None:
        self._text = text
        self._case = case

    def read(self, units: list[_Unit]) -> Iterator[Name]:
        """The names of all runs in order."""
        at = 0
        while at < len(units):
            run = [units[at]]
            at += 1
            if not run[0].capital or run[0].tokens[0].tag:
                yield from self._lone(run[0], units, at - 1)
                continue
            while at < len(units) and (size := self._joined(run, units, at)):
                run += units[at : at + size]
                at += size
            yield from self._run(run, units[at - len(run) - 1] if at > len(run) else None)

    def _lone(self, unit: _Unit, units: list[_Unit], at: int) -> Iterator[Name]:
        token = unit.tokens[0]
        if unit.form:
            title = unit.form.kind is NameKind.GROUP and unit.word in TITLES
            after = units[at + 1] if title and at + 1 < len(units) else None
            if not (after and after.tokens[0].gap == " " and after.capital):
                yield self._known(unit, units[at - 1] if at else None)
        elif token.tag and token.capital and unit.unlisted and token.text[1:].islower():
            yield self._unknown([unit], titled=False)

    def _joined(self, run: list[_Unit], units: list[_Unit], at: int) -> int:
        """How many of the units that follow belong to the run: 0, 1, or a joining word and what follows it."""
        last, unit = run[-1].tokens[-1], units[at]
        office = last.bare in TITLES and unit.word in INSTITUTIONS  # the Sheriff's Department
        if self._case == "upper" or (last.word != last.bare and not office) or unit.tokens[0].tag:
            return 0
        if not self._adjacent(last, unit.tokens[0]) or (
            unit.tokens[0].gap == "-" and last.word in {"r", "d"}
        ):  # R-Ala.
            return 0
        if unit.capital and unit.word not in ("of", "for", "and", "the", "in", "to"):
            return 1
        size = 1
        while at + size < len(units) and units[at + size].word in _JOINERS and size < 3:
            size += 1
        behind = units[at + size] if at + size < len(units) else None
        if unit.form or unit.word not in _JOINERS or not behind or not behind.capital or behind.tokens[0].gap != " ":
            return 0
        if unit.word in _PARTICLES:
            return size + 1
        of = any(one.form is None and one.word in INSTITUTIONS for one in run)
        return size + 1 if of and (unit.word != "and" or len(run) > 1) and unit.word != "the" else 0

    @staticmethod
    def _adjacent(last: _Token, token: _Token) -> bool:
        return token.gap in {" ", "-", "\u00a0", "  ", ""} or _abbreviated(last, token)

    def _run(self, run: list[_Unit], before: _Unit | None) -> Iterator[Name]:
        segment: list[_Unit] = []
        titled = False
        for place, unit in enumerate(run):
            after = run[place + 1] if place + 1 < len(run) else None
            if self._parts(unit, segment, after):
                yield from self._segment(segment, before, titled=titled)
                titled = unit.word in TITLES
                segment, before = [], unit
            else:
                segment.append(unit)
        yield from self._segment(segment, before, titled=titled)

    def _parts(self, unit: _Unit, segment: list[_Unit], after: _Unit | None) -> bool:
        """True for a word that is no part of a name and ends it: a title, a month, in headlines any ordinary word."""
        title = unit.word in TITLES
        office = title and unit.form is not None and unit.form.kind is NameKind.GROUP
        if (unit.form and not (office and (after or not unit.tokens[0].first))) or not unit.capital:
            return False
        if any(one.word in {"of", "for"} for one in segment):  # the Ministry of ... and then a person
            return title and after is not None and after.unlisted and len(segment) > 2
        institution = after is not None and after.form is None and after.word in INSTITUTIONS  # a General Assembly
        surname = not after and unit.word in SURNAMES and bool(segment) and segment[-1].unlisted
        head = unit.word in INSTITUTIONS and after is not None and after.word in {"of", "for"}
        if institution or surname or head:
            return False
        if self._case == "title" and unit.word not in (HEADS if segment else ()):
            return is_ordinary(unit.word)
        return title or unit.word in NO_NAMES or self._case == "upper"

    def _segment(self, segment: list[_Unit], before: _Unit | None, *, titled: bool) -> Iterator[Name]:
        while segment and segment[0].form is None and self._no_start(segment[0], segment[1:]):
            before, segment = segment[0], segment[1:]
        while segment and segment[-1].form is None and segment[-1].word in _JOINERS:
            segment = segment[:-1]
        if segment and segment[0].form and all(unit.word in _COMPANY for unit in segment[1:]):
            segment = segment[:1]  # Microsoft Corp
        size = self._institution(segment)
        if size > 1:
            yield self._unknown(segment[:size], titled=False)
            before, segment, titled = segment[size - 1], segment[size:], False
        block: list[_Unit] = []
        for unit in segment:
            if block and self._apart(block, unit):
                yield from self._block(block, before, titled=titled)
                block, titled = [], False
            block.append(unit)
        yield from self._block(block, before, titled=titled)

    def _apart(self, block: list[_Unit], unit: _Unit) -> bool:
        """True where a name ends and the next begins, as between Texas and Republicans."""
        listed = unit.form or block[-1].form or block[-1].shouts != unit.shouts
        return bool(listed) and not self._one_name(block, unit)

    @staticmethod
    def _institution(segment: list[_Unit]) -> int:
        """How many of the first units name an institution or a site: to the last such word, or past "of" to the end."""
        heads = [i for i, unit in enumerate(segment) if unit.form is None and unit.word in HEADS]
        if any(unit.form is None and unit.word in {"of", "for"} for unit in segment):
            groups = [i for i, unit in enumerate(segment) if unit.form and unit.form.kind is NameKind.GROUP]
            return groups[0] if groups and groups[0] > 1 else len(segment)
        return heads[-1] + 1 if heads else 0

    def _no_start(self, unit: _Unit, rest: list[_Unit]) -> bool:
        """True for a word whose capital letter is there because a sentence begins, or only for emphasis."""
        token = unit.tokens[0]
        if token.word in _JOINERS - _PARTICLES:
            return True
        if rest and ((rest[0].word in {"of", "for"} and unit.word in INSTITUTIONS) or self._prefix(unit, rest[0])):
            return False
        first_name = unit.word in FIRST_NAMES and bool(rest) and (rest[0].unlisted or rest[0].may_be_part())
        return (token.first or (token.upper and len(token.word) > 1)) and is_ordinary(unit.word) and not first_name

    @staticmethod
    def _prefix(unit: _Unit, after: _Unit) -> bool:
        """True for "New" before Berlin and "St" before Bernard; not where New begins a sentence."""
        first = unit.tokens[0].first and unit.word == "new"
        return unit.form is None and unit.word in PREFIXES and not first and (after.unlisted or after.may_be_part())

    @staticmethod
    def _one_name(block: list[_Unit], unit: _Unit) -> bool:
        """True for "Ashley Biden" and "Paris Hilton": a listed word beside an unlisted one."""
        last = block[-1]
        if unit.word in _PARTICLES or last.word in _PARTICLES:
            return len(block) > 1 if last.word in _PARTICLES else last.form is None
        if _Reader._prefix(last, unit):
            return True
        if last.shouts != unit.shouts:
            return False
        return (last.unlisted and unit.may_be_part()) or (last.may_be_part() and unit.unlisted and len(block) == 1)

    def _block(self, block: list[_Unit], before: _Unit | None, *, titled: bool) -> Iterator[Name]:
        while block and block[0].form is None and block[0].word in {"&", "and", "of", "for", "the"}:
            block = block[1:]
        if len(block) == 1 and block[0].form:
            yield self._known(block[0], before)
        elif self._is_name(block):
            yield self._unknown(block, titled=titled)

    @staticmethod
    def _is_name(block: list[_Unit]) -> bool:
        """True where capitals are more than emphasis: on a word that is none of the language, or on several."""
        if len(block) == 1 and (len(block[0].word) == 1 or (block[0].shouts and len(block[0].word) > _EMPHASIS)):
            return False
        if not all(is_ordinary(unit.word) or unit.word in _JOINERS for unit in block):
            return True
        return 1 < len(block) < 5 and not any(unit.tokens[0].upper or unit.word in _VERBS for unit in block)

    def _known(self, unit: _Unit, before: _Unit | None) -> Name:
        form, last = unit.form, unit.tokens[-1]
        assert form is not None
        keys = form.keys
        if before and before.tokens[-1].word in _PLACE_WORDS and keys - form.within:
            keys -= form.within  # "in Moscow" is the city, "Moscow" may be the government
        end = last.end if form.words[-1] == last.word or last.tag else last.end - 2
        start = unit.tokens[0].start
        return Name(self._text[start:end], start, end, form.kind, keys, form.within, known=True)

    def _unknown(self, units: list[_Unit], *, titled: bool) -> Name:
        start, last = units[0].tokens[0].start, units[-1].tokens[-1]
        end = last.end - 2 if last.word != last.bare else last.end
        text = self._text[start:end]
        kind = NameKind.PERSON if titled else self._kind(units)
        within: frozenset[str] = frozenset()
        for unit in units:
            if unit.form and unit.form.kind in (NameKind.COUNTRY, NameKind.PLACE) and kind is not NameKind.PERSON:
                within |= unit.form.keys | unit.form.within
        words = words_of(text)
        if kind is NameKind.ORGANISATION:
            words = tuple(sorted(words))  # the University of Exeter is Exeter University
        return Name(text, start, end, kind, frozenset({" ".join(words)}), within)

    @staticmethod
    def _kind(units: list[_Unit]) -> NameKind:
        unlisted = [unit for unit in units if unit.form is None]
        words = {unit.word for unit in unlisted}
        if words & INSTITUTIONS or (len(units) == 1 and units[0].tokens[0].upper):
            return NameKind.ORGANISATION
        if words & SITES or (units[0].word in PREFIXES and len(unlisted) < len(units)):
            return NameKind.PLACE
        upper = any(unit.tokens[0].upper and len(unit.word) > 1 and "." not in unit.tokens[0].text for unit in units)
        person = len(units) in (2, 3) and any(unit.unlisted for unit in units) and not upper
        return NameKind.PERSON if person else NameKind.OTHER
