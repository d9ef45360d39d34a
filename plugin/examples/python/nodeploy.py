"""nodeploy in your own program: the plugin decides, this does what it asks for.

  python nodeploy.py nodeploy.wasm prod-aws '{"type": "assert"}' [nodeploy.yaml]

Exit code 0: deploy; 1: do not; 2: could not tell, so do not.
"""

import codecs
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from policy import policy_for

ROUNDS = 8
LIMIT = 120  # seconds for a whole run: what is under way then is ended, and it is exit code 2
NO_KOSLI = "there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH"
# None of the variables that could change what the CLI does.
KEPT = ["PATH", "HOME", "HTTPS_PROXY", "NO_PROXY", "KOSLI_HOST", "KOSLI_ORG", "KOSLI_API_TOKEN"]


def load(module, memory_pages=4096, timeout_ms=10_000):
    """The plugin, loaded once and asked often, by any thread; what one call may use, in pages of 64 KB and in milliseconds."""
    import extism  # here, where a missing SDK is exit code 2

    manifest = {
        "wasm": [{"data": Path(module).read_bytes()}],
        "memory": {"max_pages": memory_pages},
        "timeout_ms": timeout_ms,
    }
    return Plugin(extism.Plugin(manifest))


class Plugin:
    """One call after the other: of two at once extism gives the one the answer of the other."""

    def __init__(self, plugin):
        self.plugin = plugin
        self.turn = threading.Lock()

    def call(self, function, call):
        with self.turn:
            return self.plugin.call(function, call)


def ask(plugin, function, call):
    """`observe` or `plan`. The action and the policy go in as they were written: what json.loads hides, such as a key
    given twice, the core refuses."""
    rest = json.dumps({key: call[key] for key in ("now", "environment", "observed")})
    text = f'{{"action": {call["action"]}, "policy": {call["policy"]}, {rest[1:]}'
    return json.loads(plugin.call(function, text.encode()))


def carry_out(plugin, environment, action, policy="null", stopped=threading.Event()):
    """Looks, decides, writes and looks again, until nothing is left to do. Returns the decision."""
    call = {"action": action, "policy": policy, "environment": environment}
    done = []
    first = None
    end = time.monotonic() + LIMIT

    def over():
        if stopped.is_set():
            return "stopped"
        return f"gave up after {LIMIT} s" if time.monotonic() >= end else None

    def rest(seconds):
        stopped.wait(max(0, min(seconds, end - time.monotonic())))

    def fail(what):
        told = f"done: {', '.join(done) or 'nothing'}\nto finish, run it with: {call['action']}"
        print(f"error: {what}\n{told}", file=sys.stderr)
        return "error"

    for round_ in range(1, ROUNDS + 1):
        if round_ > 2:
            rest(0.2 + 0.4 * random.random())  # someone else may be at it too
        call["now"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        call["observed"] = {}
        while reads := ask(plugin, "observe", call):
            with ThreadPoolExecutor(len(reads)) as pool:
                looks = {read["as"]: pool.submit(kosli, read, over) for read in reads}
                while wait(looks.values(), timeout=0.05).not_done:
                    pass  # a signal that another thread caught is handled here, between two waits
                call["observed"].update((name, look.result()) for name, look in looks.items())
        answer = ask(plugin, "plan", call)
        if over():
            return fail(over())
        first = first or answer
        if not answer["commands"] and not answer["pause"]:
            # What was asked for is in the first answer; where one of them does not proceed, the last one is the news.
            say(first if first["decision"] == answer["decision"] == "proceed" else answer)
            return answer["decision"]
        call["action"] = json.dumps(answer["action"])  # the same intent, now naming its freezes
        is_unwritten = False
        for command in answer["commands"]:
            if over():
                return fail(over())
            result = kosli(command, lambda: time.monotonic() >= end)  # Ctrl-C leaves it to its end
            if result.get("exit_code") == 0:
                done.append(command["type"])
            elif command.get("optional"):  # it only tells of the refusal, which stands
                print(f"warning: {command['type']} failed: {json.dumps(result)}", file=sys.stderr)
                is_unwritten = True
            else:
                return fail(f"{command['type']} failed: {json.dumps(result)}")
        if is_unwritten:
            say(answer)
            return answer["decision"]
        rest(answer["pause"] or 0)  # Kosli may show a rival's claim late
        if over():
            return fail(over())
    return fail(f"not settled after {ROUNDS} rounds")


def say(answer):
    """These texts are printable; those in `freezes` are as Kosli has them."""
    for text in [answer["summary"], answer["advice"], *(warning["text"] for warning in answer["warnings"])]:
        if text:
            print(text)


def kosli(item, is_over):
    """Runs a read or a command with the kosli CLI, until it is over; never a shell."""
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    if item.get("type") == "attest":
        env["KOSLI_MAX_API_RETRIES"] = "0"  # attestations add up
    try:
        argv = [argument.encode() for argument in item["argv"]]
        pipe = subprocess.PIPE
        with subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as running:
            stdout, stderr = output_of(running, is_over)
        if running.returncode < 0:
            return {"error": f"kosli was ended by signal {-running.returncode}"}
        return {"exit_code": running.returncode, "stdout": stdout.decode(), "stderr": stderr.decode()}
    except FileNotFoundError:
        return {"error": NO_KOSLI}
    except (OSError, ValueError) as error:  # a ValueError: not UTF-8
        return {"error": str(error)}


def output_of(running, is_over):
    while True:
        try:
            return running.communicate(timeout=0.05)
        except subprocess.TimeoutExpired:
            if is_over():
                running.kill()
                raise TimeoutError("kosli was stopped, or did not finish in time") from None


def stop_on_signals():
    """Ctrl-C stops between two commands; the second one ends it at once."""
    stopped = threading.Event()

    def stop(number, _frame):
        signal.signal(number, signal.SIG_DFL)
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped


def main():
    decision = "error"
    try:
        stopped = stop_on_signals()
        for encoding in (sys.getfilesystemencoding(), sys.stdout.encoding):
            if codecs.lookup(encoding).name != "utf-8":
                raise ValueError(f"the locale's encoding is {encoding}; start Python with PYTHONUTF8=1")
        if len(sys.argv) not in (4, 5):
            raise ValueError("usage: nodeploy.py MODULE ENVIRONMENT ACTION [POLICY]")
        module, environment, action, *file = sys.argv[1:]
        policy = policy_for(read(action), *file)
        decision = carry_out(load(module), environment, action, policy, stopped)
    except Exception as error:  # an error never lets a deployment through
        decision = "error"
        with contextlib.suppress(OSError):  # a full disk
            print(f"error: {error}", file=sys.stderr)
    leave({"proceed": 0, "refuse": 1}.get(decision, 2))


def read(action):
    """One JSON value, which goes on as it is."""
    try:
        return json.loads(action)
    except ValueError as error:
        raise ValueError(f'the action is not JSON such as {{"type": "assert"}}: {error}') from None


def leave(code):
    """Ends with this code, or with 2 where it was not heard: Python's own end would have another code for that."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = 2
    os._exit(code)


if __name__ == "__main__":
    main()
