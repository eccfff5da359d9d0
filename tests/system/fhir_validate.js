// fhir_validate.js BUNDLE.json: each resource against the definitions and value sets of FHIR R4, each unit
// against UCUM; by packages of others, which tests/system/export.sh fetches.
const fs = require("fs");
const { Fhir } = require("fhir");
const { UcumLhcUtils } = require("@lhncbc/ucum-lhc");

const fhir = new Fhir();
const ucum = UcumLhcUtils.getInstance();
const bundle = JSON.parse(fs.readFileSync(process.argv[2]));
let bad = 0;

function say(words) {
  bad++;
  console.log(words);
}

// What may be said of Observation.code is all of LOINC, which no package has, and anybody's own codes.
const open = /^Observation\.(component\[\d+\]\.)?code$/;

function faults(resource) {
  return fhir.validate(resource, { errorOnUnexpected: true }).messages.filter(
    (m) => m.severity !== "info" && !(m.severity === "warning" && open.test(m.location)));
}

function* walk(value) {
  if (value === null || typeof value !== "object") return;
  yield value;
  for (const part of Object.values(value)) yield* walk(part);
}

for (const m of faults({ ...bundle, entry: [] })) say(`Bundle: ${m.location}: ${m.message}`);
for (const { resource } of bundle.entry) {
  for (const m of faults(resource)) say(`${resource.resourceType} ${resource.id}: ${m.location}: ${m.message}`);
  for (const part of walk(resource))
    if (part.system === "http://unitsofmeasure.org" && ucum.validateUnitString(part.code).status !== "valid")
      say(`${resource.id}: ${part.code} is no unit of UCUM`);
}

// Neither is asleep.
const observation = bundle.entry.map((e) => e.resource).find((r) => r.resourceType === "Observation");
const broken = {
  status: (o) => { o.status = "done"; },
  category: (o) => { o.category[0].coding[0].code = "nothing"; },
  "no code": (o) => { delete o.code; },
  "an unknown element": (o) => { o.mood = "good"; },
  "no date": (o) => { o.effectivePeriod.start = "yesterday"; },
};
for (const [what, breaks] of Object.entries(broken)) {
  const copy = structuredClone(observation);
  breaks(copy);
  if (faults(copy).length === 0) say(`nothing wrong is found with ${what}`);
}
if (ucum.validateUnitString("minutes of").status === "valid") say('"minutes of" is said to be a unit');
process.exit(bad > 0 ? 1 : 0);
