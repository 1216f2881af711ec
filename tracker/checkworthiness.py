"""Would the public want to know whether this is true? One probability, 0 to 1, for each sentence.

Two logistic regressions over the same readable features. One adds the default encoder's vector, for
vectors that come from that encoder; the other stands alone and serves every other encoder. What
they were trained on, how good they are and where they fail: `data/checkworthiness.md`. How to fit
them again: `training/checkworthiness.py`.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]

_COEFFICIENTS = Path(__file__).parent / "data" / "checkworthiness.json"

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


def features(text: str) -> dict[str, float]:
    """Return each cue by its name: 0 where it is absent, else growing with the log of its count."""
    return {name: math.log1p(len(cue.findall(text))) for name, cue in _PATTERNS.items()}


def check_worthiness(texts: Sequence[str], vectors: FloatArray | None, encoder: str | None) -> list[float]:
    """Return the probability, 0 to 1, that each text is a claim worth checking; 0.5 is the cut.

    `vectors` holds one unit-length row a text, made by `encoder` (a fingerprint). They count only
    if that is the encoder of the coefficients; otherwise the features decide alone. Raises
    ValueError where vectors and texts do not fit together.
    """
    model = _coefficients()
    use_vectors = vectors is not None and encoder == model["encoder"]
    head = model["heads"]["vector+features" if use_vectors else "features"]
    if vectors is not None and len(vectors) != len(texts):
        raise ValueError(f"{len(vectors)} vectors for {len(texts)} texts")
    weights: dict[str, float] = head["features"]
    logits = [
        head["intercept"] + sum(weights[name] * value for name, value in features(text).items()) for text in texts
    ]
    if vectors is not None and use_vectors:
        import numpy as np

        vector_weights = np.asarray(head["vector"], dtype=np.float32)
        if vectors.shape[1:] != vector_weights.shape:
            raise ValueError(f"vectors of shape {vectors.shape}, not of {len(vector_weights)} numbers each")
        logits = [own + float(more) for own, more in zip(logits, vectors @ vector_weights, strict=True)]
    return [_logistic(logit) for logit in logits]


def _logistic(logit: float) -> float:
    # Written for both signs, so that math.exp never overflows.
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


@cache
def _coefficients() -> dict[str, Any]:
    model: dict[str, Any] = json.loads(_COEFFICIENTS.read_text(encoding="utf-8"))
    return model
