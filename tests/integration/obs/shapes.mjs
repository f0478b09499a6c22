// What the library's type declarations say of the protocol: the fields of responses and events and their types. They
// are made from the protocol's documentation by its authors, so they judge our server independently of us.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/obs-websocket-js/dist');
const file = fs.readdirSync(folder).find((name) => name.endsWith('.d.ts') && name.startsWith('base-'));
const text = fs.readFileSync(path.join(folder, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');

// Documented as null in some states, which the declarations leave out.
const nullable = new Set(['currentPreviewSceneName', 'currentPreviewSceneUuid', 'transitionDuration', 'transitionSettings',
  'desktop1', 'desktop2', 'mic1', 'mic2', 'mic3', 'mic4', 'outputPath']);

function table(name) {
  const start = text.indexOf(`interface ${name} {`);
  const body = text.slice(start, text.indexOf('\n}', start));
  const found = {};
  for (const [, key, rest] of body.matchAll(/\n    (\w+): (\{[^]*?\n    \}|undefined|never);/g)) {
    found[key] = rest.startsWith('{') ? [...rest.matchAll(/\n        (\w+): ([^;]+);/g)].map(([, field, type]) => [field, type]) : null;
  }
  return found;
}

export const responses = table('OBSResponseTypes');
export const events = table('OBSEventTypes');

function fits(value, type) {
  if (type.endsWith('[]')) return Array.isArray(value) && value.every((entry) => fits(entry, type.slice(0, -2)));
  if (type === 'JsonObject') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'JsonValue') return true;
  return typeof value === type;
}

/** What `data` breaks of its shape, in words; empty when it is as documented. */
export function breaches(shapes, name, data) {
  if (!(name in shapes)) return [`${name} is not in the declarations`];
  const shape = shapes[name];
  if (shape === null) return data === undefined || data === null ? [] : [`${name} must have no data`];
  if (typeof data !== 'object' || data === null) return [`${name} must have data`];
  const found = [];
  for (const [field, type] of shape) {
    const value = data[field];
    if (value === null && nullable.has(field)) continue;
    if (!fits(value, type)) found.push(`${name}.${field} must be ${type}, is ${JSON.stringify(value)}`);
  }
  for (const field of Object.keys(data)) {
    if (!shape.some(([known]) => known === field)) found.push(`${name}.${field} is not documented`);
  }
  return found;
}
