"""Windows by chance: their keys as the policy has them, and what the oracle needs to know of them."""
from datetime import datetime, timedelta

from clock import EPOCH, ZONES, clock

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FREQS = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
STEP = {"WEEKLY": timedelta(weeks=1), "DAILY": timedelta(days=1), "HOURLY": timedelta(hours=1),
        "MINUTELY": timedelta(minutes=1), "SECONDLY": timedelta(seconds=1)}
DURATIONS = {"PT1S": 1, "PT30S": 30, "PT1M": 60, "PT45M": 2700, "PT1H": 3600, "PT2H": 7200, "PT8H30M": 30600,
             "P1D": 86400, "P1DT12H": 129600, "P3D": 259200, "P1W": 604800}


def window(chance):
    """`(keys, zone, kind)`: a window without its name, effect and environments."""
    zone = clock(chance.choice(ZONES))
    if zone.changes and chance.random() < 0.7:
        near = zone.shown(chance.choice(zone.changes)) + timedelta(minutes=15 * chance.randint(-16, 16))
    else:
        near = datetime(2000, 1, 1) + timedelta(minutes=15 * chance.randint(0, 37 * 365 * 96))
    near = min(max(near, datetime(2000, 1, 1)), datetime(2036, 12, 31)).replace(second=0)
    kind = chance.choice(["rrule"] * 8 + ["weekly", "once"])
    keys = {"rrule": recurring, "weekly": weekly, "once": once}[kind](chance, near, zone)
    return {"timezone": zone.name, **keys}, zone, near


def once(chance, near, _zone):
    begin = near
    end = near + timedelta(minutes=15 * chance.choice([1, 4, 8, 96, chance.randint(1, 2000)]))
    return {"from": text(chance, begin), "to": text(chance, end)}


def text(chance, local):
    """A local time in one of its forms."""
    if local.time() == datetime.min.time() and chance.random() < 0.4:
        return str(local.date()) if chance.random() < 0.7 else f"{local.date() - timedelta(days=1)}T24:00"
    return local.isoformat(timespec=chance.choice(["minutes", "seconds"]))


def weekly(chance, near, _zone):
    day = near.weekday()
    days = [DAY_NAMES[day][:3]]
    if chance.random() < 0.3:
        first, last = chance.randint(0, day), chance.randint(day, 6)
        days = [f"{DAY_NAMES[first][:3]}-{DAY_NAMES[last][:chance.choice([3, 9])]}"]
    for other in chance.sample(DAY_NAMES, chance.choice([0, 0, 1, 2])):
        days.append(chance.choice([other, other[:3], other.upper(), other[:3].title()]))
    end = near + timedelta(minutes=15 * chance.randint(1, 96))
    end = "24:00" if end.time() == datetime.min.time() and chance.random() < 0.7 else f"{end:%H:%M}"
    return {"days": days, "from": f"{near:%H:%M}", "to": end}


def recurring(chance, near, zone):
    freq = chance.choice(FREQS)
    parts = {"FREQ": freq}
    interval = chance.choice([1, 1, 1, 2, 3, 4, 5, 7, 12, 15, 18, 40])
    if interval > 1 or chance.random() < 0.1:
        parts["INTERVAL"] = interval
    by(chance, parts, near)
    if chance.random() < 0.3:
        parts["WKST"] = chance.choice(DAYS)
    start = chance.choice([near, earlier(chance, freq, interval, near)])
    if chance.random() < 0.15:
        # A time of day that the rule gives to `near` alone.
        start = start.replace(minute=chance.choice([0, 30, 59]))
    end = chance.random()
    if end < 0.3:
        parts["COUNT"] = chance.choice([1, 2, 3, 10, 30])
    elif end < 0.6:
        parts["UNTIL"] = near + chance.choice([timedelta(0), timedelta(days=chance.randint(0, 90)), timedelta(hours=1)])
        parts["is_utc"] = chance.random() < 0.5
        if parts["is_utc"]:
            parts["UNTIL"] = EPOCH + timedelta(seconds=zone.first(parts["UNTIL"]))
    keys = {"dtstart": text(chance, start), "rrule": spelled(chance, parts), "duration": chance.choice(list(DURATIONS))}
    around = [start, near] + [near + timedelta(minutes=15 * chance.randint(-400, 400)) for _ in range(3)]
    for name in ["exdates", "rdates"]:
        if chance.random() < 0.25:
            # A second's rule has more starts on a date than may be taken out.
            whole = 0 if freq == "SECONDLY" else 0.3
            keys[name] = [str(local.date()) if chance.random() < whole else local.isoformat()
                          for local in chance.sample(around, chance.randint(1, 3))]
    return {**keys, "parts": parts}


def earlier(chance, freq, interval, near):
    """Some intervals before, so that the rule gives `near`."""
    if freq in STEP:
        return near - STEP[freq] * interval * chance.randint(0, 40)
    if freq == "YEARLY":
        return near.replace(year=near.year - interval * chance.choice([0, 1]), day=min(near.day, 28))
    months = near.year * 12 + near.month - 1 - interval * chance.randint(0, 4)
    return near.replace(year=months // 12, month=months % 12 + 1, day=min(near.day, 28))


def by(chance, parts, near):
    """The BYxxx parts that RFC 5545 allows with the frequency; `near` is in each."""
    freq = parts["FREQ"]
    is_long, rarely = freq in ("YEARLY", "MONTHLY"), lambda share: chance.random() < share

    def some(value, low, high, share=0.4):
        others = [chance.randint(low, high) for _ in range(chance.choice([0, 0, 1, 2]))] if rarely(share) else []
        return sorted({value, *others} - {0})

    if rarely(0.25):
        parts["BYMONTH"] = some(near.month, 1, 12)
    if freq == "YEARLY" and rarely(0.2):
        parts["BYWEEKNO"] = some(near.isocalendar().week, -53, 53)
    if freq not in ("DAILY", "WEEKLY", "MONTHLY") and rarely(0.12):
        parts["BYYEARDAY"] = some(near.timetuple().tm_yday, -366, 366)
    if freq != "WEEKLY" and rarely(0.3):
        parts["BYMONTHDAY"] = some(near.day, -31, 31, 0.7)
        if freq == "YEARLY" and not {"BYMONTH", "BYWEEKNO", "BYYEARDAY"} & parts.keys():
            # Without a month a policy is an error: one month may be meant, or each.
            parts["BYMONTH"] = some(near.month, 1, 12)
    if rarely(0.45):
        days = {near.weekday(), *(chance.randrange(7) for _ in range(chance.choice([0, 1, 2, 4])))}
        numbers = is_long and "BYWEEKNO" not in parts and rarely(0.5)
        in_month = freq == "MONTHLY" or "BYMONTH" in parts
        number = (near.day - 1) // 7 + 1 if in_month else (near.timetuple().tm_yday - 1) // 7 + 1
        # Of a year without a month, the first five are an error in a policy: a month's may be meant.
        numbers = numbers and (in_month or number > 5)
        parts["BYDAY"] = [(number if numbers else 0, near.weekday())]
        for day in sorted(days - {near.weekday()}):
            others = [0, -1, 1, chance.randint(1, 5)] if in_month else [0, -6, 6, chance.randint(6, 53)]
            parts["BYDAY"].append((chance.choice(others) if numbers else 0, day))
    if "BYWEEKNO" in parts and not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & parts.keys():
        # Without a day a policy is an error: one day of the week may be meant, or each.
        parts["BYDAY"] = [(0, near.weekday())]
    for part, value, high in [("BYHOUR", near.hour, 23), ("BYMINUTE", near.minute, 59), ("BYSECOND", 0, 59)]:
        if rarely(0.15):
            others = [chance.randint(0, high) for _ in range(chance.choice([0, 0, 1, 2, 3]))]
            parts[part] = sorted({value, *others})
    size = 1
    for part, finest in [("BYHOUR", "DAILY"), ("BYMINUTE", "HOURLY"), ("BYSECOND", "MINUTELY")]:
        if FREQS.index(freq) <= FREQS.index(finest):
            size *= len(parts.get(part, [0]))
    size *= len(parts.get("BYDAY", [0])) if freq == "WEEKLY" or is_long else 1
    if any(part.startswith("BY") for part in parts) and "BYWEEKNO" not in parts and rarely(0.2):
        position = chance.randint(1, min(size, 366))
        parts["BYSETPOS"] = sorted(chance.sample([position, -position, 1, -1], chance.choice([1, 1, 2])))


def spelled(chance, parts):
    """The rule's text; its parts may come in any order, FREQ first."""
    spelled_parts = []
    for part, value in parts.items():
        if part == "UNTIL":
            value = f"{value:%Y%m%dT%H%M%S}" + ("Z" if parts["is_utc"] else "")
        elif part == "BYDAY":
            value = ",".join((str(number) if number else "") + DAYS[day] for number, day in value)
        elif isinstance(value, list):
            value = ",".join(map(str, value))
        if part != "is_utc":
            spelled_parts.append(f"{part}={value}")
    others = spelled_parts[1:]
    chance.shuffle(others)
    return ";".join([spelled_parts[0], *others])
