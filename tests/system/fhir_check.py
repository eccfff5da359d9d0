#!/usr/bin/env python3
"""fhir_check.py BUNDLE.json [FHIR-SCHEMA.json]: a Bundle of FHIR R4: each resource against the
schema where that is given, and what no schema can say: addresses, references, codes, invariants."""
import datetime
import json
import re
import sys

OWN = "urn:uuid:6c9f0f64-2d0b-4b5e-9a41-7f3f5a1f6b0e"
UCUM = {"s", "min", "h", "/min", "1", "{score}", "{bends}", "{nights}"}
# Code and display as loinc.org has them; the vital signs also stand in hl7.org/fhir/R4/observation-vitalsigns.html.
LOINC = {"9279-1": "Respiratory rate", "8867-4": "Heart rate",
         "72514-3": "Pain severity - 0-10 verbal numeric rating [Score] - Reported"}
VITAL_SIGNS = {"9279-1", "8867-4"}
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
    if item.get("system") == "http://loinc.org" and LOINC.get(item["code"]) != item["display"]:
        say(f"{item['code']} {item['display']} is not one of the LOINC codes that were looked up")
    if item.get("system") == "http://unitsofmeasure.org" and item["code"] not in UCUM:
        say(f"{item['code']} is no unit of UCUM that was looked up")


def code_of(part):
    return part["code"]["coding"][0]["code"]


def check_vital_sign(o):
    """hl7.org/fhir/R4/resprate.html and heartrate.html, where a value is there."""
    value = o.get("valueQuantity", {"system": "http://unitsofmeasure.org", "code": "/min", "value": 1, "unit": "/min"})
    if o["category"][0]["coding"][0]["code"] != "vital-signs" or "component" in o:
        say(f"{o['code']['text']}: not in the form of a vital sign")
    if (value["system"], value["code"]) != ("http://unitsofmeasure.org", "/min") or not value["unit"]:
        say(f"{o['code']['text']}: {value}")


devices = {e["fullUrl"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Device"}
for o in observations:
    name = o["code"]["text"]
    for part in [o] + o.get("component", []):
        n = sum(key.startswith("value") or key == "dataAbsentReason" for key in part)
        if n > 1 or (n == 0 and not part.get("component")):
            say(f"{part['code']['text']}: {n} of a value and a reason why there is none")
    codes = [code_of(part) for part in o.get("component", [])]
    if len(set(codes)) != len(codes) or code_of(o) in codes:  # obs-7
        say(f"{name}: a code twice: {codes}")
    period = o["effectivePeriod"]
    begin, end = (datetime.datetime.fromisoformat(period[key]) for key in ("start", "end"))
    if begin > end:  # per-1
        say(f"{name}: ends before it begins")
    # Pain is her own word, and findings over nights are of no one mat.
    over_nights = "limit" in codes and end - begin >= datetime.timedelta(hours=23)
    if o.get("device", {}).get("reference") not in devices and code_of(o) != "72514-3" and not over_nights:
        say(f"{name}: by what it was measured is not said")
    if code_of(o) in VITAL_SIGNS:
        check_vital_sign(o)
if len(sys.argv) > 2:
    check_schema(sys.argv[2])
print(f"{len(resources)} resources, {len(observations)} observations")
sys.exit(bad > 0)
