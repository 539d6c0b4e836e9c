#!/usr/bin/env python3
"""check_budgets must find each kind of excess and accept what is within: small trees are built and checked."""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_budgets  # noqa: E402

CHECK = pathlib.Path(check_budgets.__file__)
BODY = "  f();\n"
WIDE = "//" + " x" * 50 + "\n"
ALLOW = "tools/budget_exceptions.txt"


def function(lines, head="void g()"):
    return f"{head} {{\n{BODY * (lines - 2)}}}\n"


# name: (files, exit code, text that must be shown)
CASES = {
    "in order": ({"src/a.cpp": function(60) + "// x" * 25 + "\n"}, 0, "in order"),
    "long function": ({"src/a.cpp": function(61)}, 1, "a.cpp:1: g has 61 lines, the limit is 60"),
    "long member": ({"src/a.cpp": "namespace n {\n" + function(61, "int A::b(int c = {}) const") + "}\n"}, 1,
                    "a.cpp:2: A::b has 61"),
    "long method": ({"src/a.hpp": "struct S {\n public:\n" + function(61, "bool operator==(S s)") + "};\n"}, 1,
                    "operator== has 61"),
    "long test": ({"tests/a.cpp": function(61, 'TEST_CASE("a {brace} (and more")')}, 1, "TEST_CASE@ has 61"),
    "members before a body": ({"src/a.cpp": function(61, "A::A(int x) : x_(x), y_{1}")}, 1, "A::A has 61"),
    "long header": ({"src/a.hpp": "\n" * 301}, 1, "a.hpp: the file has 301 lines, the limit is 300"),
    "header at its limit": ({"src/a.hpp": "\n" * 300}, 0, "in order"),
    "long source": ({"bench/a.cpp": "\n" * 401}, 1, "limit is 400"),
    "wide line": ({"src/a.cpp": WIDE}, 1, "a.cpp:1: 1 lines are wider than 100"),
    "letters, not bytes": ({"src/a.cpp": "// " + "ä" * 97 + "\n"}, 0, "in order"),
    "long table": ({"src/a.cpp": "constexpr int k[] = {\n" + "  f(1),\n" * 90 + "};\n"}, 0, "in order"),
    "long class": ({"src/a.hpp": "class A {\n" + "  void f() { g(); }\n" * 90 + "};\n"}, 0, "in order"),
    "allowed": ({"src/a.cpp": function(61), ALLOW: "# why\nsrc/a.cpp function:g 61\n"}, 0, "in order"),
    "exceeded": ({"src/a.cpp": function(62), ALLOW: "src/a.cpp function:g 61\n"}, 1, "the exception allows 61"),
    "too generous": ({"src/a.cpp": function(61), ALLOW: "src/a.cpp function:g 70\n"}, 1, "can be lowered to 61"),
    "not needed": ({"src/a.cpp": function(60), ALLOW: "src/a.cpp function:g 61\n"}, 1, "no longer needed"),
    "file is gone": ({"src/a.cpp": "", ALLOW: "src/b.cpp file 500\n"}, 1, "no longer needed"),
    "other folders": ({"catalog/a.cpp": WIDE}, 0, "in order"),
}

# Text that a careless counter stumbles over, and the functions in it: (name, line, lines).
FUNCTIONS = [
    ("int f() { return '{'; }\nint g() {\n  return 1'000'000; }\n", [("f", 1, 1), ("g", 2, 2)]),
    ('auto s = R"({{{)"; // {\n/* { */ void f() {\n}\n', [("f", 2, 2)]),
    ("#define A {\nvoid f() {\n  if (x) { y([] { return 1; }); }\n}\n", [("f", 2, 3)]),
    ("enum class E { a, b };\nstruct P { int x{3}; bool y = f(); };\nvoid f(P p = {}) {}\n", [("f", 3, 1)]),
    ("template <class T>\nT f(T x)\n  requires g<T> {\n}\n", [("f", 1, 4)]),
    ("class A : public B<int> {\n  A() : b_{1}, c_(2) {}\n  ~A() override {}\n};\n", [("A", 2, 1), ("~A", 3, 1)]),
    ("const std::map<int, int> k = {{1, 2}, {3, f(4)}};\nnamespace a::b { int f() { return 0; } }\n", [("f", 2, 1)]),
    ("std::string A::operator()(int x) const { return {}; }\n", [("A::operator_call", 1, 1)]),
]


def run(files, *words):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, CHECK, *words, root], capture_output=True, text=True, check=False)
        exceptions = pathlib.Path(root, ALLOW)
        return done.returncode, done.stdout, exceptions.read_text() if exceptions.exists() else ""


problems = []
for name, (files, wanted, expected) in CASES.items():
    code, out, _ = run(files)
    if code != wanted or expected not in out:
        problems.append(f"{name}: exit {code}, printed {out!r}")
for text, wanted in FUNCTIONS:
    found = list(check_budgets.functions(text))
    if found != wanted:
        problems.append(f"{text!r}: found {found}, not {wanted}")
tightened = run({"src/a.cpp": function(61), ALLOW: "# why\nsrc/a.cpp function:g 70\nsrc/b.cpp file 9\n"}, "--tighten")[2]
if tightened != "# why\nsrc/a.cpp function:g 61\n":
    problems.append(f"--tighten wrote {tightened!r}")
print("\n".join(problems) or f"{len(CASES) + len(FUNCTIONS) + 1} cases as expected")
sys.exit(1 if problems else 0)
