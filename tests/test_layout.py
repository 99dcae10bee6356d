"""The house: imports point one way, in no circle, and at public names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "pipelines", "storage")
# What a room of the crawler may ask: itself, and those further right.
LAYERS = (
    ("cli",),
    ("doctor",),
    ("spiders", "replay"),
    ("readers",),
    ("scheduling",),
    ("metrics",),
    ("alarms",),
    ("judging",),
    ("discovery",),
    ("extraction",),
    ("fetching", "sources"),
    ("garbage", "log", "setting_values"),
    ("items", "settings"),
    ("errors", "language_tags"),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
BESIDE = {"demo", "__main__"}  # the fictional newspaper, and the command's door


def _modules() -> dict[str, Path]:
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {_name(path): path for path in paths if "versions" not in path.relative_to(ROOT).parts}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = _modules()


def _imports(name: str, *, at_start: bool = False) -> Iterator[tuple[str, str]]:
    """(module, name) of each import; `at_start`: those alone that importing the module runs."""
    for node in _nodes(ast.parse(MODULES[name].read_text(encoding="utf-8")), at_start=at_start):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative import"
            yield from ((node.module or "", alias.name) for alias in node.names)


def _nodes(tree: ast.AST, *, at_start: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not (at_start and (later or typing)):
            yield node
            yield from _nodes(node, at_start=at_start)


def _ours(module: str, name: str) -> str:
    whole = f"{module}.{name}"
    return whole if whole in MODULES else module


@pytest.mark.parametrize("room", ["storage", "pipelines"])
def test_rooms_know_none_that_stand_on_them(room: str) -> None:
    forbidden = {"storage": {"crawler", "pipelines", "scrapy"}, "pipelines": {"crawler"}}[room]
    found = {(name, m) for name in MODULES if name.split(".")[0] == room for m, _ in _imports(name)}
    assert not {(name, m) for name, m in found if m.split(".")[0] in forbidden}


def test_the_crawler_imports_no_pipelines() -> None:
    found = {(name, m) for name in MODULES if name.split(".")[0] == "crawler" for m, _ in _imports(name)}
    assert not {(name, m) for name, m in found if m.split(".")[0] == "pipelines"}


def test_imports_within_the_crawler_point_one_way() -> None:
    wrong = []
    for name in MODULES:
        room = name.split(".")[1] if name.startswith("crawler.") else None
        if room is None or room in BESIDE:
            continue
        for module, imported in _imports(name):
            asked = _ours(module, imported).split(".")
            if asked[0] != "crawler" or len(asked) < 2 or asked[1] == room:
                continue
            if asked[1] in BESIDE:
                if room != "cli":
                    wrong.append((name, module))
            elif RANK[asked[1]] <= RANK[room]:
                wrong.append((name, module))
    assert not wrong


def test_every_room_of_the_crawler_has_its_place() -> None:
    rooms = {name.split(".")[1] for name in MODULES if name.startswith("crawler.")}
    assert rooms == set(RANK) | BESIDE


def test_no_module_imports_another_in_a_circle() -> None:
    graph = {name: {_ours(*i) for i in _imports(name, at_start=True)} & set(MODULES) for name in MODULES}
    # A package's own `__init__` gathers what its modules offer: that is no circle of theirs.
    graph = {name: {m for m in asked if not name.startswith(f"{m}.")} for name, asked in graph.items()}
    TopologicalSorter(graph).prepare()


def test_no_module_imports_a_private_name() -> None:
    private = [
        (name, module, imported)
        for name in MODULES
        for module, imported in _imports(name)
        if module.split(".")[0] in ROOMS and (imported.startswith("_") or "._" in module)
    ]
    assert not private
