"""YAML's nodes of a text: plain YAML alone, as fast as can be.

Place in the flow: under `reading`, which makes values of the nodes. Anchors, aliases, tags and too deep
nesting are refused where they begin.
"""

from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import Resolver

DEEPEST = 20  # levels, one in the other; see docs/limits.md


class Fault(Exception):
    """A fault of the file: line, what is wrong, how to mend it."""

    def __init__(self, line, what, how):
        super().__init__(what)
        self.line, self.what, self.how = line, what, how


def compose(text):
    """Return the root of the nodes, as fast as can be; what is wrong is told by the reader that tells it best.

    With a tab between a key and its text the two readers do not agree: only what both take is taken.
    """
    if _FAST is not None and "\t" not in text:
        try:
            return _FAST(text).get_single_node()
        except yaml.YAMLError:
            pass
    return _Composer(text).get_single_node()


class _Strict(Composer):
    """A composer that refuses anchors, aliases, tags and too deep nesting where they begin."""

    depth = 0

    def compose_node(self, parent, index):
        event: Any = self.peek_event()  # type: ignore[attr-defined]  # a parser has it
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise Fault(
                line,
                f"YAML: {sign}{event.anchor} is an anchor or alias, which is not read here",
                "write the text out, or put it in quotes",
            )
        if event.tag and event.tag != "!":
            raise Fault(line, f"YAML: the tag {event.tag!r} is not read here", "take it out, or put the text in quotes")
        self.depth += 1
        if self.depth > DEEPEST:
            raise Fault(line, f"YAML: more than {DEEPEST} levels, one in the other", "take out brackets or indentation")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Composer(_Strict, yaml.SafeLoader):
    """YAML's composer."""


def _fast_composer() -> Any:
    """Return the same composer fed by libyaml, which reads three times as fast; None where it is not there."""
    if not yaml.__with_libyaml__:
        return None
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # named nowhere

    class Fast(_Strict, CParser, Resolver):
        def __init__(self, text):
            CParser.__init__(self, text)
            Composer.__init__(self)
            Resolver.__init__(self)

        def compose_scalar_node(self, anchor):
            node = super().compose_scalar_node(anchor)
            node.style = node.style or None  # as the other says that it is plain
            return node

    return Fast


_FAST = _fast_composer()
