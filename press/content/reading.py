"""YAML as authors write it: the data, the line of every field, and the models that it has to fit.

Place in the flow: `tree` reads book.yaml, the notation and the sections with it.
"""

import yaml
from pydantic import ValidationError

from press.problems import Place


def read_yaml(file, problems):
    """Return (data, lines): lines maps a path of keys and indices to (line, starts a block)."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        problems.add(Place(file), "this file does not exist", "write it, or take its name out of book.yaml")
        return None, {}
    except UnicodeDecodeError:
        problems.add(Place(file), "this file is not UTF-8", "save it as UTF-8")
        return None, {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this is not YAML"
        problems.add(
            Place(file, mark.line + 1 if mark else 0),
            f"YAML: {what}",
            "look at the indentation, at colons and at quotes in this line and the one before",
        )
        return None, {}
    lines = {}
    data = _construct(root, (), lines, file, problems) if root is not None else {}
    return data, lines


def _construct(node, path, lines, file, problems):
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    lines.setdefault(path, (node.start_mark.line + 1, is_block))
    if isinstance(node, yaml.MappingNode):
        data = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key in data:
                problems.add(
                    Place(file, key_node.start_mark.line + 1), f"the key {key!r} stands twice", "keep one of them"
                )
            data[key] = _construct(value_node, (*path, key), lines, file, problems)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, index), lines, file, problems) for index, child in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node, deep=True)


_HOW = {
    "extra_forbidden": "take it out, or look for a misspelled key",
    "missing": "add it",
    "string_too_short": "write it, or take the key out",
}


def validate(model, data, file, lines, problems):
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            path = fault["loc"]
            known = path
            while known not in lines and known:
                known = known[:-1]
            name = ".".join(map(str, path)) or "the file"
            what = {
                "extra_forbidden": f"unknown key {path[-1] if path else ''!r}",
                "missing": f"{name!r} is missing",
                "string_too_short": f"{name!r} is empty",
            }.get(fault["type"], f"{name!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}")
            how = _HOW.get(fault["type"], 'see CONTRIBUTING.md for the shape of the tree; quote numbers like "3.10"')
            problems.add(Place(file, lines.get(known, (0, False))[0]), what, how)
        return None


def place_of(file, lines, path):
    """Return the place of a field, given the lines of its file; block text starts a line later."""
    line, is_block = lines.get(path) or lines.get((), (0, False))
    return Place(file, line + is_block)


def below(lines, *prefix):
    """Return the lines of what stands below a path, as if it were a file of its own."""
    depth = len(prefix)
    return {path[depth:]: line for path, line in lines.items() if path[:depth] == prefix}
