"""What templates ask of the views that they are given."""

from __future__ import annotations

from jinja2 import Environment, nodes

from stockscore.config import ROOT

TEMPLATES = ROOT / "templates"


def fields_named(template: str) -> set[str]:
    """The names that a template asks of its `view`."""
    tree = Environment(autoescape=True).parse((TEMPLATES / template).read_text("utf-8"))
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "view"
    }
