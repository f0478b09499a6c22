// Reads a description from stdin; exit 1 with one line for each place that is not as OpenRPC has it.
import {readFileSync} from "node:fs";
import Ajv from "ajv";
import metaSchema from "@open-rpc/meta-schema";

const schema = structuredClone(metaSchema.openrpcDocument);
const description = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({strict: false, allErrors: true, validateFormats: false});
// What the schema calls by an address is JSON Schema's own (draft 7), which the validator has, and the text of a $ref.
const local = (node) => {
  if (node === null || typeof node !== "object") return node;
  if (node.$ref === "https://meta.json-schema.tools") return {$ref: "http://json-schema.org/draft-07/schema#"};
  if (typeof node.$ref === "string" && node.$ref.startsWith("https:")) return {type: "string"};
  for (const key of Object.keys(node)) node[key] = local(node[key]);
  return node;
};
local(schema);
delete schema.$schema;
const valid = ajv.compile(schema);
const problems = [];
if (!valid(description)) {
  for (const error of valid.errors) problems.push(`${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}
// Beyond the schema: names are used once, required parameters come first (OpenRPC 1.3, Method Object), and each schema
// in it compiles.
const names = new Set();
for (const method of problems.length === 0 ? description.methods : []) {
  if (names.has(method.name)) problems.push(`${method.name}: declared twice`);
  names.add(method.name);
  let optional = false;
  for (const parameter of method.params) {
    if (parameter.required && optional) problems.push(`${method.name}: ${parameter.name}: required after an optional one`);
    optional ||= !parameter.required;
    if (!ajv.validateSchema(parameter.schema)) problems.push(`${method.name}: ${parameter.name}: no schema`);
  }
  if (!ajv.validateSchema(method.result.schema)) problems.push(`${method.name}: the result has no schema`);
}
console.log(problems.length === 0 ? `${names.size} methods` : problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);
