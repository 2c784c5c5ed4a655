"""Data of a YAML file as a model of `schema`: each fault told at the line of its field, with what to write.

Place in the flow: `tree` and `parts` hand it what `reading` has read.
"""

import copy

from pydantic import ValidationError

from press.problems import Place, near

HOW = {
    "date_type": "write it as in 2026-11-27",
    "string_type": "put it in quotes",
    "int_type": "write a whole number, without quotes",
    "list_type": "write a list: a line `- ...` for each",
    "bool_type": "write true or false",
    "model_type": "write keys with their values, indented below it",
    "tuple_type": "write a list in brackets",
}


def validate(model, data, file, lines, problems, is_partial=False):
    """Return the data as a model; faults go to `problems`, each at the line of its field.

    With `is_partial`, what is wrong is left out and the rest returned, where the model allows
    that, so that faults further on are told in the same run.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors()
        misspelled = {
            (*fault["loc"][:-1], near(str(fault["loc"][-1]), _keys(model, fault["loc"][:-1])))
            for fault in faults
            if fault["type"] == "extra_forbidden"
        }
        for fault in faults:
            guess = f"did you mean {str(fault['loc'][-1])!r}?" if fault["loc"] else ""
            if fault["type"] != "missing" or (*fault["loc"][:-1], guess) not in misspelled:
                problems.add(*_field_fault(model, fault, file, lines))
        return _without_faults(model, data, error) if is_partial else None


def _field_fault(model, fault, file, lines):
    path, kind = fault["loc"], fault["type"]
    known = path
    while known not in lines and known:
        known = known[:-1]
    place = Place(file, lines.get(known, (0, False))[0])
    name = ".".join(map(str, path)) or "the file"
    if kind == "extra_forbidden":
        keys = _keys(model, path[:-1])
        told = near(path[-1], keys, f"take it out; known are {', '.join(keys)}" if keys else "take it out")
        return place, f"unknown key {path[-1] if path else ''!r}", told
    if kind == "missing":
        return place, f"{name!r} is missing", "add it"
    if kind in ("string_too_short", "too_short"):
        return place, f"{name!r} is empty", _how_empty(model, path)
    if kind == "value_error":
        what, _, how = fault["msg"].removeprefix("Value error, ").partition(" (")
        return place, f"{name!r}: {what}", how.rstrip(")")
    how = HOW.get(kind, "see CONTRIBUTING.md for the shape of the tree")
    return place, f"{name!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}", how


def _model_at(model, path):
    """Return the model of the mapping at a path, None where there is none."""
    for step in path:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step) if hasattr(model, "model_fields") else None
        model = _inner(field.annotation) if field else None
        if model is None:
            return None
    if hasattr(model, "model_fields") and "root" in model.model_fields:
        return _inner(model.model_fields["root"].annotation)
    return model


def _inner(annotation):
    if hasattr(annotation, "model_fields"):
        return annotation
    inner = (_inner(part) for part in getattr(annotation, "__args__", ()))
    return next((part for part in inner if part), None)


def _keys(model, path):
    found = _model_at(model, path)
    return list(found.model_fields) if found else []


def _how_empty(model, path):
    found = _model_at(model, path[:-1])
    field = found.model_fields.get(path[-1]) if found and path and isinstance(path[-1], str) else None
    return "write it" if field is None or field.is_required() else "write it, or take the key out"


def _without_faults(model, data, error):
    """Return the model of what is left when each faulty field is taken out; None where it cannot be."""
    left = copy.deepcopy(data)
    for fault in sorted(error.errors(), key=lambda fault: len(fault["loc"]), reverse=True):
        if fault["type"] == "missing" or not fault["loc"]:
            return None
        parent = left
        for step in fault["loc"][:-1]:
            parent = parent[step]
        if not isinstance(parent, dict):
            return None
        parent.pop(fault["loc"][-1], None)
    try:
        return model.model_validate(left)
    except ValidationError:
        return None


def place_of(file, lines, path):
    """Return the place of a field, given the lines of its file; block text starts a line later."""
    line, is_block = lines.get(path) or lines.get((), (0, False))
    return Place(file, line + is_block)


def below(lines, *prefix):
    """Return the lines of what stands below a path, as if it were a file of its own."""
    depth = len(prefix)
    return {path[depth:]: line for path, line in lines.items() if path[:depth] == prefix}
