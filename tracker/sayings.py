"""Who is said to say something in one sentence, by its words outside quotation marks. Pure.

What counts is a reporting verb with its subject ("Roe, who ..., warned", "said X"), "according to X", "in X's words",
and "X: ...". The subject has to stand where one stands: in "a spokesman for Roe said" it is not Roe who speaks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.gazetteer import TITLES, fold
from tracker.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.people import Person, Spot

QUOTED = "§"  # stands for each character of what is quoted

_SAY = (
    "said says told tells asked asks added adds wrote writes explained explains warned warns argued argues insisted"
    " insists replied replies recalled recalls noted notes continued claimed claims joked jokes answered responded"
    " quipped remarked concluded tweeted posted shouted whispered sighed muttered lamented agreed countered retorted"
    " predicted predicts laughed fumed stormed raged reminded reminds"
)
_REPORT = (
    "stated states announced announces confirmed confirms admitted admits acknowledged acknowledges alleged alleges"
    " asserted asserts maintained maintains declared declares reckons reckoned conceded concedes contended contends"
    " cautioned cautions suggested suggests estimated estimates denied denies promised promises pledged pledges vowed"
    " vows urged urges complained complains testified stressed stresses emphasised emphasized disclosed revealed"
    " reveals accused accuses blamed blames described describes called calls dismissed dismisses rejected rejects"
    " criticised criticized condemned condemns branded labelled labeled denounced praised hailed likened defended"
    " defends boasted mused swore conceded apologised apologized demanded demands disputed disputes questioned"
    " forecast forecasts expects thinks thought believes hopes fears credited credits thanked cited cites doubts"
    " doubted termed professed accepted accepts worries worried felt feels ridiculed considers considered mocked"
    " attacked lambasted slammed characterised characterized recounted recounts remembers proposed"
)
_VERB = pattern(
    rf"\b(?:{'|'.join((_SAY + ' ' + _REPORT).split())}|puts? (?=it\b(?! (?:on|off|down|away|in|out|back|up)\b))"
    r"|put(?= [^.§]{1,60} at )|points? out|pointed out|rule[sd] out|reports? that|reported that|gave evidence"
    r"|(?:went|goes) on(?=[,:.;§])|want(?:s|ed) to know)\b"
)
_SAYS = frozenset((_SAY + " estimates estimated reckons reckoned believes suggests suggested").split())
_THINGS = frozenset(  # what is done to things too: speech only with a clause, a quotation, or a comma ahead
    "recalled recalls admitted admits wrote writes questioned announced announces noted notes added adds continued"
    " concluded maintained maintains declared declares acknowledged acknowledges answered posted tweeted explained"
    " explains accepted accepts considered considers remembers proposed disclosed revealed reveals attacked dismissed"
    " dismisses rejected rejects credited credits claimed claims called calls agreed described stated states".split()
)
_TO_WHOM = frozenset(  # of these only with a number behind
    "attacked dismissed dismisses rejected rejects credited credits called calls agreed described stated states claimed"
    " claims acknowledged acknowledges questioned explained explains".split()
)
_REPORTED_OF = frozenset("reported thought alleged believed reckoned estimated described called asked".split())
_MANY_SAY = pattern(
    r"(?:(?:(?<=\w)s’?|\b(?:[Pp]olice|[Pp]eople|[Ss]taff|[Tt]hey|[Ss]ome|[Mm]any|[Mm]ost|\w*[Mm]en|[Cc]hildren|[Mm]edia"
    r"|[Aa]uthorities|[Ff]ew)))\s(?:also |now |still |then |\w+ly )?"
    r"(?P<verb>say|tell|claim|insist|argue|warn|allege|believe|think|report|add|ask|fear|hope|suggest|suspect|maintain"
    r"|contend|deny|agree|estimate|reckon|predict|complain|accuse|blame|suspected|believed|alleged|claimed|suspect)\b"
)
_PLAIN = frozenset("said says told tells added adds asked".split())  # what also tells that somebody unnamed speaks
_SOUNDS = frozenset("laughed sighed muttered whispered shouted joked jokes mused fumed stormed raged smiled".split())
_DOES = pattern(  # a verb of these is no speech before such words
    r"(?:called (?:on|in|off|for help|\w+ to)\b|attacked (?:by|with)\b|(?:expects|hopes|told) to\b|asked (?:to|for)\b"
    r"|posted (?:a|its|his|her)\b|insist(?:s|ed) on \w+ing\b|writes? (?:every|for|about|from|a|weekly|on)\b"
    r"|claimed (?:\d|responsibility)|thought (?:of|about|for|up)\b"
    r"|(?:felt|feels) (?!that|the)|accepts? (?:an?|his|her|the (?:job|post|award))\b)"
)
_CLAUSE = pattern(  # begins what is said, right behind its verb
    r"[^\w§]*(?:[,:§]|(?:\w+ly |to (?:[\w’]+ ){1,4}|on \w+day |(?:last|this) \w+ |in [^,§]{2,40} )?"
    r"(?:that|how|why|whether|what|if|who|when|where|he|she|it|they|we|I|there|this|these|nothing|everything)\b)"
)
_FINITE = pattern(
    r"\b(?:is|was|were|are|has|have|had|will|would|can|could|may|might|must|should|did|does|do|cannot|won[’']t|isn[’']t"
    r"|wasn[’']t|don[’']t|didn[’']t|doesn[’']t|aren[’']t|weren[’']t)\b"
)
_RELATIVE = pattern(r"\b(?:who|whom|which|whose|that|where|when|as|while|after|before|because|since|if|and)\b|[,;:§]")
_PARTICIPLE = pattern(
    r"\s(?:by (?!(?:tele)?phone|e-?mail|text|letter|video|radio|post|fax|way|then|now)|to (?:be|have)\b)"
)
_BY_OTHERS = pattern(r"\s(?:through|via) (?:his|her|an?|the) (?:lawyer|solicitor|attorney|spokes|representative|agent)")
_DOUBTED = pattern(
    r"\b(?:[Ff]ake[ds]?|[Ff]abricated|[Dd]octored|[Ss]poof|[Pp]arody|[Hh]oax|[Ss]atirical|[Bb]ogus|[Dd]eepfakes?|[Ff]orged"
    r"|[Ii]mperson\w+|[Pp]urported(?:ly)?|[Ff]ictitious|[Ff]ictional|[Mm]anipulated|[Mm]isattributed|[Ii]nvented"
    r"|[Ff]alse(?:ly)?|[Aa]lleged(?:ly)?|[Ss]upposed(?:ly)?|[Rr]eportedly|[Rr]umou?rs?|[Aa]pocryphal|AI-generated)\b"
)
_EMBEDDED = pattern(  # what is said to be said stands in somebody else's clause, or under a condition
    r"\b(?:[Tt]hat|[Ww]hat|[Ww]hatever|[Ii]f|[Uu]nless|[Ww]hether|[Ss]uppose|[Ii]magine|[Ss]hould|[Hh]ad)\s"
    r"(?:(?:[Tt]he|[Aa]|[Hh]er|[Hh]is|[Tt]heir|[Ii]ts|[Oo]ur)\s)?(?:[\w’'.&-]+\s){0,4}?(?:[\w’'.&-]+,\s)?$"
)
_INTRODUCES = pattern(  # between a name and ":", which is none in "the Jane Roe account tweeted:"
    r"\s*(?:$|[,(—–-]|(?:in|on|at|to|from|of|after|before|via|during|with|for|as|about|by|again|then|also|later|once|now"
    r"|is|was|has|had|did|does|will|would|could|put|went|told|wrote|made|gave|took|\w+ed|\w+ly)\b)"
)
_ADVERB = pattern(
    r"\b(?:has|have|had|also|later|then|now|once|again|further|first|even|still|since|always|already|long|just|only"
    r"|nevertheless|nonetheless|meanwhile|instead|therefore|often|sometimes|thus|afterwards?|yesterday|today|in turn"
    r"|however|himself|herself|for (?:his|her) part"
    r"|(?!(?:family|ally|supply|assembly|bully|reply|allegedly|supposedly|purportedly|reportedly|falsely)\b)[a-z]+ly"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|evening|night|afternoon))?"
    r"|(?:last|this) (?:week|month|year|night|spring|summer|autumn|winter))$"
)
_PASSIVE = pattern(r"\b(?:was|were|been|being|is|are|be|got|gets)$")
_PRONOUN = pattern(r"(?:^|(?<=[^\w’']))(?P<word>[Hh]e|[Ss]he)$")
_GOVERNED = pattern(
    r"\b(?:for|of|with|by|from|to|against|about|on|at|including|than|like|under|over|between|behind|near|via|unlike"
    r"|towards?|around|without|besides|alongside|despite|versus|in|into|replacing|succeed(?:s|ed)?)"
    r"(?P<role>(?:\s+(?:the|leader|minister|president|chief|executive|secretary|director|mayor|governor|professor"
    r"|candidate|lawmaker|spokes\w+|chair\w*|[A-Z][\w.’'-]*))*)\s*$"
)
_AND = pattern(r"\s(?:and|or)\s(?:[\w’'-]+\s){0,3}")
_NOTE = pattern(r"\s*\([^()]{1,60}\)$")
_APPOSITION = pattern(r"(?:\s*\([^()]{1,60}\))?\s*(?:,|[-–—]\s|(?:of|from|at|with|for|in) [^,§]{2,80},|who\b)")
_BELONGS = pattern(r"\s(?:of|from|at|with|for|in) [^,§;:]{2,80}$")
_SOMEBODY = pattern(
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Tt]wo|[Ss]ome|[Mm]any|[Oo]thers?|[Tt]hey"
    r"|[A-Z][\w’'.&-]*|\w+s)(?: [^,§;:]{0,80})?$"
)
_SAME = pattern(
    r"\b[Tt]he (?:\d{2}-year-old(?: [a-z-]+)?|(?:mum|mother|father|dad)-of-\w+"
    r"|(?:\w+ )?(?:backbencher|campaigner|pensioner|widow|widower|mother|father|teenager|novelist))$"
)
_A_PERSON = pattern(r"[,§] (?:an?|his|her|their|one|another) (?:[\w-]+ ){0,4}[\w-]+$")
_OFFICE = pattern(r"\b[Tt]he ([a-z]+)$")
_INVERTED_AHEAD = pattern(r"(?:^|[,§—–]|§[,.]?)$")
_ROLE = pattern(r"\s*(?:(?!\b(?:for|by|from|to|with|that|he|she|it|they|we|I)\b)[\w’'.&-]+\s){0,9}")
_NAMED_BEHIND = pattern(r"[^,§;:]{2,90},\s*")
_AFTER_INVERTED = pattern(
    r"\s*(?:\([^()]{1,60}\))?\s*(?:[,.;:§!?—–-]|$"
    r"|(?:who|whose|of|from|at|in|on|as|after|when|during|to|and|while|about|before)\b)"
)
_SUBORDINATE = pattern(r"(?:While|Whilst|Although|Though|When|After|Where)\b")
_ASIDE = pattern(r"\b(?:but|and|while|although|though)\b|[;:—–]")
_APART = pattern(r"\s*(?:\([^()]{1,60}\))?\s*(?:[,.;:§!?—–-]|$)")
_CITED = pattern(
    r"\b(?:[Aa]ccording to|[Ii]n the (?:words|view|opinion|estimation) of|[Aa]s told by|[Qq]uoting"
    r"|(?:report|study|paper|analysis|survey|article|book|review|statement|letter|memo|message|tweet|post) by)\s+"
)
_OWN_WORDS = pattern(
    r"\b(?:[Ii]n|[Bb]y|[Tt]o) (?:(?P<pronoun>his|her) (?:own )?|)(?P<named>[^,§.;:]{0,40}?)\s?"
    r"(?:words|phrase|view|opinion|telling|estimation|reckoning|account|mind)\b"
)
_PRONOUN_BEHIND = pattern(r"\s(he|she)\b(?!\s+(?:would|had|was|is|did|could|will|has|must|should))")
_PREPOSITION = pattern(r"\b(?:for|of|by|from|to|with)\s+$")
_COLON = pattern(rf"(?:[,:]|that|as)\s?{QUOTED}")
_NOBODY_BEHIND = pattern(r"\s(?:a|an|the|one|another|officials|police)\b")
_LEFT, _RIGHT = 260, 200  # how far from its verb a subject is looked for; keeps the rules linear
_TRAILING = 90


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it: a person, or a pronoun, or neither where somebody unnamed or an institution does.

    `pronoun` is "he", "she", or "they" where the words tell no gender ("the 29-year-old"); `office` what "the governor"
    has; `at` is the verb's place, `is_last` where it stands behind what is said, `is_plain` for "said" and its like.
    """

    at: int
    person: Person | None = None
    pronoun: str | None = None
    office: str | None = None
    is_last: bool = False
    is_plain: bool = True

    @property
    def is_named(self) -> bool:
        """True where it is a person, if only by a pronoun."""
        return self.person is not None or self.pronoun is not None


def saying(narration: str, spots: Sequence[Spot]) -> Saying | None:
    """Who the sentence says is speaking, or None where it reports no words.

    `narration` is the sentence with `QUOTED` for each quoted character, `spots` where people are named in it.
    """
    found = list(_Sentence(narration, spots).sayings())
    last = next((one for one in reversed(found) if one.is_last and one.is_named), None)
    if last is not None:
        return last
    named = next((one for one in found if one.is_named), None)
    if named is None or found[0].is_named:
        return named or (found[0] if found else None)
    between = narration[found[0].at : named.at]
    aside = _SUBORDINATE.match(narration) or _ASIDE.search(between)
    return named if aside else found[0]


class _Sentence:
    """One sentence outside its quotation marks, and the people named there."""

    def __init__(self, narration: str, spots: Sequence[Spot]) -> None:
        self.text = narration
        self.spots = [spot for spot in spots if narration[spot.start] != QUOTED]
        self._starts = [spot.start for spot in self.spots]

    def sayings(self) -> Iterator[Saying]:
        """All that is said to be said, in order."""
        many = (Saying(verb.start("verb")) for verb in _MANY_SAY.finditer(self.text))
        found = [*self._cited(), *self._own_words(), *self._verbs(), *self._introduced(), *many]
        yield from sorted(found, key=lambda one: one.at)

    def _between(self, start: int, end: int) -> Sequence[Spot]:
        """Who is named from one place on and before another."""
        return self.spots[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _verbs(self) -> Iterator[Saying]:
        for verb in _VERB.finditer(self.text):
            if _DOES.match(self.text, verb.start()) or (verb[0] in _SOUNDS and QUOTED not in self.text):
                continue
            low = max(0, verb.start() - _LEFT)
            left = _without_adverbs(self.text[low : verb.start()].rstrip())
            behind = self.text[verb.end() : verb.end() + _LEFT]
            if (
                _PARTICIPLE.match(behind)
                and (verb[0] in _SAYS or verb[0] in _REPORTED_OF)
                and not verb[0].endswith("s")
            ):
                continue
            if verb[0] in _THINGS and not _is_speech(self.text[low : verb.start()], verb[0], behind):
                continue
            one = self._inverted(verb) or self._before(verb, left, low) or self._unnamed(verb, left)
            if one:
                yield one

    def _inverted(self, verb: re.Match[str]) -> Saying | None:
        """The subject that stands behind its verb: "...," said Jane Roe."""
        left = self.text[max(0, verb.start() - 40) : verb.start()].rstrip()
        if verb[0] not in _SAYS or not _INVERTED_AHEAD.search(left):
            return None
        pronoun = _PRONOUN_BEHIND.match(self.text, verb.end())
        if pronoun:
            return Saying(verb.start(), pronoun=pronoun[1], is_last=True)
        spot = self._behind(verb.end())
        if spot and _AFTER_INVERTED.match(self.text, spot.end):
            return Saying(verb.start(), spot.person, is_last=True)
        return None

    def _before(self, verb: re.Match[str], left: str, low: int) -> Saying | None:
        """The subject that stands before its verb."""
        if _PASSIVE.search(left):
            return None
        rest = self.text[verb.end() : verb.end() + _TRAILING + 1]
        pronoun = _PRONOUN.search(left)
        if pronoun:
            ends = _trails(left[: pronoun.start()], rest)
            return Saying(verb.start(), pronoun=pronoun["word"].lower(), is_last=ends)
        spot = _subject(left, low, self._between(low, verb.start()))
        if spot is None:
            return None
        ends = _trails(left[: spot.start - low].rstrip(), rest)
        if _BY_OTHERS.match(rest) or (not ends and self._is_doubted(spot)):
            return Saying(verb.start())
        return Saying(verb.start(), spot.person, is_last=ends)

    def _is_doubted(self, spot: Spot) -> bool:
        """True where a saying with this subject stands in another's claim, under a condition, or in a fake."""
        before = self.text[max(0, spot.start - _LEFT) : spot.start]
        if _DOUBTED.search(before) or _EMBEDDED.search(before[-_TRAILING:]):
            return True
        verb = next((one for one in _VERB.finditer(before) if _ROLE.fullmatch(before, one.end())), None)
        return verb is not None and not _INVERTED_AHEAD.search(before[: verb.start()].rstrip())

    def _unnamed(self, verb: re.Match[str], left: str) -> Saying | None:
        """Somebody without a name: "officials said", "...," said a neighbour; or "the governor"."""
        if verb[0] in _SAYS and left and _INVERTED_AHEAD.search(left) and _NOBODY_BEHIND.match(self.text, verb.end()):
            return Saying(verb.start())
        if _PASSIVE.search(left):
            return None
        if _SAME.search(left):
            return Saying(verb.start(), pronoun="they")
        office = _OFFICE.search(left)
        if office:
            return Saying(verb.start(), office=office[1], is_plain=verb[0] in _PLAIN)
        plain = verb[0] in _PLAIN and _SOMEBODY.search(left)
        return Saying(verb.start()) if plain or (verb[0] in _SAYS and _A_PERSON.search(left)) else None

    def _behind(self, at: int) -> Spot | None:
        """The person named right behind a place, a title or a role aside: "(said) council leader Jane Roe"."""
        spot = next(iter(self._between(at, at + _RIGHT)), None)
        if spot is None or spot.owns:
            return None
        between = self.text[at : spot.start]
        if _ROLE.fullmatch(between) and not _PREPOSITION.search(between):
            return spot
        # "said the leader, Jane Roe, on Monday", but "according to the council, Jane Roe closed it"
        return spot if _NAMED_BEHIND.fullmatch(between) and _APART.match(self.text, spot.end) else None

    def _cited(self) -> Iterator[Saying]:
        """Yield "according to Jane Roe" and the like."""
        for cited in _CITED.finditer(self.text):
            pronoun = re.match(r"(him|her)\b(?! \w)", self.text[cited.end() : cited.end() + 8])
            spot = self._behind(cited.end() - 1)
            if pronoun:
                yield Saying(cited.start(), pronoun={"him": "he", "her": "she"}[pronoun[1]])
            elif spot:
                yield Saying(cited.start(), spot.person)
            elif cited[0][0] in "Aa":
                yield Saying(cited.start())

    def _own_words(self) -> Iterator[Saying]:
        """Yield "in Roe's words" and "in her view"."""
        for words in _OWN_WORDS.finditer(self.text):
            owners = [spot for spot in self._between(*words.span()) if spot.owns]
            if words["pronoun"] and not words["named"]:
                yield Saying(words.start(), pronoun={"his": "he", "her": "she"}[words["pronoun"]], is_last=True)
            elif owners:
                yield Saying(words.start(), owners[0].person, is_last=True)

    def _introduced(self) -> Iterator[Saying]:
        """Yield "Jane Roe: ..." and "Jane Roe on the radio: ..." where a quotation follows."""
        colon = _COLON.search(self.text[:_LEFT])
        spot = next(iter(self.spots), None)
        if colon is None or spot is None or spot.owns or spot.end > colon.start() or self.text[colon.start()] != ":":
            return
        between = self.text[spot.end : colon.start()]
        if (
            not _INTRODUCES.match(between)
            or self._is_doubted(spot)
            or re.search(r"\b[Aa]n?\s(?:\w+\s)?$", self.text[: spot.start])
        ):
            return
        if len(self.text[: spot.start].split()) <= 4 and not _is_governed(self.text[: spot.start], (), spot, 0):
            yield Saying(colon.start(), spot.person)


def reports(narration: str) -> bool:
    """Tell whether somebody, whoever it is, says or claims something in the words outside quotation marks."""
    return _VERB.search(narration) is not None or _MANY_SAY.search(narration) is not None


def _is_speech(before: str, verb: str, behind: str) -> bool:
    """Tell whether a verb that is done to things too has a clause or a quotation behind, or what is said ahead."""
    if verb in _TO_WHOM and not re.match(r"\s\d", behind):
        return True
    if QUOTED in before and not re.match(r"\s\d", behind):
        return True
    if _CLAUSE.match(behind) or (re.search(r"[,—–][^,]*$", before) and re.match(r"[^\w§]*$", behind)):
        return True
    finite = _FINITE.search(behind)
    return finite is not None and _RELATIVE.search(behind, 0, finite.start()) is None


def _trails(left: str, rest: str) -> bool:
    """Tell whether the words "..., X said" stand behind what was said."""
    return left.endswith((",", QUOTED)) and len(rest) <= _TRAILING and not re.search(r"\bthat\b|[:§]", rest)


def _without_adverbs(left: str) -> str:
    for _ in range(4):
        found = _ADVERB.search(left, max(0, len(left) - 40))
        if not found:
            break
        left = left[: found.start()].rstrip()
    return left


def _subject(left: str, low: int, near: Sequence[Spot]) -> Spot | None:
    """Whom the words before a verb, which begin at `low`, end with as its subject, if it is somebody named."""
    left = _NOTE.sub("", left)
    relative = re.search(r",? who$", left)
    if relative:
        left = left[: relative.start()]
    for spot in reversed(near):
        after = left[spot.end - low :]
        if spot.end > low + len(left) or spot.owns:
            continue
        if relative is None and re.fullmatch(r", who\b[^§;:]{3,120}\b(?:and|but)", after):
            return spot
        governed = relative is None and _is_governed(left[: spot.start - low], near, spot, low)
        if not governed and _reaches(after, closed=left.endswith((",", "—", "–", "-")) or relative is not None):
            return spot
        if not governed and (";" in after or QUOTED in after):
            break
    return None


def _reaches(after: str, *, closed: bool) -> bool:
    """Tell whether what stands between a name and a verb leaves the name its subject; `closed` where it ends so."""
    if not after.strip() or (re.fullmatch(r"[^§;:]{0,160}\b(?:and|but|then)", after) and _acts(after)):
        return True
    if ";" in after or QUOTED in after:
        return False
    apposition = closed and _APPOSITION.match(after) is not None
    return apposition or (_BELONGS.fullmatch(after) is not None and not _VERB.search(after))


def _acts(after: str) -> bool:
    """Tell whether a subject has done something before: "(Roe) denied it and said"."""
    return bool(re.match(r"\s[a-z]+(?:ed|s|t|ood|ook|ave|ose|ent)\b", after))


def _is_governed(before: str, near: Sequence[Spot], spot: Spot, low: int) -> bool:
    """True for a name behind a preposition, or the second of two: "a spokesman for Mr Roe", "Alcott and Roe"."""
    governed = _GOVERNED.search(before[-80:])
    if governed:
        words = [fold(word).rstrip(".") for word in governed["role"].split()]
        # "the Council on Foreign Relations Charles Kupchan" names who speaks, "a spokesman for Mayor Roe" does not
        return not words or words == ["the"] or any(word in TITLES for word in words)
    ahead = [before[one.end - low :] for one in near if one.end < spot.start]
    return any(_AND.fullmatch(one) for one in ahead)
