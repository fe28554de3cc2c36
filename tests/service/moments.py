"""Where what the program counts by the clock begins anew: a test that stood on both sides would see two counts.
And where the machine stood still, and what has a second to be done in was late through no fault of who does it.

    statuses = within_one(QUARTER_S, guess)     all of it within one quarter of an hour
    adults = within_one(HOUR_S, declare)        and within one day, and one year, wherever days begin with an hour
    assert unless_late(0.5, stays)              said again where half a second passed between two beats of `stays`
    NOON                                        a time zone, whose midnights are far from now
"""

import itertools
import time

QUARTER_S, HOUR_S, DAY_S = 900, 3600, 86400

# It is from 12 to 13 o'clock there as the tests begin.
NOON_AHEAD_S = (12 - time.gmtime().tm_hour) * HOUR_S
NOON = f"Etc/GMT{-NOON_AHEAD_S // HOUR_S:+d}"  # POSIX counts to the west


def within_one(length_s, act):
    """What `act` gives, which is for somebody whom nobody counted before: once more, if one of the clock's spans of so
    many seconds has ended meanwhile."""
    while True:
        begun = time.time() // length_s
        given = act()
        if time.time() // length_s == begun:
            return given


def unless_late(limit_s, act):
    """Whether `act(beat)` holds; once more if it doesn't, and more time than that went by from its begin, or a beat, to
    the next, or to its end."""
    while True:
        beats = [time.monotonic()]
        given = act(lambda beats=beats: beats.append(time.monotonic()))
        beats.append(time.monotonic())
        if given or max(after - before for before, after in itertools.pairwise(beats)) <= limit_s:
            return given
