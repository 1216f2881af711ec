"""One ClaimReview in our words: each field read by rule, with a note for whatever had to be mended or left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from tracker.articles.fields import language as language_code
from tracker.claimreview import addresses
from tracker.claimreview.days import read_day, read_period
from tracker.claimreview.extension import extension_of
from tracker.claimreview.links import read_address, read_appearances, read_evidence
from tracker.claimreview.people import read_claimant, read_publisher
from tracker.claimreview.rated import read_rating
from tracker.claimreview.record import Record, raw_text
from tracker.claimreview.shapes import EXTENSION
from tracker.claimreview.texts import of_scalar, says_nothing
from tracker.claimreview.thing import Thing, Unusable
from tracker.entries import MAX_TAG, MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.claimreview.shapes import Document, Found

MAX_BODY = 2_000  # characters of a review that may stand for its explanation; a longer one is the article
MAX_TAGS = 100
_LANGUAGES = dict(
    pair.split("=")
    for pair in """
    english=en spanish=es español=es french=fr français=fr german=de deutsch=de italian=it italiano=it portuguese=pt
    português=pt dutch=nl polish=pl polski=pl turkish=tr türkçe=tr arabic=ar hindi=hi bengali=bn urdu=ur tamil=ta
    telugu=te malayalam=ml marathi=mr gujarati=gu punjabi=pa indonesian=id malay=ms thai=th vietnamese=vi korean=ko
    japanese=ja chinese=zh russian=ru ukrainian=uk greek=el romanian=ro hungarian=hu czech=cs slovak=sk swedish=sv
    danish=da norwegian=no finnish=fi hebrew=he persian=fa serbian=sr croatian=hr bulgarian=bg swahili=sw
    """.split()
)


def records_of(
    document: Document,
    number: int,
    where: str,
    *,
    at: str = "",
    page: str = "",
    base: str = "",
    mended: tuple[str, ...] = (),
) -> Iterator[Record]:
    """Read the reviews in one value of a document; `at` is the value's own place in its file, `base` its address.

    `mended` is what had to be done to its JSON; then a review without a rating is left out: its rating may have been
    lost, or have become a part of another text.
    """
    for found in document.reviews(number):
        place = at + found.path
        record = read_review(found, document, f"{where}:{place}" if place else where, page, base)
        if mended and not record.reason and not record.values.keys() & {"rating", "rating_value"}:
            reason = f"{'; '.join(mended)}; and no rating was found then"
            record = Record(record.where, reason=reason, raw=record.raw)
        yield replace(record, notes=(*mended, *record.notes)) if mended and not record.reason else record


def read_review(found: Found, document: Document, where: str, page: str = "", base: str = "") -> Record:
    """Read one review that was found; `page` is the address of the page it stands on, where that is known.

    The record has a reason instead of values where there is no claim: without one it is nothing to look up; and where
    it says two things of its verdict.
    """
    raw = raw_text(found.review)
    if found.reason:
        return Record(where, reason=found.reason, raw=raw, notes=found.notes)
    own_words = extension_of(found.review) if document.ours else {}
    if found.is_bare:
        return Record(where, own_words, raw=raw, is_ours=True)
    notes = list(found.notes)
    view = document.seen_from(found)
    try:
        values = _values(Thing(found.review, view, notes), found.page, page, base)
        if view.doubtful:
            _refuse(f"refers to an id that stands for two things: {view.doubtful[0][:80]!r}")
    except Unusable as error:
        return Record(where, reason=str(error), raw=raw, notes=tuple(dict.fromkeys(notes)))
    values |= own_words
    notes = [note for note in notes if note.partition(":")[0] not in own_words]  # that was not taken after all
    kept = {name: value for name, value in values.items() if value not in (None, "", [])}
    is_ours = document.ours and EXTENSION in found.review
    return Record(where, kept, raw=raw, notes=tuple(dict.fromkeys(notes)), is_ours=is_ours)


def _values(review: Thing, holder: str, page: str, base: str) -> dict[str, Any]:
    """The columns of a review; `holder` is the address of the thing that holds it. Raises Unusable."""
    page = holder if addresses.is_address(holder) else page
    item = _item(review)
    claim = _claim(review, item)
    if len(claim) > MAX_TEXT:
        _refuse(f"claim: {len(claim):,} characters; at most {MAX_TEXT:,} can be stored")
    if not claim:
        _refuse("no claim: claimReviewed is missing or empty")
    values: dict[str, Any] = {"claim": claim, "title": review.text("headline") or review.text("name")}
    values |= read_rating(review)
    values["url"] = read_address(review, page, base)
    values |= read_publisher(review, values["url"], page)
    own = [site for site in (values["publisher_site"], addresses.host(values["url"]), addresses.host(page)) if site]
    values["claimant"] = read_claimant(item, values["publisher"], own)
    values["id"] = _identifier(item, values["url"])
    values["language"] = _language(review)
    values["review_date"] = _review_day(review)
    values["claim_date"] = _day(item, "datePublished", "claim_date")
    values["explanation"] = values["explanation"] or _body(review)
    values["tags"] = _tags(review)
    values["evidence"] = read_evidence(review)
    values["appearances"] = read_appearances(review, own)
    values |= _period(review)
    _compare_days(values, review.notes)
    return values


def _refuse(reason: str) -> NoReturn:
    raise Unusable(reason)


def _item(review: Thing) -> Thing:
    """What is reviewed; where that is several things, the first Claim of them."""
    items = review.things("itemReviewed")
    if len(items) > 1:
        review.note("itemReviewed: a list; the first was read, and the addresses of all")
    claims = [item for item in items if "claim" in item.kinds]
    return (claims or items or [review.empty()])[0]


def _claim(review: Thing, item: Thing) -> str:
    """The words of the claim: `claimReviewed`, else what the thing that is reviewed says of itself."""
    claim = review.text("claimReviewed", called="claim", limit=None)
    if _has_words(claim):
        return claim
    written = [text for value in review.values("itemReviewed") if (text := of_scalar(value))]
    sentence = next((text for text in written if not addresses.addresses_in(text) and not says_nothing(text)), "")
    for name, text in (("", sentence), ("text", item.text("text", limit=None)), ("name", item.text("name"))):
        if _has_words(text):
            review.note(f"claim: claimReviewed is missing or empty; itemReviewed{'.' * bool(name)}{name} taken")
            return text
    return ""


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _identifier(item: Thing, url: str) -> str:
    """The claim's own name, where it holds beyond the document."""
    name = of_scalar(item.raw("@id"))
    if name.startswith("#") and url:
        return url.partition("#")[0] + name
    if name and not name.startswith(("_:", "#")) and len(name) <= MAX_TEXT:
        return name
    return item.text("identifier")


def _language(review: Thing) -> str:
    """The code of the review's language, which may be written as a tag, a name or a thing with either."""
    for value in review.values("inLanguage"):
        thing = Thing(value, review.document, []) if isinstance(value, dict) else None
        written = (
            [of_scalar(value)] if thing is None else [thing.text(name) for name in ("alternateName", "name", "@value")]
        )
        for text in written:
            code = language_code(text) or _LANGUAGES.get(text.casefold())
            if code:
                return code
        review.note(f"language: {' '.join(written).strip()[:40]!r} is no language that is known here; not kept")
    return ""


def _review_day(review: Thing) -> str:
    day = _day(review, "datePublished", "review_date")
    if day or not review.values("dateCreated"):
        return day
    day = _day(review, "dateCreated", "review_date")
    if day:
        review.note("review_date: no datePublished that can be read; dateCreated taken")
    return day


def _day(thing: Thing, name: str, called: str) -> str:
    text = thing.text(name, called=called)
    if not text:
        return ""
    day, note = read_day(text)
    if note:
        thing.note(f"{called}: {note}")
    return str(day or "")


def _period(review: Thing) -> dict[str, str]:
    """The days for which the verdict holds, by `temporalCoverage`."""
    text = review.text("temporalCoverage", called="valid_from")
    if not text:
        return {}
    start, end, note = read_period(text)
    if note:
        review.note(f"valid_from: {note}")
    return {"valid_from": str(start or ""), "valid_to": str(end or "")}


def _compare_days(values: dict[str, Any], notes: list[str]) -> None:
    if values["claim_date"] and values["review_date"] and values["claim_date"] > values["review_date"]:
        notes.append(f"claim_date: {values['claim_date']} is after the review; kept as written")


def _body(review: Thing) -> str:
    """The review's text where it is short enough to be the explanation of its rating."""
    text = review.text("reviewBody", limit=None)
    if len(text) < MAX_BODY:
        return text
    review.note(f"explanation: reviewBody has {len(text):,} characters, which is an article; not kept")
    return ""


def _tags(review: Thing) -> list[str]:
    """The keywords, each once; they are written with commas, as a list, or as defined terms."""
    written = [word for text in review.texts("keywords") for word in text.split(",")]
    tags: dict[str, str] = {}
    for word in written:
        if not says_nothing(tag := " ".join(word.split())):
            tags.setdefault(tag.casefold(), tag)
    kept = [tag for tag in tags.values() if len(tag) <= MAX_TAG]
    if len(kept) < len(tags) or len(kept) > MAX_TAGS:
        review.note(f"tags: of more than {MAX_TAG} characters, or more than {MAX_TAGS} of them; those not kept")
    return kept[:MAX_TAGS]
