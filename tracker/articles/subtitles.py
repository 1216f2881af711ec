"""Subtitles (SRT, WebVTT): their cues as running text, by speaker where they name one.

Own code rather than a library: those there are refuse a whole file for one faulty cue, and none undoes the lines that
live captions show again as they roll up.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from tracker.articles import fields
from tracker.articles.turns import Turn, as_text, speaker
from tracker.gazetteer import fold, is_ordinary
from tracker.models import Article
from tracker.patterns import pattern
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PAUSE = 2.0  # seconds of silence that end a paragraph
_NO_PAUSE = 0.25  # between two captions that roll up
_NO_GAP = 0.01  # between two captions that touch
_BRIEF = 0.2  # for which no caption is shown, but for a step while they roll up
_LONGEST_NAME = 40
_CALL = 3  # words that are said again at once at most: "No." "No."
_ROLLED = 8  # lines that are shown at once at most
_SUFFIXES = frozenset({".srt", ".vtt"})
_TYPES = frozenset({"text/vtt", "application/x-subrip"})
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = pattern(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")
_HEADER = pattern(r"\s*WEBVTT(?:[ \t][^\n]*)?(?:\n|$)")
_TIMED = pattern(rf"^{_TIMING.pattern}$", re.MULTILINE)
_START = pattern(rf"\s*(?:\d{{1,6}}[ \t]*\n)?{_TIMING.pattern}(?:\n|$)")
_LANGUAGE = pattern(r"^Language:[ \t]*(\S{2,20})", re.MULTILINE)
_VOICE = pattern(r"<v(?:\.[^\s>]{0,80})?[ \t]+([^>\n]{1,200})>")
_TAG = pattern(
    r"</?(?:[biusv]|c|lang|ruby|rt|font|em|strong)(?:[.\s][^>\n]{0,200})?>|<[\d:.]{5,15}>|\{\\[^}\n]{0,80}\}",
    re.IGNORECASE,
)
_NEW_SPEAKER = pattern(r"(?:>{2,3}|[-–—](?![\d\s]*\d))[ \t]*(?=\S)")
_LABEL = pattern(r"(?=[^:\n]{2,40}:(?:\s|$))([A-Z][A-Z.'’\d() -]*[A-Z.)\d]):(?: |$)")
_NAME = pattern(
    r"(?:(?:(?:da|de|del|den|der|di|el|la|le|van|von) ){0,2}(?:[^\W\d_a-z][^\s:?!;,]*|\d+)(?: |(?=:))){1,5}:(?: |$)"
)
_NO_NAME = pattern(
    r"(?:BREAKING|CAPTION|CAUTION|CORRECTION|EXCLUSIVE|MUSIC|NEXT|NOTE|ON SCREEN|PHOTO|SOURCE|SUBTITLE|UPDATE|WARNING)"
    r"S?\b.*"
)
_ENDS = pattern(r"[.!?…。！？][\"'”’»›)\]]*$")


class _Cue(NamedTuple):
    start: float
    end: float
    lines: list[str]


class _Line(NamedTuple):
    """A line of a cue without its marks; `voice` is who the cue says speaks, `fresh` that somebody else begins.

    `label` is the name that it begins with; `holds` where the turn that it begins goes on after a pause.
    """

    text: str
    voice: str | None
    fresh: bool
    label: str | None = None
    holds: bool = False


def is_subtitles(raw: Source, text: str) -> bool:
    """Tell whether it is a subtitle file, by its beginning, its name or the server's word."""
    if raw.suffix in _SUFFIXES or raw.media_type in _TYPES or _START.match(text):
        return True
    return bool(_HEADER.match(text) and _TIMED.search(text))


def from_subtitles(source: str, text: str) -> Article:
    """Read what is spoken in a subtitle file, without timings, numbers, tags and notes.

    A paragraph ends where a sentence ends and a pause follows, or where somebody else begins to speak.
    Raises UnreadableSource for a file without cues.
    """
    cues = list(_cues(text))
    if not cues:
        fail(source, "it has no subtitles", "give a file with timed cues (SRT or WebVTT), or rename it to .txt")
    stated = _LANGUAGE.search(text.partition("\n\n")[0]) if text.startswith("WEBVTT") else None
    written, named = as_text(_turns(cues))
    return Article(source, written, language=fields.language(stated[1]) if stated else None, named=named)


def _cues(text: str) -> Iterator[_Cue]:
    """Yield the cues in the order of the file; whatever stands before, between or after them is none of theirs."""
    lines = text.split("\n")
    timed = [(number, found) for number, line in enumerate(lines) if (found := _TIMING.fullmatch(line))]
    blocks = text.lstrip().startswith("WEBVTT")  # there a blank line ends a cue; in SRT only the next one does
    ends = [*(number for number, _ in timed[1:]), len(lines) + 1]
    for (number, found), following in zip(timed, ends[: len(timed)], strict=True):
        payload = lines[number + 1 : following]
        if blocks:
            payload = payload[: payload.index("")] if "" in payload else payload
        elif following <= len(lines) and payload and payload[-1].strip().isdigit():
            payload.pop()  # the number of the next cue
        yield _Cue(_seconds(found.groups()[:4]), _seconds(found.groups()[4:]), payload)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")


def _turns(cues: Sequence[_Cue]) -> Iterator[Turn]:
    """Join the lines of the cues to turns, of one paragraph or, where a marked turn goes on after a pause, several.

    A turn that only a dash marks is no longer certain after a pause: who speaks then is not told.
    """
    first: _Line | None = None  # of the turn
    said: list[str] = []
    is_voiced = False
    for pause, line in _rolled_out(cues):
        paused = bool(said) and pause > _PAUSE and _ENDS.search(said[-1]) is not None
        if first and (line.fresh or line.voice != first.voice or (paused and not first.holds)):
            yield _turn(first, said, is_voiced=is_voiced)
            first = None
        if first is None:
            first, said = line, [line.text]
        else:
            said += ["\n\n" if paused else " ", line.text]
        is_voiced = is_voiced or line.voice is not None
    if first:
        yield _turn(first, said, is_voiced=is_voiced)


def _turn(first: _Line, said: Sequence[str], *, is_voiced: bool) -> Turn:
    """The turn that a line begins; once voices are named, one without is somebody else's."""
    is_labelled = first.voice is None and first.label is not None
    is_told = first.fresh or first.voice is not None or is_voiced
    return Turn(first.voice or first.label, "".join(said), is_told, is_labelled)


def _rolled_out(cues: Iterable[_Cue]) -> Iterator[tuple[float, _Line]]:
    """Yield each line once, with the silence before it: live captions show a line again while the next one comes up."""
    shown: list[_Line] = []
    waiting: tuple[float, _Line] | None = None
    last = _Cue(0.0, 0.0, [])
    before: list[_Line] = []
    end = 0.0
    for cue in cues:
        lines = list(_lines(cue))
        pause = cue.start - end
        if not lines:
            continue
        again = lines == before and _is_said_again(last, cue, pause, lines)
        old = _overlap(shown, lines) if shown and pause <= _NO_PAUSE and not again else 0
        grown = not old and waiting is not None and pause <= _NO_PAUSE and _grows(waiting[1].text, lines[0].text)
        for number, line in enumerate(lines[old:]):
            if waiting is not None and not (grown and not number):
                yield waiting
            silence = waiting[0] if waiting is not None and grown and not number else pause if not number else 0.0
            waiting = (silence, line)
        shown = [*shown, *lines[old:]][-len(lines) - 2 :] if old else lines
        last, before = cue, lines
        end = max(end, cue.end)
    if waiting is not None:
        yield waiting


def _is_said_again(last: _Cue, cue: _Cue, pause: float, lines: Sequence[_Line]) -> bool:
    """Tell whether a cue of the same words as the one before it is speech, and not the same caption shown on.

    It is after a gap; where the two touch, only if it is a call ("No." "No.") that is shown as long as captions are.
    """
    if pause >= _NO_GAP:
        return True
    is_call = len(lines) == 1 and len(lines[0].text.split()) <= _CALL and _ENDS.search(lines[0].text) is not None
    return is_call and pause > -_NO_GAP and min(last.end - last.start, cue.end - cue.start) >= _BRIEF


def _overlap(shown: Sequence[_Line], lines: Sequence[_Line]) -> int:
    """How many of the first lines are the last ones that were shown."""
    most = min(len(shown), len(lines), _ROLLED)
    return next((size for size in range(most, 0, -1) if shown[-size:] == lines[:size]), 0)


def _grows(before: str, line: str) -> bool:
    """Tell whether a line is the one before it with more words: captions that are written while somebody speaks."""
    return line.startswith(before) and line[len(before) : len(before) + 1] == " " and not _ENDS.search(before)


def _lines(cue: _Cue) -> Iterator[_Line]:
    """Yield the lines of a cue that hold anything, without their marks, cut where the voice changes."""
    voice: str | None = None
    for written in "\n".join(cue.lines).split("\n"):
        pieces = _VOICE.split(written)
        for number in range(0, len(pieces), 2):
            if number:
                voice = speaker(html.unescape(pieces[number - 1]))
            text = " ".join(html.unescape(_TAG.sub("", pieces[number])).replace("\u200b", "").split())
            mark = _NEW_SPEAKER.match(text)
            text = text[mark.end() :] if mark else text
            if text:
                yield _line(text, voice, mark[0].strip() if mark else "")


def _line(text: str, voice: str | None, mark: str) -> _Line:
    """A line with who it says begins to speak: "NAME:", and behind a mark also "Name:"."""
    capitals = _LABEL.match(text)
    found = capitals or (_NAME.match(text) if mark and len(text.partition(":")[0]) <= _LONGEST_NAME else None)
    label = speaker(text[: found.end()]) if found else None
    if label and (_NO_NAME.fullmatch(label) or (not capitals and is_ordinary(fold(label)))):
        label = None
    holds = voice is None and (label is not None or mark.startswith(">"))
    return _Line(text, voice, bool(mark or capitals), label, holds)
