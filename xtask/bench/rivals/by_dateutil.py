"""The question of rivals.mjs, asked of python-dateutil: `by_dateutil.py CALL`, where CALL is a file."""

import json
import re
import statistics
import sys
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

ROUNDS = 5


def ask(windows, at):
    active, changes = [], []
    for window in windows:
        zone = ZoneInfo(window["timezone"])
        # dateutil wants floating times: it adds days to what it is given, whatever the clock does.
        rule = re.sub("(UNTIL=[0-9T]+)Z", r"\1", window["rrule"])
        starts = rrulestr(rule, dtstart=datetime.fromisoformat(window["dtstart"]))
        lasts = timedelta(minutes=int(window["duration"][2:-1]))
        now = at.astimezone(zone).replace(tzinfo=None)
        last = starts.before(now, inc=True)
        ends = last and last.replace(tzinfo=zone).astimezone(timezone.utc) + lasts
        if ends and ends > at:
            active.append(window["name"])
            changes.append(ends)
        elif (begins := starts.after(now)) is not None:
            changes.append(begins.replace(tzinfo=zone).astimezone(timezone.utc))
    return active, min(changes)


with open(sys.argv[1], encoding="utf-8") as file:
    call = json.load(file)
windows = call["policy"]["windows"]
at = datetime.fromisoformat(call["now"].replace("Z", "+00:00"))
times = []
for _ in range(ROUNDS):
    begun = time.perf_counter()
    active, changes = ask(windows, at)
    times.append((time.perf_counter() - begun) * 1000)
print(json.dumps({"milliseconds": statistics.median(times), "active": active, "changes": changes.timestamp() * 1000}))
