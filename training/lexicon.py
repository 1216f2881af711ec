"""Distil WordNet to what `tracker/lexicon.py` asks of it: frequent words, their main senses, kinds, opposites, roots.

    python training/lexicon.py --wordnet /usr/share/wordnet --data ../shared/data/benchmarks

writes `tracker/data/lexicon/wordnet.tsv` and `irregular.txt`. A word is taken that the tagged texts of WordNet have, or
that the public claims have at least three times. Of a word's senses those count that make up a good part of its uses:
a rare sense makes strangers synonyms ("cut" and "rise" are not, though both can be a share of profits).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from tracker import lexicon

HERE = Path(__file__).parent.parent / "tracker" / "data" / "lexicon"
PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_TYPES = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}  # of a sense key; 5 is an adjective's satellite
LOOSELY = "~"  # before a kind: too broad for siblings; before a side: an adjective has it from its head
OF_NOTE = 3  # occurrences in the claims that make a word one to know
MAIN, FIRST = 0.33, 0.5  # shares of a word's uses: a sense that can stand for it, the sense that it has by default
POSSIBLE = 0.2  # the same for opposites, which are rarer and more telling
BROAD = 25  # a kind with more words than these says little of them: "person", "act"
# Fields of meaning whose words are things of one kind; two acts have hardly more than a name in common, and
# two names of a person are too often of one person (an assailant, a culprit).
_THINGS = frozenset({5, 6, 8, 13, 20, 27})  # animal, artefact, body, food, plant, substance
# Adjectives whose satellites are no opposites of one another's: "third" of "four", "last" of "present".
_NO_SCALE = frozenset("cardinal ordinal all some no same other past present future first last particular".split())
_WORD = re.compile(r"[a-z]+(?:['_-][a-z]+)*")
_ENDINGS = {
    "n": (("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("ies", "y")),
    "v": (("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    "a": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Synset(NamedTuple):
    """A sense: its words as written, its field of meaning, and its pointers: (sign, target, source word, target word).

    The words of a pointer are numbers from 1; 0: all of the sense.
    """

    words: tuple[str, ...]
    field: int
    pointers: tuple[tuple[str, str, int, int], ...]


class WordNet:
    """A WordNet database folder; a sense is named by its part of speech and offset ("n02084071")."""

    def __init__(self, folder: Path) -> None:
        self.synsets: dict[str, Synset] = {}
        self.senses: dict[str, dict[str, list[str]]] = defaultdict(dict)  # word, part: senses, the commonest first
        self.counts: Counter[tuple[str, str, int]] = Counter()  # word, part, number of the sense: tagged uses
        for name, part in PARTS.items():
            for line in _lines(folder / f"data.{name}"):
                self.synsets[part + line.split(" ", 1)[0]] = _synset(line)
            for line in _lines(folder / f"index.{name}"):
                fields = line.split()
                self.senses[fields[0]][part] = [part + offset for offset in fields[-int(fields[2]) :]]
        for line in (folder / "cntlist.rev").read_text("utf-8").splitlines():
            key, number, uses = line.split()
            word, _, place = key.partition("%")
            self.counts[word, _TYPES[place[0]], int(number)] += int(uses)
        self.exceptions = {part: _exceptions(folder / f"{name}.exc") for name, part in PARTS.items()}

    def shares(self, word: str) -> dict[str, float]:
        """The word's senses, whatever the part of speech, each with its share of the word's uses (smoothed)."""
        weights = {
            sense: self.counts[word, part, number] + 0.5 / number
            for part, senses in self.senses[word].items()
            for number, sense in enumerate(senses, 1)
        }
        whole = sum(weights.values())
        return {sense: weight / whole for sense, weight in weights.items()}

    def uses(self, word: str) -> int:
        """How often the word is tagged, in any of its senses."""
        return sum(
            self.counts[word, part, number]
            for part, senses in self.senses.get(word, {}).items()
            for number in range(1, len(senses) + 1)
        )

    def bases(self, form: str) -> set[str]:
        """The words that a form can be of, by the rules of endings and the exceptions; itself included if it is one."""
        found = {form} if form in self.senses else set()
        for part, endings in _ENDINGS.items():
            known = self.exceptions[part].get(form)
            stems = [form[: -len(old)] + new for old, new in endings if form.endswith(old)]
            found |= {base for base in ([known] if known else stems) if part in self.senses.get(base, ())}
        return found

    def heads(self, sense: str) -> list[tuple[str, str]]:
        """The adjectives that a satellite is similar to, each with its sense; few that are on no scale."""
        near = [target for sign, target, *_ in self.synsets[sense].pointers if sign == "&"]
        found = [(head, word.lower()) for head in near for word in self.synsets[head].words]
        return [] if any(word in _NO_SCALE for _, word in found) else found

    def is_clear(self, word: str) -> bool:
        """True where the word has one sense, or it is known how often it has which."""
        return self.uses(word) > 0 or sum(map(len, self.senses[word].values())) == 1

    def is_name(self, word: str) -> bool:
        """True where the word's commonest sense is written with a capital: names are not this lexicon's."""
        first = max(self.shares(word).items(), key=lambda item: item[1])[0]
        written = [other for other in self.synsets[first].words if other.lower() == word]
        return bool(written) and written[0] != word


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line and line[0] != " "]  # the notice is indented


def _synset(line: str) -> Synset:
    fields = line.partition(" | ")[0].split()
    many = int(fields[3], 16)
    words = tuple(fields[4 + 2 * i].partition("(")[0] for i in range(many))
    at = 4 + 2 * many
    pointers = []
    for i in range(int(fields[at])):
        sign, offset, part, place = fields[at + 1 + 4 * i : at + 5 + 4 * i]
        part = "a" if part == "s" else part
        pointers.append((sign, part + offset, *divmod(int(place, 16), 256)))
    return Synset(words, int(fields[1]), tuple(pointers))


def _exceptions(file: Path) -> dict[str, str]:
    """Irregular forms with their first lemma; the first lines hold none."""
    return {form: bases[0] for form, *bases in map(str.split, file.read_text("utf-8").splitlines()) if bases}


def vocabulary(net: WordNet, data: Path) -> set[str]:
    """The words to keep: tagged at least once, or seen `OF_NOTE` times in the public claims; no names."""
    seen: Counter[str] = Counter()
    for file in sorted(data.glob("*/docs.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            forms = _WORD.findall(f"{row['claim']} . {row['title'] or ''}".lower().replace("’", "'"))
            for size in (1, 2, 3):
                seen.update("_".join(forms[i : i + size]) for i in range(len(forms) - size + 1))
    known: Counter[str] = Counter()
    for form, times in seen.items():
        for base in net.bases(form):
            known[base] += times
    tagged = Counter[str]()
    for (word, _, _), uses in net.counts.items():
        tagged[word] += uses
    kept = {word for word in net.senses if known[word] >= OF_NOTE or tagged[word] >= (2 if "_" in word else 1)}
    return {word for word in kept if _WORD.fullmatch(word) and len(word) > 1 and not net.is_name(word)}


def meanings(net: WordNet, words: set[str]) -> dict[str, set[str]]:
    """Each word's senses that can stand for it; none of a word with several whose uses nobody has counted."""
    return {word: {s for s, share in net.shares(word).items() if share >= MAIN} for word in words if net.is_clear(word)}


def kinds(net: WordNet, words: set[str]) -> dict[str, set[str]]:
    """For each word the senses directly above the one that it has by default; marked where they make no siblings."""
    found: dict[str, set[str]] = {}
    for word in words:
        first = [sense for sense, share in net.shares(word).items() if share >= FIRST]
        above = {target for s in first for sign, target, *_ in net.synsets[s].pointers if sign == "@"}
        found[word] = above if net.is_clear(word) else set()
    many = Counter(kind for above in found.values() for kind in above)
    loose = {kind for kind in many if many[kind] > BROAD or kind[0] != "n" or net.synsets[kind].field not in _THINGS}
    return {word: {LOOSELY * (kind in loose) + kind for kind in above} for word, above in found.items()}


def opposites(net: WordNet, words: set[str]) -> dict[str, set[str]]:
    """For each word the sides that it is on: "12" and "-12" are opposite. An adjective takes those of its head."""
    sides: dict[tuple[str, str], set[str]] = defaultdict(set)  # sense, word
    pairs: dict[tuple[str, ...], int] = {}
    for sense, synset in net.synsets.items():
        for sign, target, source, aim in synset.pointers:
            if sign == "!":
                one, other = synset.words[source - 1].lower(), net.synsets[target].words[aim - 1].lower()
                number = pairs.setdefault(tuple(sorted((f"{sense} {one}", f"{target} {other}"))), len(pairs) + 1)
                sides[sense, one].add(f"{'-' if (sense, one) > (target, other) else ''}{number}")
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for sense, share in net.shares(word).items():
            if share >= POSSIBLE:
                found[word] |= sides.get((sense, word), set())
            if share >= MAIN and sense[0] == "a" and net.is_clear(word):
                found[word] |= {LOOSELY + side for head in net.heads(sense) for side in sides.get(head, ())} - found[
                    word
                ]
    held = Counter(side for all_ in found.values() for side in all_)
    return {
        word: {side for side in all_ if held[_other_side(side.removeprefix(LOOSELY))]} for word, all_ in found.items()
    }


def _other_side(side: str) -> str:
    return side.removeprefix("-") if side.startswith("-") else f"-{side}"


def families(net: WordNet, words: set[str]) -> dict[str, set[str]]:
    """For each word the names of its families: a root and what is derived from it directly ("decide": "decision")."""
    linked: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for sense, share in net.shares(word).items():
            synset = net.synsets[sense]
            for sign, target, source, aim in synset.pointers if share >= POSSIBLE / 2 else ():
                if sign in "+\\" and source and aim and synset.words[source - 1].lower() == word:
                    other = net.synsets[target].words[aim - 1].lower()
                    if other in words and other != word and net.shares(other)[target] >= POSSIBLE / 2:
                        linked[word].add(other)
                        linked[other].add(word)
    found: dict[str, set[str]] = defaultdict(set)
    left = {word: set(others) for word, others in linked.items()}
    for root in sorted(linked, key=lambda word: (-len(linked[word]), len(word), word)):
        if left[root]:
            for member in (root, *left[root]):
                found[member].add(root)
            for member in left[root]:
                left[member].discard(root)
            left[root] = set()
    return found


def irregular(net: WordNet, words: set[str]) -> dict[str, str]:
    """The forms of kept words that the rules of endings get wrong; of two readings the verb's, then the noun's."""
    found: dict[str, str] = {}
    for part in "vnar":
        for form, base in net.exceptions[part].items():
            rare = net.uses(base) < net.uses(form)  # "data" is more of a word than "datum", "rent" than "rend"
            if base in words and "_" not in form and not rare:
                found.setdefault(form, base)
    return {form: base for form, base in sorted(found.items()) if lexicon.regular(form) != base}


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _renamed(*tables: dict[str, set[str]]) -> dict[str, str]:
    """Short names for what at least two entries hold, the commonest shortest."""
    uses = Counter(name.removeprefix(LOOSELY) for table in tables for names in table.values() for name in names)
    kept = sorted((name for name, times in uses.items() if times > 1), key=lambda name: (-uses[name], name))
    return {name: _short(number) for number, name in enumerate(kept)}


def _signed(name: str, short: dict[str, str]) -> str:
    bare = name.lstrip(LOOSELY + "-")
    return name.removesuffix(bare) + short[bare]


def table(net: WordNet, words: set[str]) -> list[str]:
    """The lines of `wordnet.tsv`: word, parts of speech, meanings, kinds, sides, families."""
    meant, above, against, roots = meanings(net, words), kinds(net, words), opposites(net, words), families(net, words)
    senses, pairs = _renamed(meant, above), Counter[str]()
    pairs.update(side.lstrip(LOOSELY + "-") for sides in against.values() for side in sides)
    numbers = {pair: _short(number) for number, pair in enumerate(sorted(pairs, key=lambda pair: (-pairs[pair], pair)))}
    lines = []
    for word in sorted(words):
        columns = (
            {senses[sense] for sense in meant.get(word, ()) if sense in senses},
            {_signed(kind, senses) for kind in above[word] if kind.removeprefix(LOOSELY) in senses},
            {_signed(side, numbers) for side in against.get(word, ())},
            roots.get(word, set()),
        )
        cells = [word, "".join(p for p in "nvar" if p in net.senses[word]), *(" ".join(sorted(c)) for c in columns)]
        lines.append("\t".join(cells).rstrip("\t"))
    return lines


def _write(lines: list[str]) -> None:
    (HERE / "wordnet.tsv").write_text("\n".join(sorted(set(lines))) + "\n", "utf-8")
    lexicon.reread()


def _lemmatised(line: str) -> str:
    """The line with an entry of several words as a sequence of lemmas has it: "human_right"."""
    word, tab, rest = line.partition("\t")
    return "_".join(map(lexicon.lemma, word.split("_"))) + tab + rest if "_" in word else line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--wordnet", type=Path, required=True, help="folder with data.noun, index.noun, cntlist.rev ..."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with */docs.jsonl, the public claims")
    options = parser.parse_args()
    if not (options.wordnet / "cntlist.rev").is_file() or not (options.wordnet / "noun.exc").is_file():
        parser.error(
            f"{options.wordnet} is no folder of WordNet 3.0's database files (data.noun, cntlist.rev, noun.exc)"
        )
    if not any(options.data.glob("*/docs.jsonl")):
        parser.error(f"{options.data} has no */docs.jsonl: the public claims whose words are counted")
    net = WordNet(options.wordnet)
    lines = table(net, vocabulary(net, options.data))
    (HERE / "irregular.txt").write_text("", "utf-8")
    _write(lines)
    forms = irregular(net, {line.partition("\t")[0] for line in lines})
    (HERE / "irregular.txt").write_text("".join(f"{form} {base}\n" for form, base in forms.items()), "utf-8")
    _write([_lemmatised(line) for line in lines])  # only now are all forms known
    print(f"{len(lines)} words, {len(forms)} irregular forms")


if __name__ == "__main__":
    main()
