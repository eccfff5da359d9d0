#!/usr/bin/env python3
"""report_schema.py SCHEMA NIGHT.json PERIOD.json: real output is as the published schema says, and
the schema would notice: each field that is taken away, and each that is added, must fail."""
import copy
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
Validator = jsonschema.validators.validator_for(schema)
Validator.check_schema(schema)
bad = 0


def of_kind(kind):
    return Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})


def objects(value, path=()):
    """Every object in it, the first two items of each array."""
    if isinstance(value, dict):
        yield path, value
        for key, item in value.items():
            yield from objects(item, path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value[:2]):
            yield from objects(item, path + (i,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def thin(value):
    """The same with short arrays: what is changed and validated many times."""
    if isinstance(value, dict):
        return {key: thin(item) for key, item in value.items()}
    return [thin(item) for item in value[:2]] if isinstance(value, list) else value


def say(words):
    global bad
    bad += 1
    print(words)


tried = 0
for kind, path in (("night", sys.argv[2]), ("period", sys.argv[3])):
    report = json.load(open(path))
    for error in of_kind(kind).iter_errors(report):
        for cause in error.context or [error]:
            say(f"{path}: {list(cause.absolute_path)}: {cause.message[:200]}")
    if not Validator(schema).is_valid(report):
        say(f"{path}: is not one of the two reports")
    report = thin(report)
    validator = of_kind(kind)
    for place, _ in objects(report):
        changed = copy.deepcopy(report)
        at(changed, place)["surprise"] = 1
        tried += 1
        if validator.is_valid(changed):
            say(f"{kind}: the schema lets a new field pass at {place}")
        for key in list(at(report, place)):
            changed = copy.deepcopy(report)
            del at(changed, place)[key]
            tried += 1
            if validator.is_valid(changed) and key != "unmeasured_advice":
                say(f"{kind}: the schema does not miss {key} at {place}")
print(f"{tried} changed reports tried")
sys.exit(bad > 0)
