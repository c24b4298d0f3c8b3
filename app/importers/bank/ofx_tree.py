"""OFX as a tree: the SGML of versions 1, in which most elements are never closed, and the XML of versions 2."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.importers.bank.common import NoBankFile, read_text
from app.importers.bank.elements import local
from app.importers.tabular.issues import IssueList
from app.importers.xml.safe import parse_safely

_TAG = re.compile(r"<(/?)([A-Za-z0-9_.]{1,40})\s*>([^<]*)")
_MOST_NODES = 1_000_000
_MOST_DEPTH = 40
_LONGEST = 2_000


@dataclass(slots=True)
class Node:
    """An element: with a text it has no children."""

    name: str
    text: str = ""
    line: int = 0
    children: list[Node] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Node]:
        """All elements of that name below, in their order."""
        waiting = list(reversed(self.children))
        while waiting:
            one = waiting.pop()
            if one.name == name:
                yield one
            else:
                waiting.extend(reversed(one.children))

    def value(self, *path: str) -> str:
        """The text at a path of names; "" where there is none."""
        node: Node | None = self
        for name in path:
            node = next((one for one in node.children if one.name == name), None) if node is not None else None
        return "" if node is None else node.text


def read_ofx(name: str, content: bytes, issues: IssueList) -> Node:
    """The element OFX with all that is in it; raises a DocumentFault."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return _from_xml(name, content)
    opening = content[:2000].upper()
    declared = re.search(rb"CHARSET:\s*(1252|ISO-8859-1|8859-1)", opening)
    text = read_text(name, content, issues, "cp1252" if declared else "latin-1")
    start = text.upper().find("<OFX>")
    if start < 0:
        raise NoBankFile(name=name, form="OFX", why="the element OFX is missing")
    return _from_sgml(name, text, start)


def _from_sgml(name: str, text: str, start: int) -> Node:
    root = Node("OFX", line=text.count("\n", 0, start) + 1)
    path = [root]
    line, seen, count = root.line, start, 0
    for found in _TAG.finditer(text, start + len("<OFX>")):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        closing, tag, said = found[1], found[2].upper(), found[3].strip()
        count += 1
        if count > _MOST_NODES or len(path) > _MOST_DEPTH:
            raise NoBankFile(name=name, form="OFX", why="it has too many elements, or they nest too deep")
        if closing:
            if any(one.name == tag for one in path):
                while path and path.pop().name != tag:
                    pass
                if not path:
                    return root
            continue  # the end of an element that had a text
        node = Node(tag, html.unescape(said)[:_LONGEST], line)
        path[-1].children.append(node)
        if not said and not _closes_at_once(text, found.end(), tag):
            path.append(node)
    raise NoBankFile(name=name, form="OFX", why="its end is missing, so it is cut off")


def _closes_at_once(text: str, end: int, tag: str) -> bool:
    return text[end : end + len(tag) + 3].upper() == f"</{tag}>"


def _from_xml(name: str, content: bytes) -> Node:
    element = parse_safely(name, content)
    if local(element).upper() != "OFX":
        raise NoBankFile(name=name, form="OFX", why="the element OFX is missing")
    root = Node("OFX")
    waiting = [(element, root)]
    while waiting:
        parent, node = waiting.pop()
        for child in parent:
            number: Any = child.sourceline
            said = (child.text or "").strip()[:_LONGEST]
            made = Node(local(child).upper(), said, number if isinstance(number, int) else 0)
            node.children.append(made)
            waiting.append((child, made))
    return root
