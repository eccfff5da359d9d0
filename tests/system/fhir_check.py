#!/usr/bin/env python3
"""fhir_check.py BUNDLE.json [FHIR-SCHEMA.json]: a Bundle of FHIR R4: each resource against the
schema where that is given, and what no schema can say: addresses, references, codes, invariants."""
import json
import re
import sys

OWN = "urn:uuid:6c9f0f64-2d0b-4b5e-9a41-7f3f5a1f6b0e"
UCUM = {"s", "min", "h", "/min", "1", "{score}", "{bends}"}
LOINC = {"9279-1", "8867-4", "72514-3"}
bad = 0


def say(words):
    global bad
    bad += 1
    print(words)


def walk(value):
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(item)


def check_schema(path):
    import jsonschema

    schema = json.load(open(path))
    definitions = schema["definitions"]

    def errors(kind, value):
        validator = jsonschema.Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions})
        return list(validator.iter_errors(value))

    for resource in resources:
        for error in errors(resource["resourceType"], resource):
            say(f"{resource['resourceType']}: {list(error.absolute_path)}: {error.message[:200]}")
    for error in errors("Bundle", {**bundle, "entry": []}):
        say(f"Bundle: {error.message[:200]}")
    # The schema is not asleep: a number in the place of a code must not pass.
    broken = dict(next(r for r in resources if r["resourceType"] == "Observation"), status=7)
    if not errors("Observation", broken):
        say("the schema finds nothing wrong with a status of 7")


bundle = json.load(open(sys.argv[1]))
resources = [entry["resource"] for entry in bundle["entry"]]
observations = [r for r in resources if r["resourceType"] == "Observation"]
addresses = [entry["fullUrl"] for entry in bundle["entry"]]
own = {c["code"] for r in resources if r["resourceType"] == "CodeSystem" for c in r["concept"]}

if bundle["resourceType"] != "Bundle" or bundle["type"] != "collection":
    say("not a Bundle of type collection")
if len(set(addresses)) != len(addresses):
    say("two entries have one address")
for entry in bundle["entry"]:
    if entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}":
        say(f"{entry['fullUrl']} is the address of {entry['resource']['id']}")
    if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", entry["fullUrl"]):
        say(f"{entry['fullUrl']} is no UUID")
for item in walk(bundle):
    if not isinstance(item, dict):
        continue
    if "reference" in item and item["reference"] not in addresses:
        say(f"{item['reference']} leads nowhere")
    if item.get("system") == OWN and item["code"] not in own:
        say(f"{item['code']} is not in the code system")
    if item.get("system") == "http://loinc.org" and item["code"] not in LOINC:
        say(f"{item['code']} is not one of the LOINC codes that were looked up")
    if item.get("system") == "http://unitsofmeasure.org" and item["code"] not in UCUM:
        say(f"{item['code']} is no unit of UCUM that was looked up")
for o in observations:
    for part in [o] + o.get("component", []):
        n = sum(key.startswith("value") or key == "dataAbsentReason" for key in part)
        if n > 1 or (n == 0 and not part.get("component")):
            say(f"{part['code']['text']}: {n} of a value and a reason why there is none")
    if "effectivePeriod" not in o:
        say(f"{o['code']['text']}: no effectivePeriod")
if len(sys.argv) > 2:
    check_schema(sys.argv[2])
print(f"{len(resources)} resources, {len(observations)} observations")
sys.exit(bad > 0)
