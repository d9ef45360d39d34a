"""The policy (freeze windows) in JSON or YAML, as nodeploy's command line takes it, with the calendars that it names."""

import json
import os
import sys
from pathlib import Path

NAMES = ["nodeploy.yaml", "nodeploy.yml", "nodeploy.json"]


def policy_for(action, named=None):
    """The policy of a call, as JSON, which it names on stderr. `on` and `off` do not use it: they work even
    if it is broken."""
    if isinstance(action, dict) and action.get("type") in ("on", "off"):
        return "null"
    file = (os.environ.get("NODEPLOY_POLICY") or in_folder()) if named is None else named
    print(f"policy: {file or 'none'}", file=sys.stderr)
    return json.dumps(read_policy(file)) if file else "null"


def in_folder():
    """A policy that is there but cannot be read is an error: a gate must not ignore it."""
    found = [name for name in NAMES if os.path.lexists(name)]
    if len(found) > 1:
        raise ValueError(f"there are {' and '.join(found)}; name the policy that holds")
    return found[0] if found else None


def read_policy(file):
    text = Path(file).read_text(encoding="utf-8-sig")
    policy = json.loads(text, object_pairs_hook=once) if file.lower().endswith(".json") else from_yaml(text)
    if not isinstance(policy, dict) or not isinstance(policy.get("windows"), list):
        raise ValueError(f"{file}: a policy is an object with a `windows` list")
    refuse_blanks(policy, file)
    for window in filter(lambda window: isinstance(window, dict), policy["windows"]):
        if isinstance(window.get("calendar"), str):
            window["calendar"] = inside(Path(file).parent, window["calendar"]).read_text(encoding="utf-8-sig")
    return policy


def refuse_blanks(value, file, key="windows"):
    """To the core what has no value would look left out."""
    if value is None:
        raise ValueError(f"{file}: `{key}` has no value")
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            refuse_blanks(inner, file, inner_key)
    if isinstance(value, list):
        for inner in value:
            refuse_blanks(inner, file, key)


def inside(folder, name):
    """A change to the policy must not make this process read its own variables, or anyone's keys."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"the calendar {name} leads out of the policy's folder")
    return path


def once(pairs):
    """An object; `json` alone would keep the last of two equal keys."""
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"`{key}` is given twice")
    return dict(pairs)


def from_yaml(text):
    """YAML 1.2: `16:00` and `on` are texts, and a key given twice is an error."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    # YAML 1.2 has no type for `2026-12-24`: the core reads it as it was written.
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    for event in yaml.parse(text):
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise ValueError(f"line {event.start_mark.line + 1}: `{tag}` is a tag, and a policy has none")
        if getattr(event, "value", None) == "<<" and event.style is None:
            raise ValueError(f"line {event.start_mark.line + 1}: YAML 1.2 has no merge key `<<`; write out what it stands for")
    return yaml.load(text)
