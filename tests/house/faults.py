"""What must not stand in a Python file, each as a question to its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Fault = Callable[[ast.Module], Iterator[int]]
"""Gives the lines at which a fault stands."""

_EVERYTHING = {"Exception", "BaseException"}


def mocks(tree: ast.Module) -> Iterator[int]:
    """A fake of five lines that keeps the protocol says more than a mock that keeps none."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(_is_mock(alias.name) for alias in names):
                yield node.lineno
            case ast.ImportFrom(module=str(module), names=names):
                if _is_mock(module) or any(_is_mock(f"{module}.{alias.name}") for alias in names):
                    yield node.lineno


def swallowed_errors(tree: ast.Module) -> Iterator[int]:
    """Whatever goes wrong is answered, told or passed on."""
    for node in ast.walk(tree):
        match node:
            case ast.ExceptHandler(type=kind, body=[ast.Pass() | ast.Continue() | ast.Expr(ast.Constant())]):
                if kind is None or _names(kind) & _EVERYTHING:
                    yield node.lineno
            case ast.Call(func=called, args=kinds) if _last_name(called) == "suppress":
                if any(_names(kind) & _EVERYTHING for kind in kinds):
                    yield node.lineno


def naive_times(tree: ast.Module) -> Iterator[int]:
    """A time without its offset is a time in the wrong place, sooner or later."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="utcnow" | "utcfromtimestamp")):
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=owner, attr="now"), args=[], keywords=[]):
                if _last_name(owner) == "datetime":
                    yield node.lineno
            case ast.Call(func=ast.Attribute(value=owner, attr="today")):
                if _last_name(owner) in {"datetime", "date"}:
                    yield node.lineno


def actors_made_at_import(tree: ast.Module) -> Iterator[int]:
    """A job is bound to a broker by ``declare``, so that every test can make its own."""
    for node in ast.walk(tree):
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if any(_last_name(decorator) == "actor" for decorator in decorators):
            yield decorators[0].lineno


def no_docstring(tree: ast.Module) -> Iterator[int]:
    """Every file says in its first sentence what it is for."""
    if not ast.get_docstring(tree):
        yield 1


def no_lazy_annotations(tree: ast.Module) -> Iterator[int]:
    """Every file with code starts with ``from __future__ import annotations``."""
    code = [node for node in tree.body if not _is_docstring(node)]
    match code:
        case [] | [ast.ImportFrom(module="__future__"), *_]:
            return
    yield 1


def long_functions(tree: ast.Module, limit: int) -> Iterator[str]:
    """Names of the functions of more than ``limit`` lines, docstring included."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(end_lineno=int(end)) | ast.AsyncFunctionDef(end_lineno=int(end)):
                if end - node.lineno + 1 > limit:
                    yield node.name


def _is_mock(module: str) -> bool:
    return module.partition(".")[0] in {"mock", "pytest_mock"} or module.startswith("unittest.mock")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=called):
            return _last_name(called)
    return ""


def _names(node: ast.expr) -> set[str]:
    return {_last_name(part) for part in (node.elts if isinstance(node, ast.Tuple) else [node])}
