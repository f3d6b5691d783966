"""`python benchmarks` lists the benchmarks; `python benchmarks NAME [options]` runs one."""

import ast
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def known() -> dict[str, str]:
    """Each benchmark and the first line of what it says of itself; a file without a main is a part of others."""
    found = {}
    for path in sorted(HERE.glob("[!_]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").splitlines()[0]
    return found


def main(argv: list[str]) -> int:
    """List, or run."""
    benchmarks = known()
    if not argv:
        print("make bench NAME=… ARGS=…")
        for name, line in benchmarks.items():
            print(f"  {name:<10} {line}")
        return 0
    name, *rest = argv
    if name not in benchmarks:
        print(f"There is no benchmark {name!r}; there are: {', '.join(benchmarks)}.")
        return 2
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    sys.argv = [name, *rest]
    runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
