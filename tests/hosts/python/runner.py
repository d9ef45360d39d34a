"""Runs a script of calls through the plugin in the Python host; ../README.md says what a script is."""

import base64
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "plugin" / "examples" / "python"))
import nodeploy

module, script, output, pages, milliseconds, _fuel, *threads = sys.argv[1:]
plugin = nodeploy.load(module, int(pages), int(milliseconds))
lines = Path(script).read_text().splitlines()
times = []


def answer(line):
    if line.startswith("again "):
        line = lines[int(line.removeprefix("again ")) - 1]
    function, argument = line.split(" ")
    call = Path(argument[1:]).read_bytes() if argument.startswith("@") else base64.b64decode(argument)
    begun = time.perf_counter_ns()
    try:
        return b"=" + bytes(plugin.call(function, call))
    except Exception as error:
        return b"!" + str(error).replace("\n", " ").encode()
    finally:
        times.append(time.perf_counter_ns() - begun)


with open(output, "wb") as out:
    for each in ThreadPoolExecutor(int(threads[0])).map(answer, lines) if threads else map(answer, lines):
        out.write(each + b"\n")
print(sorted(times)[len(times) // 2] // 1000)
