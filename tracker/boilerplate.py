"""Which sentences are the page's furniture and not the article. Pure.

Three kinds of rules, in this order: notices are told by what a sentence says (cookies, sign-ups,
copyright), furniture by what a whole line is (menus, share rows, "READ MORE: ..."), and lists of
links by what stands next to each other. When in doubt a sentence is left in: a claim that goes
unread costs more than a menu item that is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.models import Sentence


@dataclass(frozen=True, slots=True)
class _Line:
    """The sentences that share a line of the source; `first` is the index of the first one."""

    text: str
    first: int
    sentences: tuple[Sentence, ...]

    @property
    def indices(self) -> range:
        return range(self.first, self.first + len(self.sentences))


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|telegram|reddit|instagram|threads|bluesky|"
_NETWORK += r"mastodon|pinterest|messenger|youtube|tiktok|e-?mail|print|copy link|link|sms)"

# What a sentence must begin with to be a notice, whatever follows.
_NOTICE = _any_of(
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and our [\w ]{3,20})? uses? (?:\w+ )?cookies\b",
    r"by (?:click|sign|subscrib|continu|submitt|enter|register|us|accept)ing\b.*\byou(?:’ll|'ll)? "
    r"(?:\w+ )?(?:agree|accept|consent|confirm|acknowledge)\b",
    r"you (?:can|may) (?:unsubscribe|opt out)\b",
    r"(?:please )?(?:sign up|subscribe|register)\b.*\b(?:newsletters?|inbox|e-?mails?|updates|alerts|"
    r"bulletins?|briefings?|notifications|for free|free trial|unlimited access|full access)\b",
    r"(?:get|receive|have) .*\b(?:in|to) your inbox\b",
    r"(?:please )?enter (?:your|a valid) e-?mail",
    r"thank(?:s| you) for (?:subscribing|signing up|registering|reading|your patience)\b",
    r"privacy notice:",
    r"(?:send|e-?mail|write)\b.*\S@\S+\.\w",
    r"(?:please )?(?:enable|turn on) (?:javascript|cookies)\b",
    r"(?:your browser|javascript) (?:does not|doesn.t|is|must)\b",
    r"(?:for (?:more|further) \w+,? )?(?:please )?(?:read|see|view|check) our (?:full )?"
    r"(?:privacy|cookie|terms)\b",
    r"you have (?:\w+ )(?:free )?(?:articles?|stories) (?:left|remaining)\b",
    r"already (?:a subscriber|subscribed|registered|have an account|a member)\b",
    r"this site is protected by\b",
    r"(?:do you have|have you got|got) (?:a|any) (?:story|tip|news|information)\b.*(?:\?|\bus\b)",
    r"(?:(?:a version of )?this (?:article|story|post)|the post\b.*) (?:was |is )?(?:originally |first )?"
    r"(?:appear(?:s|ed)|published|republished) (?:first |originally )?(?:on|in|at|by|from)\b",
    r"(?:listen to|watch|follow|read|join|download|visit|check out|find|like|get|hear|support|try|"
    r"browse|explore|contact|click|tap)\b.*\bour (?:\w+ ){0,2}(?:podcasts?|newsletters?|app|channels?|"
    r"website|site|page|coverage|blog|journalism|newsroom|team|stories|community|group|feed)\b",
    r"(?:follow|contact|call|message|e-?mail|tell|find|like|support|write to) us\b",
    r"follow\b.* coverage\b",
    r"(?:click|tap) (?:here|on the link|below|to)\b",
    r"if you\b.*\bplease\b.*\b(?:us|our|your account)\b",
    r"(?:are you |have you )?(?:enjoying|enjoyed) (?:this|reading|our)\b",
    r"this (?:video|audio|content|media|tweet|post|page) (?:can ?not|can.t|is not|is no longer|could not)\b",
    r"to (?:play|view|watch|read|see|hear|comment|continue)\b.*\byou\b.*\b(?:javascript|browser|cookies|"
    r"log ?in|sign|register|subscribe|enable|accept)\b",
    r"notify me of\b",
    r"share (?:this|via|on|with (?:friends|your)|the (?:article|story|page))\b",
)
_COPYRIGHT = _any_of(
    r"©",
    r"(?:\(c\)|copyright)\s*(?:©|\(c\)|\d{4})",
    r"copyright by\b",
    r"all rights reserved\b",
    r"(?:contains|this work|text|content)\b.* (?:available|licen[cs]ed) under the\b.*\blicen[cs]e\b",
    r"(?:no part of this|reproduction (?:in whole|without|of this))\b.*\b(?:permission|prohibited)\b",
    r"this material may not be\b",
)

# A sentence in which the publisher addresses the reader is a notice if it has two of the cues.
_ADDRESS = re.compile(r"(?:We|By|This|These|To|Please|For more|Some|(?P<you>You|Your|Our|If you))\b")
_CUES = tuple(
    re.compile(cue, re.IGNORECASE)
    for cue in (
        r"\bcookies?\b",
        r"\bsign-?ups?\b",
        r"\bunsubscribe\b|\bopt[ -]out\b",
        r"\bnewsletters?\b",
        r"\bprivacy (?:policy|notice|settings)\b",
        r"\bconsent(?:ed)?\b",
        r"\badverts?\b|\bpersonali[sz]ed?\b",
        r"\b(?:3rd|third)[- ]part(?:y|ies)\b|\b(?:our|trusted) partners\b",
        r"\bour (?:web)?(?:site|apps?|e-?mails?|services?|understanding)\b|\bprovide content\b",
        r"\bunderstanding of you\b|\byour (?:device|browser|inbox|e-?mail|experience|preferences)\b",
        r"\bat any time\b",
        r"\bfrom us\b|\bterms (?:of|and)\b",
    )
)
_READER = re.compile(r"\b(?:you|your|our|us)\b", re.IGNORECASE)
_TO_THE_READER = re.compile(r"\b(?:you|your|we|our|us|my)\b", re.IGNORECASE)

# Lines that are furniture as a whole.
_HEADER = _any_of(
    r"(?:read|see) (?:more|next|also)(?: (?:on|about) .{1,40})?:?",
    r"(?:most|top|latest|trending|popular|related|recommended|editor.?s.?)"
    r"(?: (?:read|viewed|shared|popular|stories|articles|news|topics?|links|content|posts|now|"
    r"picks?|choice|reading|videos?|coverage|for you))+:?",
    r"trending|related|recommended|don.?t miss|just in|see also|also read|must reads?:?",
    r"you (?:may|might) also (?:like|enjoy|be interested in):?",
    r"more (?:stories|news|articles|videos|coverage|reading|like this)\b.{0,40}",
    r"more (?:from|on|about|in) (?:this|our|the) (?:series|story|topic|author|section|issue|site)",
    r"more (?:from|on|about) (?-i:[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3})",
)
_FURNITURE = _any_of(
    r"(?:skip|jump) to (?:\w+ )?(?:content|navigation|main|search|footer|menu)",
    r"(?:main )?menu|search|home|log ?in|sign ?in|log ?out|register|subscribe(?: now)?|accessibility help|back to top",
    r"video|audio|gallery|live|watch live|quick guide|(?:like )?loading(?:\.{3}|…)?|scroll down",
    r"about us|contact(?: us)?|advertise(?: with us)?|site ?map|newsletters?|e-?paper|donate(?: now)?",
    r"(?:next|previous)(?: (?:post|article|story|page))?",
    r"advert(?:isement|orial)?|sponsored(?: content| links)?|(?:powered|sponsored|presented) by (?-i:[A-Z]).{1,40}",
    r"(?:sign up|subscribe) (?:to|for|now|here|today)\b.{0,60}|(?:after|skip past) newsletter promotion",
    r"(?:(?:free|daily|weekly|our|the|morning|evening) )+(?:newsletters?|briefings?|bulletins?)",
    r"(?:story|article) continues below(?: advertisement)?|continue reading.{0,60}",
    r"read full article|more info(?:rmation)?",
    r"(?:(?:\d+|no|view|show|hide|leave|post|add|read|see|all) )?(?:(?:a|all|your|the|\d+) )?(?:comments?|reply)"
    r"(?: \(\d+\)|: \d+| off| closed)?",
    r"comments are closed\.?|join the (?:conversation|discussion|debate)|be the first to comment.{0,20}",
    r"(?:accept|reject|allow|decline|manage|change)"
    r"(?: (?:all|my|your|cookies?|consent|privacy|choices|preferences|settings))+",
    r"(?:privacy|cookies?|terms)"
    r"(?: (?:policy|notice|settings|preferences|of use|of service|and conditions|& conditions))?",
    r"(?:is|was) this (?:page|article|story) (?:useful|helpful|interesting)\?",
    r"(?:share|tweet|print|save|copy|e-?mail|open|close|view|show|listen to|play|read|watch|reuse|order|report|gift|"
    r"bookmark|explore|skip|click for|download|enlarge|expand|hide)"
    r"(?: (?:this|the|these|full|entire|past|more|on|in|an?|to|article|story|report|link|page|post|content|topics?|"
    r"video|image|audio|gallery|caption|panel|version|transcript|app|newsletter|promotion|advertisement|ad|pdf|"
    r"reprints?|here|now))*",
    r"(?:image|picture|photo|photograph|pic)(?: (?:source|credit|by))?: ?.{2,60}|image source, .{2,60}",
    r"(?:getty images|reuters|afp|pa media|ap photo)(?:/.{2,30})?",
    r"(?:\d+|a|one|two|three|four|five|six|ten)[ -]min(?:ute)?s? read|reading time:? .{1,20}",
    r"(?:topics|tags|filed under|categories|keywords)\s*:.{2,200}",
    rf"{_NETWORK}(?:[\s|,•·/]+{_NETWORK})+",
)
_LABELLED_LINK = re.compile(
    r"(?:READ MORE|READ NEXT|READ ALSO|ALSO READ|SEE ALSO|SEE MORE|DON.?T MISS|MUST READ|RELATED"
    r"(?: STORY| ARTICLE)?|WATCH|JUST IN|MORE ON THIS(?: STORY)?|(?-i:LISTEN|LIVE|MORE|VIDEO))\s*[:|–—-]\s+\S",
    re.IGNORECASE,
)
_TAGGED_LINK = re.compile(r".*\s\[[A-Z][A-Z ]{2,20}\]")
_SOURCE = re.compile(r"(?:Sources?|Via)\s*:\s*\S+(?:\s+\S+){0,7}")
_TRAIL = re.compile(r"\S[^>»›|/]{0,30}(?:\s[>»›|/]\s[^>»›|/\d]{1,30}){2,}")

_ENDS_PROSE = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_QUESTION = re.compile(r"[?!][\"'”’»)\]]*$")
_ITEM_MARK = re.compile(r"[-*•‣▪●◦–—]\s|\d{1,2}[.)]\s")
_SAID = 400  # how much of a sentence the notice rules read: they are slow on endless ones
_LONGEST_FURNITURE = 300
_PROSE_WORDS = 8
_LINK_WORDS = range(4, 26)
_MENU_WORDS = range(1, 4)
_LINKS_IN_A_LIST = 3
_ITEMS_IN_A_MENU = 4


def mark_boilerplate(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences, in order, with `boilerplate` set on what is not the article's own.

    `sentences` are those of `text` in reading order, as `split_sentences` gives them.
    """
    lines = list(_lines(text, sentences))
    marked: set[int] = set()
    for position, line in enumerate(lines):
        marked.update(_notices(line))
        if _is_furniture(line.text) or (position > 0 and _is_marked_link(line.text)):
            marked.update(line.indices)
    for line in (*_menus(lines), *_link_lists(lines, marked)):
        marked.update(line.indices)
    return [
        replace(sentence, boilerplate=True) if index in marked else sentence for index, sentence in enumerate(sentences)
    ]


def _lines(text: str, sentences: Sequence[Sentence]) -> Iterator[_Line]:
    """Group the sentences by the line that they stand on."""
    if not sentences:
        return
    breaks = (text.count("\n", left.end, right.start) for left, right in pairwise(sentences))
    starts = [0, *(index for index, count in enumerate(breaks, start=1) if count), len(sentences)]
    for first, last in pairwise(starts):
        group = tuple(sentences[first:last])
        yield _Line(text[group[0].start : group[-1].end], first, group)


def _notices(line: _Line) -> Iterator[int]:
    """Yield the sentences of a line that are notices, with those that carry one on."""
    carried: str | None = None
    quoting = False
    for index, sentence in zip(line.indices, line.sentences, strict=True):
        said, was_quoting = sentence.text[:_SAID], quoting
        quoting = _quotes_on(sentence.text, quoting)
        if was_quoting:
            carried = None
        elif _COPYRIGHT.match(said):
            carried = "copyright"
            yield index
        elif _NOTICE.match(said) or _addresses_reader(said):
            carried = "notice"
            yield index
        elif carried == "copyright" or (carried and _carries_on(said)):
            yield index
        else:
            carried = None


def _quotes_on(said: str, quoting: bool) -> bool:
    """Tell whether somebody is still being quoted after a sentence."""
    if said.count('"') % 2:
        return not quoting
    return said.rfind("“") > said.rfind("”") or (quoting and "”" not in said)


def _addresses_reader(said: str) -> bool:
    address = _ADDRESS.match(said)
    if address is None or not _READER.search(said, 0 if address["you"] else address.end()):
        return False
    return sum(bool(cue.search(said)) for cue in _CUES) > 1


def _carries_on(said: str) -> bool:
    """Tell whether a sentence after a notice belongs to it: it speaks to the reader, or is a button."""
    button = len(said.split()) <= 4 and not _ENDS_PROSE.search(said)
    return button or _TO_THE_READER.search(said) is not None


def _is_furniture(line: str) -> bool:
    if len(line) > _LONGEST_FURNITURE:
        return False
    if not any(character.isalpha() for character in line):
        return True  # "* * *", a comment count, a player's clock
    if _HEADER.fullmatch(line) or _FURNITURE.fullmatch(line):
        return True
    return not _ENDS_PROSE.search(line) and _TRAIL.fullmatch(line) is not None


def _is_marked_link(line: str) -> bool:
    """Tell whether a line is a link or a source line by its label or its tag."""
    if _LABELLED_LINK.match(line):
        return True
    if _ENDS_PROSE.search(line):
        return False
    return _TAGGED_LINK.fullmatch(line) is not None or _SOURCE.fullmatch(line) is not None


def _menus(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines of runs of one to three words each, but not of tables or announced lists."""
    for intro, run in _runs(lines, _is_menu_item):
        if len(run) >= _ITEMS_IN_A_MENU and not intro.endswith(":"):
            yield from run
        else:
            yield from dropwhile(lambda line: not _HEADER.fullmatch(line.text), run)


def _is_menu_item(line: _Line) -> bool:
    return (
        len(line.text.split()) in _MENU_WORDS
        and not _ENDS_PROSE.search(line.text)
        and not _ITEM_MARK.match(line.text)
        and not any(character.isdigit() for character in line.text)
    )


def _link_lists(lines: Sequence[_Line], marked: set[int]) -> Iterator[_Line]:
    """Yield the lines of runs of headlines within or after the article, and those under a header."""
    body = next((at for at, line in enumerate(lines) if _is_prose(line, marked)), len(lines))
    for intro, run in _runs(lines[body:], _is_headline):
        announced = intro.endswith(":") and not _HEADER.fullmatch(intro)
        plain = [line for line in run if not _QUESTION.search(line.text)]
        shouted = all(line.text.isupper() for line in run)
        enough = len(run) >= (2 if shouted else _LINKS_IN_A_LIST) and 2 * len(plain) > len(run)
        if not announced and (enough or _HEADER.fullmatch(intro)):
            yield from run


def _is_prose(line: _Line, marked: set[int]) -> bool:
    """Tell whether the article's text has begun: a full sentence that is no notice."""
    return (
        line.first not in marked
        and len(line.text.split()) >= _PROSE_WORDS
        and _ENDS_PROSE.search(line.text) is not None
    )


def _is_headline(line: _Line) -> bool:
    if len(line.sentences) > 1 or len(line.text.split()) not in _LINK_WORDS:
        return False
    if line.text[0].islower() or _ITEM_MARK.match(line.text) or _HEADER.fullmatch(line.text):
        return False
    return not _ENDS_PROSE.search(line.text) or _QUESTION.search(line.text) is not None


def _runs(lines: Sequence[_Line], belongs: Callable[[_Line], bool]) -> Iterator[tuple[str, list[_Line]]]:
    """Yield runs of neighbouring lines that all belong, each with the line before it."""
    intro = ""
    for together, group in groupby(lines, belongs):
        run = list(group)
        if together:
            yield intro, run
        intro = run[-1].text
