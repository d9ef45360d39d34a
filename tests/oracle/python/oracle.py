"""What dateutil and zoneinfo make of windows by chance: `oracle.py SEED COUNT` writes a question a line, with its answer.

    {"kind", "call", "expected": {effect: {"active", "starts_at", "ends_at"}}, "differs": class or null}

An instant is {"at": seconds}, {"beyond": seconds} where nothing was found until then, or null where there is none.

dateutil gives the local times, without a zone; the zone is put to them by the contract's rule. Where the contract says
something else than dateutil, `expected` is the contract's and `differs` names the class.
"""
import itertools
import json
import random
import sys
from datetime import datetime, timedelta, timezone

from dateutil import rrule as dateutil

from clock import EPOCH
from rules import DAY_NAMES, DURATIONS, FREQS, window

ASKED = range(852_076_800, 2_145_916_800)  # 1997..2038
MANY, FAR = 1000, 8 * 366 * 86400  # so many occurrences to come, or so far away: no end is looked for beyond
REACH = dict(zip(FREQS, [12 * 366, 5 * 366, 2 * 366, 300, 40, 2, 0.1]))  # days after `near` that are looked at
SECOND = timedelta(seconds=1)


def main(seed, count):
    chance = random.Random(seed)
    written = 0
    while written < count:
        keys, zone, near = window(chance)
        parts = keys.pop("parts", None)
        try:
            found, plain, reasons = occurrences(keys, parts, zone, near)
        except ValueError:
            continue  # dateutil refuses what gives nothing
        for at in instants(chance, zone, near, by_effect(found, zone, "freeze"), parts):
            differs = None
            expected = {effect: answer(at, by_effect(found, zone, effect)) for effect in ("freeze", "allow")}
            if plain is not None and answer(at, by_effect(plain, zone, "freeze")) != expected["freeze"]:
                differs = "; ".join(reasons) or "unexplained"
            kind = parts["FREQ"] if parts else "weekly" if "days" in keys else "once"
            print(json.dumps({"kind": kind, "call": call(keys, at), "expected": expected, "differs": differs}))
            written += 1


def call(keys, at):
    return {
        "action": {"type": "windows", "at": rfc3339(at), "days": 1},
        "now": rfc3339(at),
        "environment": {"name": "prod", "tags": {}, "type": "K8S"},
        "policy": {"windows": [{"name": "w", "effect": "freeze", "environments": ["*"], **keys}]},
    }


def rfc3339(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instants(chance, zone, near, found, parts):
    begin = zone.first(near)
    span = int(REACH[parts["FREQ"]] * 43200) if parts else 40 * 86400
    near_by = [begin - 1, begin, begin + 1, begin + chance.randint(-span // 8, span)]
    some = chance.sample(found[0], min(2, len(found[0])))
    around = [at + chance.choice([-1, 0, 1]) for interval in some for at in interval]
    return [at for at in near_by + around if ASKED.start <= at < min(ASKED.stop, found[1] or ASKED.stop)]


def occurrences(keys, parts, zone, near):
    """`(spans, known until)` by the contract and by plain dateutil, and what they may differ for.

    A span is local: its begin, the time from which on its end is counted, and how many seconds later that is.
    """
    if parts is None:
        spans = [once(keys)] if "days" not in keys else list(weekly(keys, near))
        known = None if "days" not in keys else zone.first(near + timedelta(days=300))
        return ([(begin, end, 0) for begin, end in spans], known), None, []
    start, seconds = local(keys["dtstart"]), DURATIONS[keys["duration"]]
    horizon = near + timedelta(days=REACH[parts["FREQ"]])
    # A date adds a start at the time of the first one, and takes out all that start on it.
    added = {local(text) if "T" in text else datetime.combine(local(text), start.time()) for text in keys.get("rdates", [])}
    gone = {local(text) if "T" in text else local(text).date() for text in keys.get("exdates", [])}
    by_contract, plainly = recurring(parts, start, zone, horizon), plain(parts, start, zone, horizon)
    found = []
    for starts, known in (by_contract, plainly):
        left = {at for at in {*starts} | added if not {at, at.date()} & gone}
        all_starts = sorted(at for at in left if known is None or at < known)
        found.append(([(at, at, seconds) for at in all_starts], None if known is None else zone.first(known)))
    return *found, reasons(parts, start, plainly)


def by_effect(found, zone, effect):
    """`(intervals, known until)`: of two readings of a time in a gap the one that closes more."""
    spans, known = found
    begins, ends = (zone.first, zone.by_rfc) if effect == "freeze" else (zone.by_rfc, zone.first)
    return sorted((begins(begin), ends(end) + seconds) for begin, end, seconds in spans), known


def local(text):
    if text.endswith("T24:00"):
        return local(text[:10]) + timedelta(days=1)
    return datetime.fromisoformat(text)


def once(keys):
    return local(keys["from"]), local(keys["to"])


def weekly(keys, near):
    days = set()
    for entry in keys["days"]:
        first, _, last = entry.lower().partition("-")
        first, last = ([name[:3] for name in DAY_NAMES].index(name[:3]) for name in (first, last or first))
        days |= set(range(first, last + 1))
    begin, end = (timedelta(hours=int(text[:2]), minutes=int(text[3:])) for text in (keys["from"], keys["to"]))
    for day in range(-60, 300):
        day = datetime.combine(near.date(), datetime.min.time()) + timedelta(days=day)
        if day.weekday() in days:
            yield day + begin, day + end + timedelta(days=end <= begin)


def dateutil_rule(parts, start, leave_out=(), **more):
    """dateutil's rule of the parts, endless."""
    words = {"BYMONTH": "bymonth", "BYWEEKNO": "byweekno", "BYYEARDAY": "byyearday", "BYMONTHDAY": "bymonthday",
             "BYHOUR": "byhour", "BYMINUTE": "byminute", "BYSECOND": "bysecond", "BYSETPOS": "bysetpos"}
    by = {word: parts[part] for part, word in words.items() if part in parts and part not in leave_out}
    if "BYDAY" in parts:
        by["byweekday"] = [dateutil.weekday(day, number or None) for number, day in parts["BYDAY"]]
    by["interval"] = parts.get("INTERVAL", 1)
    by.update(more)
    return dateutil.rrule(FREQS.index(parts["FREQ"]), dtstart=start, wkst=week_start(parts), **by)


def week_start(parts):
    return ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(parts.get("WKST", "MO"))


def plain(parts, start, zone, horizon):
    """As dateutil alone has it."""
    return bounded(parts, dateutil_rule(parts, start), zone, horizon)


def recurring(parts, start, zone, horizon):
    """As the contract and RFC 5545 have it."""
    more, leave_out, keep = {}, (), lambda at: at >= start
    begin = start
    if "BYWEEKNO" in parts:
        # The week's number is counted here.
        leave_out, interval = ("BYWEEKNO",), parts.get("INTERVAL", 1)
        more["interval"] = 1
        if "BYDAY" not in parts:
            more["byweekday"] = range(7)
        of_week = lambda at: year_of_week(at, week_start(parts))
        keep = lambda at: (at >= start and (of_week(at) - of_week(start)) % interval == 0
                           and in_weeks(at, parts["BYWEEKNO"], week_start(parts)))
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # The positions are those of the whole week, also in the one that `dtstart` is in.
        begin = start - timedelta(days=(start.weekday() - week_start(parts)) % 7)
        if "BYDAY" not in parts:
            more["byweekday"] = start.weekday()
    mixed = is_mixed(parts)
    if mixed:
        # A day with a number and one without each mean what they mean alone; the positions are those among both.
        begin, leave_out = period_before(parts, start), (*leave_out, "BYSETPOS")
        merged = dateutil.rruleset()
        for days in mixed:
            merged.rrule(dateutil_rule({**parts, "BYDAY": days}, begin, leave_out, **more))
        if "BYSETPOS" in parts:
            merged = positioned(parts, merged)
    else:
        merged = dateutil_rule(parts, begin, leave_out, **more)
    # Always an occurrence, and the first that COUNT counts.
    others = (at for at in merged if keep(at) and at != start)
    starts, known = bounded(parts, itertools.chain([start], others), zone, horizon)
    return sorted({start, *starts}), known


def is_mixed(parts):
    days = parts.get("BYDAY", [])
    groups = [[day for day in days if day[0]], [day for day in days if not day[0]]]
    return groups if all(groups) else None


def period_before(parts, start):
    """A time in the period that the rule counts before the one of `start`."""
    if parts["FREQ"] == "YEARLY":
        return start.replace(year=start.year - parts.get("INTERVAL", 1), day=1)
    months = start.year * 12 + start.month - 1 - parts.get("INTERVAL", 1)
    return start.replace(year=months // 12, month=months % 12 + 1, day=1)


def positioned(parts, given):
    """Of the times of each year or month those at the positions."""
    for _, period in itertools.groupby(given, lambda at: (at.year, parts["FREQ"] == "YEARLY" or at.month)):
        period = list(period)
        chosen = {position - (position > 0) for position in parts["BYSETPOS"]}
        yield from sorted({period[at] for at in chosen if -len(period) <= at < len(period)})


def year_of_week(at, first_day):
    return (at.date() - timedelta(days=(at.weekday() - first_day) % 7) + timedelta(days=3)).year


def in_weeks(at, numbers, first_day):
    """The day lies in one of these weeks of the year that its week belongs to."""
    monday = at.date() - timedelta(days=(at.weekday() - first_day) % 7)
    year = year_of_week(at, first_day)

    def first_week(year):
        fourth = datetime(year, 1, 4).date()
        return fourth - timedelta(days=(fourth.weekday() - first_day) % 7)

    number = (monday - first_week(year)).days // 7 + 1
    weeks = (first_week(year + 1) - first_week(year)).days // 7
    return number in numbers or number - weeks - 1 in numbers


def bounded(parts, given, zone, horizon):
    """Up to COUNT and UNTIL; and up to where they are known, the horizon or less, if there may be more."""
    starts, until = [], parts.get("UNTIL")
    for at in given:
        if len(starts) == parts.get("COUNT"):
            return starts, None
        if until is not None and not (zone.first(at) <= (until - EPOCH) // SECOND if parts["is_utc"] else at <= until):
            return starts, None
        if at > horizon:
            return starts, horizon
        if len(starts) > 3 * MANY:
            return starts, at
        starts.append(at)
    return starts, None


def reasons(parts, start, plainly):
    known = []
    if start not in plainly[0][:1]:
        known.append("dateutil gives dtstart only if the rule does")
    if "BYWEEKNO" in parts and parts.get("INTERVAL", 1) > 1:
        known.append("dateutil counts the years of days, where a BYWEEKNO has an interval; here those of the weeks")
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        known.append("dateutil counts BYSETPOS from dtstart in the first week")
    if is_mixed(parts):
        known.append("dateutil wants a day both with its number and among those without")
    return known


def answer(at, found):
    """What holds at the instant, with its last start so far, or what comes next; by brute force."""
    intervals, known = found
    none = None if known is None else {"beyond": known}
    begun = None
    for begin, end in intervals:
        if begin >= end or end <= at:
            continue
        if begun is None:
            active, begun, last, count = begin <= at, begin, end, 0
            continue
        if begin > last:
            return said(active, begun, {"at": last})
        if begin <= at:
            begun = begin
        else:
            count += 1
        last = max(last, end)
        if count > MANY or last > at + FAR:
            return said(active, begun, {"beyond": last})
    if begun is None:
        return {"active": False, "starts_at": none, "ends_at": none}
    return said(active, begun, {"at": last} if known is None or last < known else {"beyond": last})


def said(active, begun, end):
    return {"active": active, "starts_at": {"at": begun}, "ends_at": end}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
