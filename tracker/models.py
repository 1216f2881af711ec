"""The nouns: plain values that every other module passes around. Standard library only.

Scores are similarities (higher is nearer), probabilities are calibrated (0 to 1), dates are `datetime.date`,
spans count characters (code points) from 0, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - a field's type can be asked for when it runs
from enum import StrEnum


class Relation(StrEnum):
    """How a statement relates to a claim in the store; a verdict carries over only for `SAME`."""

    SAME = "same"
    DIFFERENT_FIGURE = "different-figure"
    OPPOSITE = "opposite"
    DIFFERENT_ENTITY = "different-entity"
    DIFFERENT_TIME = "different-time"
    RELATED = "related"
    UNRELATED = "unrelated"

    @property
    def is_contrast(self) -> bool:
        """True where the two sentences say the same thing but for one deciding respect."""
        return self in _CONTRASTS


_CONTRASTS = frozenset(
    {Relation.DIFFERENT_FIGURE, Relation.OPPOSITE, Relation.DIFFERENT_ENTITY, Relation.DIFFERENT_TIME}
)


Span = tuple[int, int]  # characters, end exclusive


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two sentences relate as they do, in words, and the words on either side that it rests on, if any."""

    text: str
    here: tuple[Span, ...] = ()
    there: tuple[Span, ...] = ()

    def __str__(self) -> str:
        """The reason in words."""
        return self.text


@dataclass(frozen=True, slots=True)
class Related:
    """How a statement relates to a claim, how probable that is (0 to 1), and why, the deciding reasons first."""

    relation: Relation
    probability: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Entailment:
    """What a model of language inference says of two sentences, as probabilities, 0 to 1.

    `forth`: the second follows from the first; `back`: the other way round; `contradiction`: in either direction.
    """

    forth: float
    back: float
    contradiction: float


@dataclass(frozen=True, slots=True)
class PairReading:
    """What models that read two sentences at once make of them; None where there is no such model.

    `relations` are the logarithms of the probabilities, in the order of `Relation` (`inference`).
    """

    relations: tuple[float, ...] | None = None
    entailment: Entailment | None = None


class Outcome(StrEnum):
    """What the store knows about a statement: its verdict, a contrast, the topic, or nothing. The strongest first."""

    CHECKED = "checked"
    CONTRAST = "contrast"
    RELATED = "related"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Article:
    """A text to check. All offsets elsewhere refer to `text`.

    `language` is the one that the document states, by its ISO 639-1 code; None where it states none. `named` are the
    spans of `text`, in order, of which the document itself says who speaks; None for somebody whom it does not name.
    """

    source: str
    text: str
    title: str | None = None
    author: str | None = None
    published_on: date | None = None
    language: str | None = None
    named: tuple[tuple[int, int, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of an article: `article.text[start:end] == text`."""

    text: str
    start: int
    end: int
    boilerplate: bool = False
    speaker: str | None = None


class Kind(StrEnum):
    """What a sentence is to a fact-checker; every sentence is of one kind."""

    CHECK_WORTHY = "check-worthy"
    UNIMPORTANT = "factual-unimportant"
    OPINION = "opinion"
    QUESTION = "question"
    PREDICTION = "prediction"
    BOILERPLATE = "boilerplate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Spotted:
    """A sentence with its kind, its check-worthiness from 0 to 1, and the cues that spoke for the kind, best first.

    Check-worthy are those from 0.5 on. Boilerplate and what is too long for a sentence have 0: neither is judged.
    """

    sentence: Sentence
    kind: Kind
    check_worthiness: float
    cues: tuple[str, ...] = ()
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class Spotting:
    """An article's sentences, in reading order."""

    article: Article
    sentences: tuple[Spotted, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence judged worth checking, or one of its claims, with its check-worthiness from 0 to 1 and cues for it.

    `claim` is the text made to stand alone, as it is looked for ("" for the text itself); `quote` is the whole sentence
    that it is of.
    """

    text: str
    start: int
    end: int
    check_worthiness: float
    speaker: str | None = None
    cues: tuple[str, ...] = ()
    claim: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a claim is looked for with: the words, and what is known around them.

    `context` is what was said right before, `speaker` who says it, `stated_on` when. `verbatim` is the statement with
    its marks and signs, as relations read it, where `text` has been made plain (`posts.read_post`).
    """

    text: str
    context: str | None = None
    speaker: str | None = None
    stated_on: date | None = None
    verbatim: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on: an address, what it shows, and where a copy of it is kept."""

    url: str
    note: str | None = None
    archive_url: str | None = None


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """One publisher's published conclusion on a claim, before it is stored.

    `claimed_on` is when the claim that was reviewed was made; `tags` are the desk's own words beside the rating.
    `rating_value` is a rating in numbers, on a scale from `worst_rating` to `best_rating`, as the publisher wrote them.
    """

    rating: str | None
    publisher: str | None = None
    publisher_site: str | None = None
    url: str | None = None
    reviewed_on: date | None = None
    explanation: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    claimed_on: date | None = None
    tags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rating_value: str | None = None
    best_rating: str | None = None
    worst_rating: str | None = None


class Standing(StrEnum):
    """Whether a verdict can be used on a day; only a `CURRENT` one speaks."""

    CURRENT = "current"
    OVER = "over"  # its period ended before that day
    NOT_YET = "not-yet"  # its period begins after that day, or it was reviewed after it
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Retraction:
    """Who took back a verdict or a claim, when and why; `event_id` is what `undo` takes."""

    event_id: int
    author: str
    recorded_at: str
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict(NewVerdict):
    """A stored verdict; `normalized`, `rating_tags` and `rating_rule` are our reading of it (`ratings.Reading`).

    `because` is why it was entered, where it corrects another. `standing` and `remarks` say how it stands on the day
    that was asked for (`standing.on_day`).
    """

    id: int = 0
    claim_id: int = 0
    normalized: str = "unrated"
    rating_tags: tuple[str, ...] = ()
    rating_rule: str = "unknown"
    author: str | None = None
    recorded_at: str = ""
    supersedes: int | None = None
    superseded_by: int | None = None
    because: str | None = None
    from_feed: bool = False
    retracted: Retraction | None = None
    standing: Standing = Standing.CURRENT
    remarks: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """True for a verdict that no other supersedes and nobody has taken back, whatever its period."""
        return self.superseded_by is None and self.retracted is None


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim before it is stored."""

    text: str
    external_id: str | None = None
    title: str | None = None
    claimant: str | None = None
    claimed_on: date | None = None
    language: str | None = None
    check_worthiness: float | None = None


@dataclass(frozen=True, slots=True)
class Claim(NewClaim):
    """A stored claim, verified or waiting."""

    id: int = 0
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where and when a claim was seen."""

    claim_id: int
    article_id: int
    source: str
    title: str | None
    published_on: date | None
    quote: str
    start: int
    end: int
    speaker: str | None
    check_worthiness: float
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that retrieval brought up, with what of it is not in its words.

    `dense` is the cosine of its vector to the statement's, None where it has none yet; `adapted` the same by the
    vector that was fitted for finding claims, `in_context` by the one of the statement with what was said before it.
    `days` are those on which it was made or reviewed. `read_as` is the claim that it was merged into, or itself.
    """

    claim: Claim
    dense: float | None = None
    read_as: Claim | None = None
    adapted: float | None = None
    in_context: float | None = None
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate after the decision: how likely it is about the same thing, how it relates, and why.

    `scores` are the features that it was judged by, `parts` what each of them adds to the log-odds (`matching.Model`).
    """

    claim: Claim
    probability: float
    relation: Relation
    reasons: tuple[Reason, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement and what the store knows about it; matches best first."""

    statement: Statement
    outcome: Outcome
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """An article's findings, in reading order; `sentences` counts all that were read.

    Of them `too_long` are longer than a sentence is and were not judged; `foreign` do not seem to be English.
    """

    article: Article
    sentences: int
    findings: tuple[Finding, ...] = ()
    as_of: date | None = None
    too_long: int = 0
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Another claim of the family: `claim` is `relation` to the claim that was asked for."""

    claim: Claim
    relation: str
    event_id: int
    because: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """Everything the store holds on one claim; verdicts oldest first, superseded and retracted ones too.

    `external_ids` are the ids that feeds give the claim, by publisher ("" where the feed names none). `merged` are the
    entries that were found to be the same claim; their verdicts and appearances are among these. `sightings` are the
    addresses at which feeds say that the claim was seen.
    """

    claim: Claim
    verdicts: tuple[Verdict, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()
    merged: tuple[Claim, ...] = ()
    links: tuple[Link, ...] = ()
    retracted: Retraction | None = None
    sightings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """A query and the claims nearest to it, best first; `found` is False where none is about the same thing.

    `speaker` is who says it, where that was given.
    """

    query: str
    matches: tuple[Match, ...]
    as_of: date | None = None
    speaker: str | None = None

    @property
    def found(self) -> bool:
        """False for the answer "no match"."""
        return any(match.relation is not Relation.UNRELATED for match in self.matches)


@dataclass(frozen=True, slots=True)
class Addition:
    """What `add` did: the claim's id, whether it is new, near-identical claims there before, and the verdict's id."""

    claim_id: int
    created: bool
    near_duplicates: tuple[Match, ...] = ()
    verdict_id: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` recorded: the article's id, new claims that wait for a verdict, and new appearances."""

    article_id: int
    claims: int
    appearances: int
