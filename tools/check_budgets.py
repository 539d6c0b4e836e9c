#!/usr/bin/env python3
"""Checks that files, functions and lines stay short: header 300 lines, source 400, function 60, line 100 columns.

usage: tools/check_budgets.py [ROOT]             exit 1 and one line per offence
       tools/check_budgets.py --tighten [ROOT]   lowers and removes exceptions that have become too generous
       tools/check_budgets.py --measure [ROOT]   the longest functions and files, and the medians

Exceptions stand in tools/budget_exceptions.txt, one per line: PATH RULE NUMBER, with RULE one of file, columns
(how many lines are too wide) or function:NAME. The list may only shrink: an exception that is exceeded or no longer
needed is an offence, and so is a number that could be lower.
"""
import bisect
import pathlib
import re
import statistics
import sys

FOLDERS = ("src", "bench", "tests", "tools")
HEADER_LINES, SOURCE_LINES, FUNCTION_LINES, COLUMNS = 300, 400, 60, 100
EXCEPTIONS = pathlib.Path("tools/budget_exceptions.txt")

# What must not be mistaken for code: comments, raw strings, strings, characters, preprocessor lines.
NO_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*", re.S | re.M)
SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b(?![^<]*>\s*\w)")
MEMBER_LIST = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)")
ACCESS = re.compile(r"^\s*(?:(?:public|private|protected)\s*:(?!:)\s*)*")
NOT_A_MEMBER = {"const", "noexcept", "override", "final", "try", "mutable"}


def blank(match):
    """The same number of lines, without anything that looks like code."""
    text = match.group(0)
    return ("\"\"" if text[0] in "\"R'" else "") + "\n" * text.count("\n")


def kind_of(head):
    """What a brace opens when it stands in a namespace or class after this text."""
    head = ACCESS.sub("", head)
    words = re.findall(r"\w+", head)
    if "operator" not in words and head.rstrip().endswith("="):
        return "value"
    if re.search(r"\bnamespace\b|\bextern\s*\"\"", head):
        return "scope"
    plain = re.sub(r"template\s*<[^{]*?>\s*(?=class|struct|union|\w)", "", head, count=1)
    if SCOPE.match(plain.lstrip()) and not head.rstrip().endswith(")"):
        return "value" if "enum" in words else "scope"
    if "(" not in head:
        return "value"
    last = re.search(r"(\w+)\s*>?\s*$", head)
    if MEMBER_LIST.search(head) and last and last.group(1) not in NOT_A_MEMBER:
        return "member"
    return "function"


def function_name(head):
    before = re.sub(r"\boperator\s*\(\s*\)", "operator_call", head)
    name = re.search(r"([~\w:]*\boperator\s*[^\s(]+|[~\w:]+)\s*\(", before)
    if name and name.group(1) in {"TEST_CASE", "BENCHMARK", "SCENARIO"}:
        return f"{name.group(1)}@"
    return re.sub(r"\s", "", name.group(1)) if name else "?"


def functions(text):
    """(name, first line, lines from the signature to the closing brace) of every function with a body."""
    code = NO_CODE.sub(blank, text)
    starts = [0] + [match.end() for match in re.finditer("\n", code)]
    stack, parens, start = [], 0, 0  # of the braces around; of the parentheses in this statement; of the statement
    for match in re.finditer(r"[{}();]", code):
        sign, place = match.group(0), match.start()
        if sign in "()":
            parens += 1 if sign == "(" else -1
            continue
        inside = any(kind == "function" for kind, _, _ in stack)
        if sign == "{":
            outer = stack[-1][0] if stack else "scope"
            head = code[start:place]
            kind = "inner" if inside or outer not in {"scope"} else "argument" if parens > 0 else kind_of(head)
            stack.append((kind, start, parens))
            parens = 0
            if kind == "scope":
                start = place + 1
        elif sign == "}" and stack:
            kind, began, parens = stack.pop()
            if kind == "function":
                head = code[began:place]
                first = began + ACCESS.match(head).end()
                line = bisect.bisect_right(starts, first)
                yield function_name(head), line, bisect.bisect_right(starts, place) - line + 1
            if kind in {"scope", "function"} and not any(k == "function" for k, _, _ in stack):
                start = place + 1
        elif sign == ";" and parens == 0 and not inside and (not stack or stack[-1][0] == "scope"):
            start = place + 1
        if sign == "{" and stack[-1][0] == "scope":
            start = place + 1


def sources(root):
    for folder in FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in {".cpp", ".hpp"})


def excesses(path, name):
    """(rule, number, limit, place) of everything in a file that is over its budget."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    limit = HEADER_LINES if path.suffix == ".hpp" else SOURCE_LINES
    if len(lines) > limit:
        yield "file", len(lines), limit, name
    wide = [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
    if wide:
        yield "columns", len(wide), 0, f"{name}:{wide[0]}"
    longest = {}
    for function, line, length in functions(text):
        if length > FUNCTION_LINES and length > longest.get(function, (0, 0))[0]:
            longest[function] = (length, line)
    for function, (length, line) in longest.items():
        yield f"function:{function}", length, FUNCTION_LINES, f"{name}:{line}"


def read_exceptions(root):
    path = root / EXCEPTIONS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {(name, rule): int(number) for name, rule, number in rows}


def sentence(place, rule, number, limit):
    if rule == "columns":
        return f"{place}: {number} lines are wider than {COLUMNS} columns"
    what = "the file" if rule == "file" else rule.removeprefix("function:")
    return f"{place}: {what} has {number} lines, the limit is {limit}"


def measured(root):
    """{(file, rule): (number, limit, place)} of all excesses."""
    found = {}
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for rule, number, limit, place in excesses(path, name):
            found[name, rule] = (number, limit, place)
    return found


def check(root):
    allowed, found = read_exceptions(root), measured(root)
    for key, (number, limit, place) in found.items():
        if number > allowed.get(key, 0):
            known = f" (the exception allows {allowed[key]})" if key in allowed else ""
            yield sentence(place, key[1], number, limit) + known
        elif number < allowed[key]:
            yield f"{place}: the exception \"{' '.join(key)} {allowed[key]}\" can be lowered to {number}"
    for key in sorted(set(allowed) - set(found)):
        yield f"{EXCEPTIONS}: \"{' '.join(key)}\" is no longer needed: remove it"


def tighten(root):
    allowed, found = read_exceptions(root), measured(root)
    kept = {key: min(number, found[key][0]) for key, number in allowed.items() if key in found}
    path = root / EXCEPTIONS
    remarks = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    rows = [f"{name} {rule} {number}" for (name, rule), number in sorted(kept.items())]
    path.write_text("\n".join(remarks + rows) + "\n", encoding="utf-8")
    print(f"{len(kept)} of {len(allowed)} exceptions are left")


def measure(root):
    lengths, files = [], []
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        files.append((len(text.splitlines()), name))
        lengths += [(length, f"{name}:{line} {function}") for function, line, length in functions(text)]
    for what, numbers in (("files", sorted(files)), ("functions", sorted(lengths))):
        sizes = [number for number, _ in numbers]
        print(f"{what}: {len(sizes)}, median {statistics.median(sizes):.0f}, "
              f"p90 {sizes[len(sizes) * 9 // 10]}, longest {sizes[-1]}")
        print("\n".join(f"  {number:4} {name}" for number, name in numbers[:-11:-1]))


def main(words):
    flags = {word for word in words if word.startswith("--")}
    roots = [word for word in words if word not in flags]
    root = pathlib.Path(roots[0] if roots else ".")
    if "--measure" in flags:
        measure(root)
        return 0
    if "--tighten" in flags:
        tighten(root)
        return 0
    offences = list(check(root))
    print("\n".join(offences) if offences else "budgets: in order")
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
