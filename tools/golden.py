#!/usr/bin/env python3
"""Runs the transcripts of tests/golden/ (and those in Markdown pages) and compares what rigor prints.

usage: tools/golden.py [--rigor PROGRAM] FILE…     exit 0 all as written, 1 a difference (shown), 77 skipped

A transcript is read line by line; the first character says what a line is:

    # text             a remark
    # file NAME        the lines below that start with "|" are written to $TMP/NAME
    # directory NAME   an empty directory $TMP/NAME
    # unreadable NAME  takes all rights from $TMP/NAME (as root the commands then run as nobody)
    $ rigor WORDS      runs in the root of the repository; quotes as in a shell; $TMP is a fresh directory
    > text             one line of standard output
    ! text             one line of standard error
    = FILE             standard output is that file of the repository, byte for byte
    exit N             closes the command: its exit code

An expected line that is only "…" stands for any number of lines, "…" within a line for any text. In a Markdown page a transcript is a block
```console whose first line starts with "$ rigor": output stands there as a terminal shows it (standard output,
then standard error), and exit 0 is left out. The environment is fixed: LC_ALL=C, NO_COLOR, HOME and the XDG
folders below $TMP. Paths and the version are normalised to $TMP, $ROOT and $VERSION.
"""
import argparse
import dataclasses
import difflib
import os
import pathlib
import pwd
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_PROGRAM = ROOT / "build" / "dev" / "rigor"
ANY = "…"
NO_NEWLINE = "(no newline at the end)"
SKIPPED = 77
LONGEST_RUN_S = 120
KEPT_VARIABLES = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS")


class BadTranscript(Exception):
    """The transcript itself is wrong; the message names the line."""


class Skip(Exception):
    """This transcript cannot be run here; the message says why."""


@dataclasses.dataclass
class Command:
    """One command and what it should print. `same_as` replaces `out` when set."""
    line: str
    number: int
    out: list = dataclasses.field(default_factory=list)
    err: list = dataclasses.field(default_factory=list)
    exit: int = 0
    same_as: str = ""
    closed: bool = False


@dataclasses.dataclass
class Transcript:
    """Items are raw lines (kept as they are) and commands, in the order of the file."""
    path: pathlib.Path
    items: list
    files: dict = dataclasses.field(default_factory=dict)
    directories: list = dataclasses.field(default_factory=list)
    unreadable: list = dataclasses.field(default_factory=list)

    @property
    def commands(self):
        return [item for item in self.items if isinstance(item, Command)]


def read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    transcript = read_markdown(path, lines) if path.suffix == ".md" else read_text(path, lines)
    if not transcript.commands:
        raise BadTranscript(f"{path}: no \"$ rigor\" line")
    return transcript


def read_text(path, lines):
    transcript = Transcript(path, [])
    block = None  # the lines of the "# file" block above
    for number, line in enumerate(lines, 1):
        word = line.split(" ", 1)[0]
        if word in {">", "!", "=", "exit"}:
            take_expectation(transcript, word, line, number)
            continue
        transcript.items.append(Command(line[2:], number) if word == "$" else line)
        if word == "|":
            if block is None:
                raise BadTranscript(f"{path}:{number}: \"|\" outside a \"# file\" block")
            block.append(line[2:])
            continue
        block = directive(transcript, line) if word == "#" else None
        if word not in {"$", "#", ""}:
            raise BadTranscript(f"{path}:{number}: a line starts with one of # | $ > ! = exit")
    for command in transcript.commands:
        if not command.closed:
            raise BadTranscript(f"{path}:{command.number}: no \"exit N\" after this command")
    return transcript


def directive(transcript, line):
    """Notes a fixture; gives the list that collects the lines of a file."""
    words = line.split()
    if len(words) != 3 or words[1] not in {"file", "directory", "unreadable"}:
        return None
    if words[1] == "file":
        return transcript.files.setdefault(words[2], [])
    (transcript.directories if words[1] == "directory" else transcript.unreadable).append(words[2])
    return None


def take_expectation(transcript, word, line, number):
    command = transcript.items[-1] if transcript.items else None
    if not isinstance(command, Command) or command.closed:
        raise BadTranscript(f"{transcript.path}:{number}: \"{word}\" without a command above it")
    rest = line[len(word) + 1:]
    if word == "exit":
        command.exit, command.closed = int(rest), True
    elif word == "=":
        command.same_as = rest
    else:
        (command.out if word == ">" else command.err).append(rest)


def read_markdown(path, lines):
    transcript = Transcript(path, [])
    command, inside = None, False
    for number, line in enumerate(lines, 1):
        starts = line == "```console" and number < len(lines) and lines[number].startswith("$ rigor ")
        if inside and line == "```":
            command, inside = None, False
        elif inside and line.startswith("$ "):
            command = Command(line[2:], number)
            transcript.items.append(command)
            continue
        elif inside:
            code = re.fullmatch(r"exit (\d+)", line)
            if code:
                command.exit = int(code.group(1))
            else:
                command.out.append(line)
            continue
        inside = inside or starts
        transcript.items.append(line)
    return transcript


def render(transcript):
    """The text of the file, as `read` reads it back."""
    lines = []
    for item in transcript.items:
        if not isinstance(item, Command):
            lines.append(item)
        elif transcript.path.suffix == ".md":
            lines += [f"$ {item.line}", *item.out] + ([f"exit {item.exit}"] if item.exit else [])
        else:
            lines += describe(item)
    return "\n".join(lines) + "\n"


def describe(command):
    shown = [f"= {command.same_as}"] if command.same_as else [f"> {line}".rstrip(" ") if not line else f"> {line}"
                                                              for line in command.out]
    errors = [f"! {line}" if line else "!" for line in command.err]
    return [f"$ {command.line}", *shown, *errors, f"exit {command.exit}"]


class Stage:
    """A fresh $TMP with the transcript's fixtures, and the fixed environment its commands run in."""

    def __init__(self, transcript, program, folder):
        self.program, self.folder, self.user = str(program), str(folder), None
        os.chmod(folder, 0o755)
        for name in ["home", *transcript.directories]:
            pathlib.Path(folder, name).mkdir(parents=True, exist_ok=True)
        for name, lines in transcript.files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        for name in transcript.unreadable:
            os.chmod(pathlib.Path(folder, name), 0)
        if transcript.unreadable and os.getuid() == 0:
            self.become_nobody()
        home = f"{folder}/home"
        self.environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        self.environment |= {"HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_CACHE_HOME": f"{home}/cache",
                             "XDG_DATA_HOME": f"{home}/data", "NO_COLOR": "1", "LC_ALL": "C", "TZ": "UTC"}

    def become_nobody(self):
        try:
            self.user = pwd.getpwnam("nobody").pw_uid
            subprocess.run([self.program, "--version"], cwd=ROOT, user=self.user, group=self.user, capture_output=True,
                           check=True)
        except (KeyError, OSError, subprocess.SubprocessError) as problem:
            raise Skip("root can read everything, and nobody cannot run the program here") from problem

    def run(self, command):
        """The command as it went: the same fields, filled with what really happened."""
        words = shlex.split(command.line.replace("$TMP", self.folder).replace("$ROOT", str(ROOT)))
        if not words or words[0] != "rigor":
            raise BadTranscript(f"line {command.number}: only rigor can be run, not \"{command.line}\"")
        identity = {} if self.user is None else {"user": self.user, "group": self.user}
        done = subprocess.run([self.program, *words[1:]], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=LONGEST_RUN_S, check=False, **identity)
        return Command(command.line, command.number, self.lines(done.stdout), self.lines(done.stderr), done.returncode,
                       command.same_as, True)

    def lines(self, output):
        text = output.decode("utf-8", "backslashreplace")
        text = text.replace(self.folder, "$TMP").replace(str(ROOT), "$ROOT")
        text = re.sub(r"\brigor \d+\.\d+\.\d+", "rigor $VERSION", text)
        return text.splitlines() + ([NO_NEWLINE] if text and not text.endswith("\n") else [])


def matches(expected, actual):
    if not expected:
        return not actual
    if expected[0] == ANY:
        return any(matches(expected[1:], actual[start:]) for start in range(len(actual) + 1))
    return bool(actual) and line_matches(expected[0], actual[0]) and matches(expected[1:], actual[1:])


def line_matches(expected, actual):
    if ANY not in expected:
        return expected == actual
    return re.fullmatch(".*".join(re.escape(piece) for piece in expected.split(ANY)), actual) is not None


def as_expected(command, actual, markdown):
    if markdown:
        return command.exit == actual.exit and matches(command.out, actual.out + actual.err)
    expected = command.out
    if command.same_as:
        path = ROOT / command.same_as
        expected = path.read_text(encoding="utf-8").splitlines() if path.exists() else ["(no such file)"]
    return (command.exit == actual.exit and matches(expected, actual.out) and matches(command.err, actual.err))


def perform(transcript, program):
    """Pairs of (command as written, as it went)."""
    with tempfile.TemporaryDirectory(prefix="golden.") as folder:
        stage = Stage(transcript, program, os.path.realpath(folder))
        return [(command, stage.run(command)) for command in transcript.commands]


def renewed(transcript, pairs):
    """The transcript with what really happened; expectations that hold are kept as they were written."""
    markdown = transcript.path.suffix == ".md"
    actual = {id(command): result for command, result in pairs}
    items = []
    for item in transcript.items:
        result = actual.get(id(item))
        if result is None or as_expected(item, result, markdown):
            items.append(item)
        elif markdown:
            items.append(dataclasses.replace(result, out=result.out + result.err, err=[]))
        else:
            items.append(result)
    return dataclasses.replace(transcript, items=items)


def difference(name, before, after):
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"{name} (as written)",
                                        f"{name} (as it is)"))


def referenced_differences(transcript, pairs):
    """For every "= FILE" that does not hold: its path, its text, what rigor prints."""
    for command, result in pairs:
        if command.same_as and not as_expected(command, result, False):
            path = ROOT / command.same_as
            yield path, path.read_text(encoding="utf-8") if path.exists() else "", "\n".join(result.out) + "\n"


def check(path, program):
    transcript = read(path)
    pairs = perform(transcript, program)
    shown = difference(path, render(transcript), render(renewed(transcript, pairs)))
    for other, before, after in referenced_differences(transcript, pairs):
        shown += difference(other.relative_to(ROOT), before, after)
    if shown:
        print(shown + f"{path}: differs; if this is right: tools/approve.py {path}")
    return 1 if shown else 0


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rigor", type=pathlib.Path, default=DEFAULT_PROGRAM, help="the program to run")
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE")
    return parser


def main():
    options = arguments(__doc__.split("\n", maxsplit=1)[0]).parse_args()
    worst = 0
    for path in options.files:
        try:
            worst = max(worst, check(path, options.rigor.resolve()))
        except Skip as reason:
            print(f"{path}: skipped: {reason}")
            worst = worst or SKIPPED
        except (BadTranscript, OSError, ValueError, subprocess.TimeoutExpired) as problem:
            print(f"{path}: {problem}")
            return 2
    return worst


if __name__ == "__main__":
    sys.exit(main())
