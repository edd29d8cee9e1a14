#!/usr/bin/env bash
# world-atlas 2.0.2 (Natural Earth as TopoJSON): the ISO 3166 number of a country is not a key. In
# the files of 1:50m and 1:10m two geometries have 036, Australia and, after it, the Ashmore and
# Cartier Islands, so that a table by number draws a reef where Australia is asked for. Kosovo has
# no number at all, and overseas parts that have codes of their own in ISO 3166, such as French
# Guiana and Réunion, are part of their country, so that they cannot be drawn by code.
#
# Seen (Node.js 20): 036 is said twice in 50m and in 10m, not in 110m; the later one is the reef;
# Kosovo is without a number in all three; 254, 638 and 744 are in none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent world-atlas@2.0.2 >/dev/null
cat >main.js <<'JS'
const seen = {};
for (const scale of ["110m", "50m", "10m"]) {
  const { geometries } = require(`world-atlas/countries-${scale}.json`).objects.countries;
  const byNumber = new Map();
  const twice = [];
  for (const { id, properties } of geometries) {
    if (id !== undefined && byNumber.has(id)) twice.push(id);
    byNumber.set(id, properties.name);
  }
  seen[scale] = {
    twice: twice.join(" "),
    australia: byNumber.get("036"),
    kosovo: geometries.find(({ properties }) => properties.name === "Kosovo").id ?? "none",
    missing: ["254", "638", "744"].filter((id) => !byNumber.has(id)).join(" "),
  };
  console.log(scale, JSON.stringify(seen[scale]));
}
const reef = { twice: "036", australia: "Ashmore and Cartier Is.", kosovo: "none", missing: "254 638 744" };
const expected = { "110m": { ...reef, twice: "", australia: "Australia" }, "50m": reef, "10m": reef };
if (!require("node:util").isDeepStrictEqual(seen, expected)) {
  console.log("this has changed");
  process.exit(1);
}
JS
node main.js
