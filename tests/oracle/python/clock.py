"""A zone's wall clock, as zoneinfo with the pinned tzdata knows it, and when a local time happens on it."""
import bisect
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
BEGIN, END = 820_454_400, 2_500_000_000  # 1996..2049, with room for what reaches out of the years asked for
STEP = 3 * 3600
LONG = 2 * 86400  # more than any clock was ever put forward or back

ZONES = [
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Dublin", "Europe/Chisinau", "America/New_York",
    "America/St_Johns", "America/Vancouver", "America/Sao_Paulo", "America/Santiago", "America/Havana",
    "America/Caracas", "Africa/Cairo", "Africa/Casablanca", "Asia/Gaza", "Asia/Kathmandu", "Asia/Tehran",
    "Asia/Pyongyang", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Antarctica/Troll",
]


class Clock:
    def __init__(self, name):
        self.name = name
        self.zone = ZoneInfo(name)
        self.since = [BEGIN]
        self.offsets = [self._offset(BEGIN)]
        for seen in range(BEGIN, END, STEP):
            same, changed = seen, seen + STEP
            after = self._offset(changed)
            if after == self.offsets[-1]:
                continue
            while changed - same > 1:
                middle = (same + changed) // 2
                if self._offset(middle) == self.offsets[-1]:
                    same = middle
                else:
                    changed = middle
            self.since.append(changed)
            self.offsets.append(after)

    def _offset(self, at):
        return int(datetime.fromtimestamp(at, timezone.utc).astimezone(self.zone).utcoffset().total_seconds())

    def shown(self, at):
        """What the wall clock shows at an instant."""
        return EPOCH + timedelta(seconds=at + self.offsets[bisect.bisect_right(self.since, at) - 1])

    def first(self, local):
        """The first instant at which the wall clock shows `local` or a later time."""
        local = (local - EPOCH) // timedelta(seconds=1)
        for span in range(max(bisect.bisect_left(self.since, local - LONG) - 1, 0), len(self.since)):
            at = max(self.since[span], local - self.offsets[span])
            if span + 1 == len(self.since) or at < self.since[span + 1]:
                return at

    def by_rfc(self, local):
        """The same, but a time that the clock skips is one by the offset before the gap (RFC 5545, 3.3.5)."""
        seconds, first = (local - EPOCH) // timedelta(seconds=1), self.first(local)
        span = bisect.bisect_right(self.since, first) - 1
        is_skipped = first == self.since[span] and self.shown(first) > local
        return seconds - self.offsets[span - 1] if is_skipped else first

    @property
    def changes(self):
        return self.since[1:]


@cache
def clock(name):
    return Clock(name)
