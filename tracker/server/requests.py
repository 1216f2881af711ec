"""What programs may send: each field with its limits, as the OpenAPI description tells them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tracker.dates import parse_day
from tracker.entries import MAX_EVIDENCE, MAX_TAG, MAX_TEXT, MAX_URL
from tracker.errors import InvalidClaim
from tracker.models import Evidence, NewClaim, NewVerdict

MAX_ARTICLE = 10_000_000  # characters; the body's limit is below it where they take several bytes
MAX_ID = 2**63 - 1  # the largest that SQLite counts to
MAX_MATCHES = 100
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _written(text: str) -> str:
    """A text that can be stored: no halves of characters, which JSON can name and UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half a character in it (a lone surrogate)") from None
    return text


def _with_words(text: str) -> str:
    if not text.strip():
        raise ValueError("no words in it")
    return text


def _count(number: Any) -> Any:
    """JSON knows one kind of number: 5.0 is 5."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _day(text: str) -> str:
    """A day in the past; of a review or a claim one to come is a slip of the pen. Raises ValueError."""
    return _checked(text, ahead=False)


def _any_day(text: str) -> str:
    return _checked(text, ahead=True)


def _checked(text: str, *, ahead: bool) -> str:
    try:
        parse_day(text, ahead=ahead)
    except InvalidClaim as error:
        raise ValueError(str(error)) from None
    return text


Whole = Annotated[str, Field(min_length=1, max_length=MAX_ARTICLE), AfterValidator(_written)]
Line = Annotated[str, Field(max_length=1_000), AfterValidator(_written)]
Sentence = Annotated[
    str,
    Field(min_length=1, max_length=MAX_TEXT, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(_written),
    AfterValidator(_with_words),
]
Address = Annotated[str, Field(max_length=MAX_URL), AfterValidator(_written)]
_AS_ISO = WithJsonSchema({"type": "string", "format": "date", "pattern": ISO, "examples": ["2022-06-27"]})
Day = Annotated[str, Field(pattern=ISO), AfterValidator(_day), _AS_ISO]
AnyDay = Annotated[str, Field(pattern=ISO), AfterValidator(_any_day), _AS_ISO]
Matches = Annotated[int, BeforeValidator(_count), Field(ge=1, le=MAX_MATCHES, description="How many matches at most.")]
Id = Annotated[int, BeforeValidator(_count), Field(ge=1, le=MAX_ID)]


class _Sent(BaseModel):
    """Fields that are not ours are refused: a slip in a name would be a verdict that lacks something."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SearchRequest(_Sent):
    """A text, and what is known around it."""

    text: Sentence
    k: Matches = 5
    as_of: Annotated[AnyDay | None, Field(description="Answer as of that day.")] = None
    context: Annotated[Sentence | None, Field(description="What was said right before.")] = None
    speaker: Annotated[Line | None, Field(description="Who says it.")] = None
    said_on: Annotated[AnyDay | None, Field(description="When it was said.")] = None


class CheckRequest(_Sent):
    """An article: its text, or its address, which the server then fetches."""

    text: Whole | None = None
    url: Annotated[Address | None, Field(description="In the place of the text: a page of the web.")] = None
    title: Line | None = None
    published_on: Annotated[AnyDay | None, Field(description="The article's own day.")] = None
    min_worth: Annotated[float, Field(ge=0, le=1, description="Check-worthiness from which a sentence counts.")] = 0.5
    k: Matches = 3
    as_of: Annotated[AnyDay | None, Field(description="Answer as of that day.")] = None


class EvidenceRequest(_Sent):
    """What a verdict rests on."""

    url: Address
    note: Sentence | None = None
    archive_url: Address | None = None

    def evidence(self) -> Evidence:
        """The noun."""
        return Evidence(self.url, self.note, self.archive_url)


class VerdictRequest(_Sent):
    """One publisher's conclusion; a rating, an address or an explanation is needed."""

    rating: Annotated[Line | None, Field(description="The publisher's own words.")] = None
    publisher: Line | None = None
    publisher_site: Line | None = None
    url: Annotated[Address | None, Field(description="Where the review stands.")] = None
    reviewed_on: Day | None = None
    explanation: Sentence | None = None
    valid_from: Annotated[AnyDay | None, Field(description="The first day it holds for.")] = None
    valid_to: Annotated[AnyDay | None, Field(description="The last day it holds for.")] = None
    claimed_on: Annotated[Day | None, Field(description="When the claim that was reviewed was made.")] = None
    tags: Annotated[list[Annotated[str, Field(max_length=MAX_TAG), AfterValidator(_written)]], Field(max_length=50)] = (
        Field(default_factory=list)
    )
    evidence: Annotated[list[EvidenceRequest], Field(max_length=MAX_EVIDENCE)] = Field(default_factory=list)

    def verdict(self) -> NewVerdict:
        """The noun."""
        return NewVerdict(
            rating=self.rating,
            publisher=self.publisher,
            publisher_site=self.publisher_site,
            url=self.url,
            explanation=self.explanation,
            tags=tuple(self.tags),
            evidence=tuple(one.evidence() for one in self.evidence),
            reviewed_on=as_date(self.reviewed_on),
            valid_from=as_date(self.valid_from),
            valid_to=as_date(self.valid_to),
            claimed_on=as_date(self.claimed_on),
        )


class VerdictAdded(VerdictRequest):
    """A verdict for a claim that is there; `supersedes` names the one that it corrects."""

    supersedes: Annotated[Id | None, Field(description="The verdict that this corrects.")] = None
    because: Annotated[Sentence | None, Field(description="Why; the log keeps it.")] = None


class ClaimRequest(_Sent):
    """A claim, with a verdict if there is one."""

    claim: Sentence
    claimant: Line | None = None
    claimed_on: Day | None = None
    external_id: Line | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | None = None
    verdict: VerdictRequest | None = None

    def new(self) -> NewClaim:
        """The noun."""
        made = as_date(self.claimed_on)
        return NewClaim(self.claim, self.external_id, None, self.claimant, made, self.language)


def as_date(text: str | None) -> date | None:
    """The day that a checked text names."""
    return date.fromisoformat(text) if text else None


def fields_given(sent: BaseModel) -> dict[str, Any]:
    """What was sent, without what was left out."""
    return sent.model_dump(exclude_unset=True)
