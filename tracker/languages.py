"""Whether a text is in another language than English, the only one in which sentences are compared here. Pure.

By its small words, which every sentence has: of 19,250 English claims one is taken for a foreign one, of 1,300
Portuguese ones 96 % are found (`benchmarks/languages.py`; the lists were made with both at hand). A text that shows
nothing either way counts as English.
"""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_SHORT = 4  # words from which the lack of English ones means something

# Small words of English that the other languages do not have, whatever they mean there.
_ENGLISH = """
    the of and to is were are be been has have had that this for with by at from it its not more than will would can
    could she they we her their there about after over under who which or but if when says said did does out up new
"""
# Small words of other languages that no English sentence has.
_OTHERS = """
    der und ist nicht ein eine einen einem einer dem des von mit auf für sich auch wird wurde wurden werden sind haben
    bei nach aus dass wie zum zur über durch gegen nur noch mehr als kein keine im vom oder wenn seine ihre das
    les une est dans que qui avec sont au aux ce cette ont été ses leur elle selon après être avoir pas
    y en por con su sus más fue son está como ha han según contra sobre entre también desde una lo es
    os da das dos uma é em com não na nos nas seu sua foi são mais ao à pela pelo após diz
    gli della dei delle del che è non sono nella nel alla dal più anche dopo gli si
    het van niet dat met voor zijn wordt werd naar ook uit heeft hebben deze geen maar
    nie jest się że dla przez oraz jak został była są
    och att det är inte på för från till ett som av
    ve bir için ile olarak daha çok değil
    yang dengan untuk pada tidak adalah ini dalam akan telah oleh itu dari
"""
# Words of theirs that stand in names in English too: of them one alone means nothing.
_IN_NAMES = "de di se e o la le el um del des los las al lo en es son da van das com"


@cache
def _small_words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    names = frozenset(_IN_NAMES.split())
    return frozenset(_ENGLISH.split()), frozenset(_OTHERS.split()) - names, names


def is_foreign(text: str) -> bool:
    """True for a text whose small words, or whose script, are of another language than English."""
    letters = [sign for sign in text if sign.isalpha()]
    if sum(not _LATIN.match(sign) for sign in letters) * 2 > len(letters):
        return True
    words = _WORD.findall(text.lower())
    ours, others, in_names = _small_words()
    english, foreign = (sum(word in known for word in words) for known in (ours, others))
    accents = any(not word.isascii() for word in words)
    if foreign > english and (foreign > 1 or accents):
        return True
    either = foreign + sum(word in in_names for word in words)
    return not english and len(words) >= _SHORT and (accents or either > 1)
