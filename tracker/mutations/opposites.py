"""The opposite of a sentence: a not put in or taken out, or a word of direction turned round."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from tracker.mutations.claims import is_negated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


def negation(text: str, rng: Random) -> Iterator[str]:
    """A not, a never or a "no longer" set behind the auxiliary, "did not" before a plain verb; or a not taken out."""
    if is_negated(text):
        yield from _affirmed(text)
        return
    yield from chain(_denied_auxiliary(text), _denied_verb(text, rng))


_LEAD = re.compile(
    r"[\"“]?(?:Says (?:that )?[\"“]?)?(?:(?:In|On|As of|During|By|Since|Under|After|At)\b[^,;]{2,40}(?:, \d{4})?, )?"
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whom|whose|when|where|while|because|if|unless|although|though|as|than|before|after|since|whether"
    r"|what|how|why|until|and|or|but|said|says|both|either|only|even|about)\b|[,;:—–()?\"“”]|\.\s(?![A-Z]\w+\.? )",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\b(?P<word>is|are|was|were|will|would|can|could|should|must|has|have|had)\b(?!['’])")
_PARTICIPLE = re.compile(
    r" (?:\w{3,}ed|been|become|begun|broken|brought|built|cut|done|fallen|given|gone|grown|had|held|kept|known|left"
    r"|lost|made|met|paid|put|risen|run|said|seen|sent|shown|spent|taken|told|won|written|spoken|stolen|chosen|driven)\b"
)
_NOT_AFTER = re.compile(
    r" (?:only|just|not|never|now|still|also|to|being|the (?:only|first|same)|even|got|more|less|its|actually"
    r"|really|when|what|if|how|why|that|at least)\b|[^ ]|$| [^a-z$\d\"“]"
)


def _denied_auxiliary(text: str) -> Iterator[str]:
    start = _LEAD.match(text)
    offset = start.end() if start else 0
    found = _AUXILIARY.search(text, offset)
    if not found or _SUBORDINATE.search(text, offset, found.start()) or found.start() == offset:
        return
    if _first_verb(text, offset, found.start()) or _NOT_AFTER.match(text, found.end()):
        return
    word, head, tail = found["word"], text[: found.start()], text[found.end() :]
    if word in ("has", "have", "had") and not _PARTICIPLE.match(tail):
        if re.match(r" (?:(?:an?|the|more|less|fewer)\b|\d|[$£€])", tail):
            yield head + {"has": "does not have", "have": "do not have", "had": "did not have"}[word] + tail
        return
    yield f"{head}cannot{tail}" if word == "can" else f"{head}{word} not{tail}"
    short = {"can": "can't", "will": "won't", "must": "must not"}.get(word, f"{word}n't")
    yield head + short + tail
    if word in ("is", "are"):
        yield f"{head}{word} no longer{tail}"
    if word in ("has", "have", "was", "were", "will"):
        yield f"{head}{word} never{tail}"


def _pairs(listed: str) -> dict[str, str]:
    return dict(pair.split() for pair in listed.split(","))


_BASES = _pairs(
    """
    voted vote, supported support, signed sign, banned ban, raised raise, spent spend, created create, made make,
    gave give, took take, lost lose, won win, wrote write, received receive, approved approve, introduced introduce,
    wanted want, sent send, passed pass, bought buy, sold sell, opposed oppose, endorsed endorse, pardoned pardon,
    donated donate, accepted accept, built build, opened open, closed close, joined join, left leave, killed kill,
    caused cause, increased increase, doubled double, began begin, became become, ordered order, promised promise,
    called call, used use, met meet, invented invent, attended attend, visited visit, announced announce, published
    publish, paid pay, fell fall, rose rise, grew grow, showed show, captured capture, discovered discover, ruled
    rule, reported report, issued issue, released release, launched launch, removed remove, sued sue, resigned
    resign, died die, fired fire, hired hire, invaded invade, cancelled cancel, had have, overtook overtake,
    exported export, imported import, produced produce
    """
)
_PRESENT = _pairs(
    """
    shows show, depicts depict, documents document, captures capture, wants want, supports support, opposes oppose,
    costs cost, causes cause, gives give, allows allow, requires require, spends spend, pays pay, receives receive,
    contains contain, creates create, makes make, owns own, lives live, prevents prevent, protects protect, cures
    cure, kills kill, produces produce, exports export, imports import, employs employ, plans plan, needs need
    """
)
_PLURAL = (
    "show",
    "depict",
    "document",
    "capture",
    "reveal",
    "support",
    "cause",
    "cost",
    "contain",
    "cure",
    "kill",
    "want",
)
_VERBS = re.compile(rf"(?<=\w )(?:{'|'.join((*_BASES, *_PRESENT, *_PLURAL))})\b(?= [\w$£€\"“])")
_OBJECT = re.compile(
    r" (?:an?|the|his|her|its|their|to|more|every|all|over|almost|nearly|about|that|several|two|three"
    r"|children|people|women|men|taxes|legislation|[$£€\d]|[A-Z])"
)
_WITHOUT_OBJECT = frozenset("voted fell rose died resigned grew lives wanted plans needs wants".split())
_PLACE = re.compile(r" (?:in|on|by|from|against|for|to|after|at|during|\d|an?|the|as)\b")
_NO_VERB_AFTER = re.compile(
    r"(?:\b(?:an?|the|of|by|to|in|on|for|with|and|or|at|his|her|its|their|is|are|was|were|be|been|being|has|have|had|also|once|only|ever|will|would"
    r"|could|can|should|may|might|must|do|does|did|who|just|from|people|those|not|first|as)|ly|ing|ed|['’]s|[^\w.])$",
    re.IGNORECASE,
)


def _first_verb(text: str, start: int, end: int) -> re.Match[str] | None:
    return next(
        (one for one in _VERBS.finditer(text, start, end) if not _NO_VERB_AFTER.search(text[: one.start() - 1])), None
    )


def _denied_verb(text: str, rng: Random) -> Iterator[str]:
    start = _LEAD.match(text)
    offset = start.end() if start else 0
    found = _first_verb(text, offset, len(text))
    if not found or _SUBORDINATE.search(text, offset, found.start()) or _AUXILIARY.search(text, offset, found.start()):
        return
    verb, head, tail = found[0], text[: found.start()], text[found.end() :]
    subject = head.split()[-1].strip("\"'“”")
    if not (_PLACE if verb in _WITHOUT_OBJECT else _OBJECT).match(tail) or re.match(r" (?:by [a-zA-Z]|in which)", tail):
        return
    if verb in _BASES:
        base = _BASES[verb]
        yield f"{head}did not {base}{tail}"
        yield f"{head}didn't {base}{tail}"
        yield f"{head}never {verb}{tail}"
        if verb not in ("had", "fell", "rose", "died", "caused"):
            yield f"{head}failed to {base}{tail}"
    elif verb in _PRESENT and not (subject.endswith("s") and subject[0].islower()):
        does = rng.choice(("does not", "doesn't"))
        yield f"{head}{does} {_PRESENT[verb]}{tail}"
    elif verb in _PLURAL and subject.endswith("s"):
        yield f"{head}do not {verb}{tail}"


_TAKEN_OUT = re.compile(
    r"\b(?P<word>is|are|was|were|will|would|could|should|has|have|had|did|does|do)(?: (?:not|never)\b|n['’]t\b)"
    r"(?! (?:only|just|yet|necessarily|all|every|any|even|one|a single|really|because|until|so|ever|anymore|want to"
    r"|know|either))|\bcan(?:not|['’]t)\b"
)


def _affirmed(text: str) -> Iterator[str]:
    """The one not of the sentence taken out."""
    found = _TAKEN_OUT.search(text)
    if not found or re.search(
        r"\b(?:any|anyone|anybody|anything|ever|either|until|yet|at all|single|whether|if|why)\b|\?", text
    ):
        return
    rest = text[: found.start()] + (found["word"] or "can") + text[found.end() :]
    before = text[: found.start()].rstrip()
    if (
        not is_negated(rest)
        and before
        and not before.endswith((",", ":", "."))
        and text[found.end() : found.end() + 1] == " "
    ):
        yield rest


_DIRECTIONS: tuple[tuple[str, str], ...] = (
    (r"\brose(?= (?:by|to|from|above|sharply|\d))", "fell"),
    (r"\bfell(?= (?:by|to|from|below|sharply|\d))", "rose"),
    (r"\brisen(?= )", "fallen"),
    (r"\brising\b", "falling"),
    (r"\bfalling(?= (?:by|to|from|since|in|for))", "rising"),
    (r"\bincreased\b", "decreased"),
    (r"\bdecreased\b", "increased"),
    (r"\bincreases\b", "decreases"),
    (r"\bincrease\b", "decrease"),
    (r"\bdecrease\b", "increase"),
    (r"\bincreasing\b", "decreasing"),
    (r"\bdecreasing\b", "increasing"),
    (r"\bgrew(?= (?:by|to|from))", "shrank"),
    (r"(?<!has )(?<!have )(?<!had )\bdropped(?= (?:by|from|to) )", "rose"),
    (r"\bdeclined(?= (?:by|from|in|since))", "grew"),
    (r"\bdecline(?= (?:in|of))", "increase"),
    (r"\bmore(?= than\b)(?! than (?:ready|just|happy|one|a ))", "less"),
    (r"\bless(?= than\b)(?! than a )", "more"),
    (r"\bfewer\b", "more"),
    (r"\bhigher\b(?! (?:education|learning|up|power))", "lower"),
    (r"\blower(?= (?:than|in|rate|tax|price|wage|cost))", "higher"),
    (r"\bhighest\b", "lowest"),
    (r"\blowest\b", "highest"),
    (r"\blargest\b", "smallest"),
    (r"\bsmallest\b", "largest"),
    (r"\boldest\b", "youngest"),
    (r"\byoungest\b", "oldest"),
    (r"\bworst\b(?! nightmare)", "best"),
    (r"\bbest(?= (?:in|state|schools|country|economy))", "worst"),
    (r"\bwon(?= (?:the|a|his|her|\d|in|re))", "lost"),
    (r"\blost(?= the (?:election|vote|case|match|final|war|race))", "won"),
    (r"\blost(?= (?:\d|[$£€]))", "gained"),
    (r"\bgained(?= \d)", "lost"),
    (r"\bdoubled\b(?! down)", "halved"),
    (r"\bhalved\b", "doubled"),
    (r"\bdoubling\b", "halving"),
    (r"\bsupports(?= [a-z])", "opposes"),
    (r"\bopposes\b", "supports"),
    (r"\bsupported(?= (?:a|the|an)\b)", "opposed"),
    (r"\bopposed(?= (?:a|the|an)\b)", "supported"),
    (r"\bvoted for\b", "voted against"),
    (r"\bvoted against\b", "voted for"),
    (r"\braise(?= (?:taxes|wages|prices|the minimum|the debt|the price|the tax|the age))", "lower"),
    (r"\braised(?= (?:taxes|wages|prices|the minimum|the debt|the price|the tax|the age|interest))", "lowered"),
    (r"\bcutting(?= (?:taxes|spending|funding|jobs|the|wages))", "raising"),
    (r"\blegal(?= (?:to|in|for|under)\b)", "illegal"),
    (r"\billegal(?= (?:to|in|for|under))", "legal"),
    (r"\bbanned(?= (?:the|all|from))(?! from)", "allowed"),
    (r"\bbefore(?= (?:he|she|it|they|\d|the (?:end|election|war|vote|attack|death)))", "after"),
    (r"\babove(?= (?:\d|the (?:average|national|poverty)))", "below"),
    (r"\bbelow(?= (?:\d|the (?:average|national|poverty)))", "above"),
    (r"\blonger(?= than)", "shorter"),
    (r"\bworse(?= than)", "better"),
    (r"\bfaster(?= than)", "slower"),
    (r"\bmajority(?= of)", "minority"),
    (r"\bsafer(?= than)", "riskier"),
    (r"\bstronger(?= than)", "weaker"),
)
_BEFORE_MORE = re.compile(
    r"\b(?:no|not|any|once|one|nothing|some|and|even|all|far|be|what['’]s|never|little|cannot|can|neither) $",
    re.IGNORECASE,
)
_MORE_OF = re.compile(
    r"\bmore(?= (?:people|women|men|children|[a-z]{3,}(?<![suioae])s)\b)"
    r"(?! (?:less|plus|times|than|years|has|is))"
)


def direction(text: str, _rng: Random) -> Iterator[str]:
    """The other way: fell for rose, fewer for more, lost for won, against for for."""
    for pattern, other in _DIRECTIONS:
        found = list(re.finditer(pattern, text))
        if len(found) == 1 and not _BEFORE_MORE.search(text[: found[0].start()]) and not is_negated(text):
            article = re.search(r"\b[Aa]n? $", text[: found[0].start()])
            if not article or (article[0].lower().strip() == "an") == (other[0] in "aeiou"):
                yield text[: found[0].start()] + other + text[found[0].end() :]
    found = list(_MORE_OF.finditer(text))
    if len(found) == 1 and not _BEFORE_MORE.search(text[: found[0].start()]) and not is_negated(text):
        yield text[: found[0].start()] + "fewer" + text[found[0].end() :]
