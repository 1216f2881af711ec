"""Which time a sentence speaks of: days, months, years, seasons, ranges, and words like "last year".

`almanac` knows the calendar, `calendar`, `relative`, `occasions` and `moments` read one expression each in their way
(`grammar` has what they share), and `period` what stands around it. Pure. No library of dates reads them: the common
ones fill in from today's date what a text does not say, which is a guess.
"""

from tracker.periods.almanac import Days
from tracker.periods.period import Bound, Period, periods

__all__ = ["Bound", "Days", "Period", "periods"]
