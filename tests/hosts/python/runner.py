"""Runs a script of calls through the plugin in the Python host; ../README.md says what a script is."""

import base64
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "plugin" / "examples" / "python"))
import nodeploy

module, script, output, pages, milliseconds, _fuel = sys.argv[1:]
plugin = nodeploy.load(module, int(pages), int(milliseconds))
lines = Path(script).read_text().splitlines()
times = []
with open(output, "wb") as out:
    for line in lines:
        if line.startswith("again "):
            line = lines[int(line.removeprefix("again ")) - 1]
        function, argument = line.split(" ")
        call = Path(argument[1:]).read_bytes() if argument.startswith("@") else base64.b64decode(argument)
        begun = time.perf_counter_ns()
        try:
            answer = b"=" + bytes(plugin.call(function, call))
        except Exception as error:
            answer = b"!" + str(error).replace("\n", " ").encode()
        times.append(time.perf_counter_ns() - begun)
        out.write(answer + b"\n")
print(sorted(times)[len(times) // 2] // 1000)
