// The types of the data that cross from Rust to the page, and the schemas of scenarios and reports that the page hands out, made
// from the types in Rust: `node scripts/types.js` writes them, `--check` fails where a file is another.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { root } from './setup.js';

/**
 * What of JSON Schema the types in Rust make use of.
 * @typedef {{
 *   $ref?: string, $defs?: Record<string, Schema>, tsType?: string, description?: string, const?: unknown, enum?: unknown[],
 *   type?: string | string[], oneOf?: Schema[], anyOf?: Schema[], allOf?: Schema[], items?: Schema, prefixItems?: Schema[],
 *   properties?: Record<string, Schema>, required?: string[], additionalProperties?: Schema
 * } | boolean} Schema
 */

const FILE = 'www/js/session/data.d.ts';
const HEAD = `// Made by scripts/types.js from the types in Rust (\`tandem schema --page\`); not to be edited.\n`;
/** @type {Record<string, string>} */
const PLAIN = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };

/** @param {unknown} value */
const literal = (value) => (typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : JSON.stringify(value));

/** @param {string} type */
const inBrackets = (type) => (/^(\w+|\{[^{}]*\}|\[[^[\]]*\]|'[^']*')(\[\])*$/.test(type) ? type : `(${type})`);

/** @template T @param {T[]} list @param {(one: T) => string} type */
const union = (list, type) => [...new Set(list.map(type))].join(' | ');

/** @param {string[]} types */
const both = (types) => (types.length === 1 ? (types[0] ?? '') : types.map(inBrackets).join(' & '));

/** @param {Schema} schema @param {string} indent */
function comment(schema, indent) {
  if (typeof schema === 'boolean' || schema.description === undefined) return '';
  // References of Rust's documentation: their names alone.
  const text = schema.description.replace(/\[(`[^`]+`)\](\([^)]*\))?/g, '$1').replaceAll('*/', '*\\/');
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

/**
 * The type of one kind of JSON value.
 * @param {Exclude<Schema, boolean>} schema @param {string} type @param {string} indent
 * @returns {string}
 */
function kind(schema, type, indent) {
  if (type === 'array') {
    if (schema.prefixItems) return `[${schema.prefixItems.map((item) => typeOf(item, indent)).join(', ')}]`;
    return `${inBrackets(typeOf(schema.items ?? true, indent))}[]`;
  }
  if (type !== 'object') {
    const plain = PLAIN[type];
    if (plain === undefined) throw new Error(`no type for ${JSON.stringify(schema)}`);
    return plain;
  }
  const properties = Object.entries(schema.properties ?? {});
  const others = schema.additionalProperties ?? !schema.properties;
  const rest = others === false ? [] : [`Record<string, ${typeOf(others, indent)}>`];
  const lines = properties.map(([name, value]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
    const mark = schema.required?.includes(name) ? '' : '?';
    return `${comment(value, `${indent}  `)}${indent}  ${key}${mark}: ${typeOf(value, `${indent}  `)};\n`;
  });
  if (lines.length === 0 && rest.length === 0) return 'Record<string, never>';
  return both([...(lines.length > 0 ? [`{\n${lines.join('')}${indent}}`] : []), ...rest]);
}

/** @param {Schema} schema @param {string} indent @returns {string} */
function typeOf(schema, indent) {
  if (typeof schema === 'boolean') return schema ? 'any' : 'never';
  if (schema.tsType !== undefined) return schema.tsType;
  if ('const' in schema) return literal(schema.const);
  if (schema.enum) return union(schema.enum, literal);
  /** @type {string[]} */
  const parts = [];
  if (schema.$ref !== undefined) parts.push(schema.$ref.replace('#/$defs/', ''));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) parts.push(union(choices, (choice) => typeOf(choice, indent)));
  for (const part of schema.allOf ?? []) parts.push(typeOf(part, indent));
  // The kind of a choice stands in the choice.
  const types = choices && !schema.properties ? [] : [schema.type ?? (schema.properties ? 'object' : [])].flat();
  if (types.length > 0) parts.push(union(types, (type) => kind(schema, type, indent)));
  return parts.length === 0 ? 'any' : both(parts);
}

/** @param {Schema} schema */
function declarations(schema) {
  const types = Object.entries((typeof schema === 'object' && schema.$defs) || {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(types.map(([name]) => name));
  for (const [, name] of JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]*)"/g)) {
    if (!names.has(name ?? '')) throw new Error(`the schema has no type ${name}`);
  }
  return (
    HEAD + types.map(([name, type]) => `\n${comment(type, '')}export type ${name} = ${typeOf(type, '')};\n`).join('')
  );
}

const program = path.join(path.resolve(root, process.env['CARGO_TARGET_DIR'] ?? 'target'), 'debug', 'tandem');

/** @param {...string} options */
function schemaOf(...options) {
  const asked = ['schema', ...options];
  const { stdout, status, error } = spawnSync(program, asked, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw error ?? new Error(`${program} ${asked.join(' ')} ended with ${status}`);
  return stdout;
}

/** What the page brings, and what it is made of. @type {[string, string][]} */
const FILES = [
  [FILE, declarations(JSON.parse(schemaOf('--page')))],
  ['www/scenario.schema.json', schemaOf()],
  ['www/report.schema.json', schemaOf('--report')],
];
for (const [name, made] of FILES) {
  const file = path.join(root, name);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, made);
  } else if (readFileSync(file, 'utf8') !== made) {
    console.error(`${name} is not what the types in Rust say: run \`cargo build && node scripts/types.js\`.`);
    process.exitCode = 1;
  }
}
