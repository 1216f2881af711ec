"""What a reader could point at in a sentence: a figure, a comparison, an opinion, a promise. Pure.

The readable half of check-worthiness: each cue has a weight for each kind of sentence (`checkworthiness`).
"""

from __future__ import annotations

import math
import re

# Without "one" and "second", which are rarely figures ("one of them", "in a second").
_NUMBER = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?"
    r"|hundreds?|thousands?|[mbtr]+illions?"
)
_PERIOD = r"(?:years?|months?|weeks?|decades?|days?|night|century|winter|spring|summer|autumn)"
# Common verbs whose past has no -ed; the regular ones are a cue of their own.
_PAST = (
    r"was|were|had|did|didn['’]t|wasn['’]t|weren['’]t|went|came|took|made|gave|got|became|began"
    r"|brought|built|ran|won|led|left|met|paid|put|sent|set|spent|stood|told"
)
_SAID = (
    r"\b(?:said|says|told|according to|announced|reported(?:ly)?|claim(?:s|ed)|den(?:ied|ies)"
    r"|admitted|promised|show(?:s|ed)?|found|stud(?:y|ies)|records?|reports?)\b"
)
_FUTURE = (
    r"(?:\b(?:will|won['’]t|shall|would|wouldn['’]t|going to|gonna|expect(?:s|ed)?|plans? to"
    r"|promise|wants? to|hope)|['’](?:ll|d))\b"
)

# What a reader could point at. Each cue counts how often it occurs, in any case.
_CUES = {
    "a figure": rf"\d[\d,.]*|\b(?:{_NUMBER})\b",
    "a percentage": r"%|\bper ?cent(?:age)?s?\b",
    "money": r"[$£€]\s?\d|\b(?:dollars?|pounds|euros?|cents|pence)\b",
    "hundreds or more": r"\d,\d{3}\b|\b(?:hundred|thousand|[mbtr]+illion)s?\b|\d(?:m|bn|k)\b",
    "a share": (
        r"\b(?:half|thirds?|quarters?|fifths?|tenths?|majority of|most of)\b"
        rf"|\b(?:one|\d+|{_NUMBER}) (?:in|out of) (?:every )?(?:\d+|{_NUMBER})\b"
    ),
    "a year": r"\b(?:1[89]|20)\d\ds?\b",
    "a span of time": (
        rf"\b{_PERIOD} (?:ago|earlier|before|later|in a row)\b|\b(?:since|ever)\b"
        rf"|\b(?:last|past|previous|first|next) (?:\w+ )?{_PERIOD}\b"
    ),
    "a comparison": (
        r"\b(?:than|more|less|fewer|higher|lower|larger|bigger|smaller|worse|better|twice|double"
        r"|triple|compared|times (?:as|the|more)|as (?:many|much|few|little) as)\b"
    ),
    "a superlative": (
        r"\b(?:most|least|largest|biggest|highest|lowest|worst|best|greatest|fastest|longest"
        r"|oldest|record|only|never|first)\b"
    ),
    "a ranking": (
        r"\bin (?:the|our|this|its|my) (?:\w+ )?(?:world|country|history|nation|state|city|town)\b"
        r"|\b(?:number one|on record)\b|\b(?:first|second|third|last|only|one of the) (?:\w+ )?"
        r"(?:president|governor|country|countries|nations?|states?|time)\b"
    ),
    "a rise or fall": (
        r"\b(?:rise[ns]?|rising|rose|increas\w+|gr[eo]w(?:n|s|ing|th)?|doubl(?:ed|ing)|soar\w*"
        r"|tripl(?:ed|ing)|climb\w*|(?:gone|went|is|are|was|were) (?:up|down)|(?:up|down) from"
        r"|fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|declin\w+|decreas\w+|reduc\w+|halv(?:ed|ing)"
        r"|cut(?:s|ting)?|shr[aiu]nk\w*|lost|gained|created|added|deficits?|surplus)\b"
    ),
    "a past event": (rf"\b(?:{_PAST}|voted|signed|passed|vetoed|opposed|supported|proposed|raised)\b"),
    "a verb in -ed": r"\b(?!hundred|indeed|need|feed|seed|speed|\w+ceed)[a-z]{2,}ed\b",
    "something done so far": r"\b(?:has|have|hasn['’]t|haven['’]t)\b|['’]ve\b",
    "a vote, law or policy": (
        r"\b(?:vot(?:e|es|ed|ing)|laws?|legislation|bills?|acts?|amendments?|veto(?:ed)?|treat(?:y|ies)"
        r"|tax(?:es)?|budgets?|program(?:me)?s?|polic(?:y|ies)|sanctions|court|plan)\b"
    ),
    "a cause": (r"\b(?:because|caus(?:e|es|ed|ing)|led to|due to|results? (?:of|in)|resulted in|forced)\b"),
    "who said so": _SAID,
    "a promise or forecast": _FUTURE,
    "a reported promise": rf"{_SAID}.{{0,200}}?{_FUTURE}",  # bounded: a text may have no end
    "what should or could be": (
        r"\b(?:should|must|ought|needs? to|ha(?:ve|s) to|got to|let['’]?s|can(?:not)?|can['’]t"
        r"|could|may|might)\b"
    ),
    "a question": r"\?",
    "I": r"\b(?:I|me|my|mine|myself)\b",
    "you": r"\b(?:you|your|yours)\b",
    "he, she or they": r"\b(?:he|she|they|his|her|their|him|them)\b",
    "an opinion": (
        r"\b(?:think|believe|feel|guess|suppose|agree|disagree|wish|opinion|in my view|wonder"
        r"|understand|proud|glad|sorry|afraid|care|respect)\b"
    ),
    "a judgement": (
        r"\b(?:good|great|bad|wrong|right|terrible|disgrac\w+|important|unfair|fair|wonderful|disaster"
        r"|tragedy|strong|tough|dangerous|ridiculous|sad|shame\w*|fundamental\w*|serious|honest)\b"
    ),
    "a hedge": r"\b(?:perhaps|maybe|probably|possibly|likely|seems?|appears?|kind of|sort of)\b",
    "a condition": r"\b(?:if|unless|whether)\b",
    "a bare pointer": r"^\W*(?:this|that|it|these|those|here|there)\b",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _CUES.items()}
# A capital says "name" only inside a sentence, so only after a small letter or a comma.
_PATTERNS["a name"] = re.compile(r"(?<=[a-z,;] )[A-Z][\w’']*[a-z]")
_PATTERNS["an abbreviation"] = re.compile(r"\b[A-Z]{2,}\b|\b(?:[A-Z]\.){2,}")
_PATTERNS["length"] = re.compile(r"\w+")


def cues(text: str) -> dict[str, float]:
    """Each cue by its name: 0 where it is absent, else the log of one plus its count."""
    return {name: math.log1p(len(cue.findall(text))) for name, cue in _PATTERNS.items()}
