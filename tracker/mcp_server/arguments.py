"""What the tools take. A model reads the descriptions; what does not fit is refused, never bent until it does."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from tracker.pipeline import MIN_WORTH

MAX_QUERY = 2_000  # characters; a longer text is an article, which `check` takes apart
MAX_ARTICLE = 1_000_000
MAX_ENTRY = 10_000  # what the store takes in one field at most
MAX_MATCHES = 50
_DAY = "a whole day, as 2022-06-27"

Words = Annotated[str, Field(max_length=200)]
Day = Annotated[str, Field(max_length=60)]
Entry = Annotated[str, Field(max_length=MAX_ENTRY)]
Number = Annotated[int, Field(ge=1, lt=2**63)]
ClaimId = Annotated[Number, Field(description="The claim's number: `claim_id` in what the tools answer.")]
Matches = Annotated[int, Field(ge=1, le=MAX_MATCHES)]


class Arguments(BaseModel):
    """What any tool takes: the types that the schema names, and no other fields."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Search(Arguments):
    """A statement to look for, and what is known about it."""

    text: Annotated[
        str,
        Field(
            max_length=MAX_QUERY,
            description="The statement in its own words, as one whole sentence; not keywords, not an article.",
        ),
    ]
    k: Annotated[Matches, Field(description="How many matches at most.")] = 5
    as_of: Annotated[Day | None, Field(description=f"Answer as of that day, not of today: {_DAY}.")] = None
    context: Annotated[
        str | None, Field(max_length=MAX_QUERY, description="What was said right before; it helps to find the claim.")
    ] = None
    speaker: Annotated[Words | None, Field(description="Who says it; it helps to find the claim.")] = None
    said_on: Annotated[Day | None, Field(description=f"When it was said; it helps: {_DAY}.")] = None


class Check(Arguments):
    """An article to check."""

    text: Annotated[
        str,
        Field(
            max_length=MAX_ARTICLE,
            description="The article's whole text (HTML and subtitles are read too); no file name, no address.",
        ),
    ]
    title: Annotated[str | None, Field(max_length=1_000, description="Its headline, where the text has none.")] = None
    published_on: Annotated[
        Day | None,
        Field(description=f"The article's own day, which verdicts' periods are held against: {_DAY}."),
    ] = None
    min_worth: Annotated[float, Field(ge=0, le=1, description="Check-worthiness from which a sentence counts.")] = (
        MIN_WORTH
    )
    k: Annotated[Matches, Field(description="How many matches a statement at most.")] = 3


class Show(Arguments):
    """A claim in the store."""

    claim_id: ClaimId


class Piece(Arguments):
    """A piece of evidence."""

    url: Annotated[str, Field(max_length=2_000, description="The address of what shows it.")]
    note: Annotated[Entry | None, Field(description="What it shows.")] = None
    archive_url: Annotated[str | None, Field(max_length=2_000, description="Where a copy is kept.")] = None


class Said(Arguments):
    """What a verdict may say beside its rating."""

    publisher: Annotated[Words | None, Field(description="Who published the verdict.")] = None
    publisher_site: Annotated[Words | None, Field(description="The publisher's site, e.g. fullfact.org.")] = None
    url: Annotated[str | None, Field(max_length=2_000, description="Where the review stands, https://...")] = None
    review_date: Annotated[Day | None, Field(description=f"When it was reviewed: {_DAY}.")] = None
    note: Annotated[Entry | None, Field(description="The explanation, in a sentence or two.")] = None
    valid_from: Annotated[Day | None, Field(description=f"The first day that the verdict holds for: {_DAY}.")] = None
    valid_to: Annotated[Day | None, Field(description=f"The last day that the verdict holds for: {_DAY}.")] = None
    tags: Annotated[list[Words] | None, Field(max_length=50, description="Words beside the rating: outdated...")] = None
    evidence: Annotated[list[Piece] | None, Field(max_length=100, description="What the verdict rests on.")] = None


class Add(Said):
    """A claim, and a verdict where one is known."""

    claim: Annotated[Entry, Field(description="The claim, as one whole sentence that can be read by itself.")]
    rating: Annotated[Words | None, Field(description="The verdict, in the publisher's own words.")] = None
    claimant: Annotated[Words | None, Field(description="Who made the claim.")] = None
    claim_date: Annotated[Day | None, Field(description=f"When the claim was made: {_DAY}.")] = None
    external_id: Annotated[Words | None, Field(description="The desk's own id for the claim.")] = None
    language: Annotated[Words | None, Field(description="The claim's language, e.g. en.")] = None


class AddVerdict(Said):
    """A verdict on a claim in the store."""

    claim_id: ClaimId
    rating: Annotated[Words, Field(description="The verdict, in the publisher's own words.")]
    claim_date: Annotated[Day | None, Field(description=f"When the claim that was reviewed was made: {_DAY}.")] = None
    supersedes: Annotated[
        Number | None, Field(description="The `verdict_id` that this one corrects: the same publisher's, same claim.")
    ] = None
    because: Annotated[Entry | None, Field(description="Why; the log keeps it.")] = None


class _Untitled(GenerateJsonSchema):
    """Pydantic gives each field a title that only says its name again."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False


def schema_of(takes: type[Arguments]) -> dict[str, object]:
    """The JSON Schema of a tool's arguments, as it is listed."""
    return takes.model_json_schema(schema_generator=_Untitled)


def refusal(error: ValidationError) -> str:
    """Say in one line which arguments do not fit and why, without repeating what was given."""
    wrong = [
        f"{'.'.join(map(str, one['loc']))[:80] or 'arguments'}: {one['msg'][:1].lower()}{one['msg'][1:]}"
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
    return f"{'; '.join(wrong[:3])}{more}; the tool's input schema says what it takes"
