import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { JsonValue } from '../domain/canonical-json';
import { isForbiddenKey, numberFault, textFault } from './strict-json-rules';

/**
 * YAML 1.2 read as plain JSON data, with the place of every value. Of YAML only what files of settings
 * need: no anchors and aliases (bombs, hidden edits), tags, merge keys, directives or second documents.
 */

export type SourcePath = readonly (string | number)[];
export interface SourceProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly path: SourcePath;
  readonly message: string;
  readonly fix: string;
}
export interface Place {
  readonly line: number;
  readonly column: number;
}
export type YamlSource =
  | { readonly ok: true; readonly value: JsonValue; readonly placeOf: (path: SourcePath) => Place }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

export const YAML_MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 12;
const MAX_NODES = 10_000;
const MAX_PROBLEMS = 50;
/** The `yaml` package dies (the process, not an exception) on some 10,000 block levels in one line. */
const MAX_LINE_LENGTH = 2000;
const MAX_LEADING_INDICATORS = 120;
/** Flow brackets in a row make the parser recurse; it survives some 700. */
const MAX_BRACKETS = 2000;

/** The value of one YAML text, or everything wrong with it. Never throws. */
export function readYaml(text: string): YamlSource {
  const unfit = textProblem(text);
  if (unfit !== undefined) return { ok: false, problems: [unfit] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const problems = syntaxProblems(document, lines);
  if (problems.length > 0) return { ok: false, problems };
  const walk: Walk = { lines, problems: [], places: new Map(), nodes: 0 };
  const value = plain(document.contents, { path: [], parent: { line: 1, column: 1 } }, walk);
  if (walk.problems.length > 0) return { ok: false, problems: walk.problems.slice(0, MAX_PROBLEMS) };
  return { ok: true, value, placeOf: (path) => nearestPlace(walk.places, path) };
}

/** What must be known before the parser sees the text. */
function textProblem(text: string): SourceProblem | undefined {
  const at = (line: number, column: number, message: string, fix: string): SourceProblem => ({
    line,
    column,
    path: [],
    message,
    fix,
  });
  if (Buffer.byteLength(text) > YAML_MAX_BYTES) {
    return at(1, 1, `the file has more than ${YAML_MAX_BYTES} bytes`, 'split it');
  }
  if (text.trim() === '') return at(1, 1, 'the file is empty', 'write the document');
  if (text.startsWith('\ufeff'))
    return at(1, 1, 'the file starts with a byte order mark', 'save it as UTF-8 without one');
  let brackets = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const fault = textFault(line, MAX_LINE_LENGTH, true);
    if (fault === 'STRING_TOO_LONG') {
      return at(index + 1, 1, `the line has more than ${MAX_LINE_LENGTH} characters`, 'break it');
    }
    if (fault !== undefined) {
      return at(index + 1, 1, `${fault}: a character that cannot be seen or shown`, 'remove it');
    }
    if (line.startsWith('%')) return at(index + 1, 1, 'a YAML directive', 'remove it; files are YAML 1.2');
    const leading = /^[ \-?:]*/.exec(line)?.[0].length ?? 0;
    brackets += line.split(/[[{]/).length - 1;
    if (leading > MAX_LEADING_INDICATORS || brackets > MAX_BRACKETS) {
      return at(index + 1, 1, 'nested too deeply', `nest at most ${MAX_DEPTH} levels`);
    }
  }
  return undefined;
}

function syntaxProblems(document: Document.Parsed, lines: LineCounter): SourceProblem[] {
  return document.errors.slice(0, MAX_PROBLEMS).map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      line,
      column: col,
      path: [],
      message: `${error.code}: ${error.message}`,
      fix: fixOf(error.code),
    };
  });
}

function fixOf(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'the key stands twice; keep one';
  if (code === 'MULTIPLE_DOCS') return 'one file holds one document; move what follows `---` to its own file';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  return 'correct the YAML at this place';
}

interface Walk {
  readonly lines: LineCounter;
  readonly problems: SourceProblem[];
  readonly places: Map<string, Place>;
  nodes: number;
}

interface Position {
  readonly path: SourcePath;
  /** Used for values that have no text of their own (`key:` and nothing after it). */
  readonly parent: Place;
}

/** Converts a node; recursion ends at MAX_DEPTH. */
function plain(node: Node | null | undefined, position: Position, walk: Walk): JsonValue {
  const { path } = position;
  const place = placeOfNode(node, walk.lines) ?? position.parent;
  if (!walk.places.has(keyOf(path))) walk.places.set(keyOf(path), place);
  const refuse = (message: string, fix: string): null => {
    walk.problems.push({ ...place, path, message, fix });
    return null;
  };
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES)
    return walk.nodes === MAX_NODES + 1 ? refuse('too many values', 'split the file') : null;
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return refuse('an alias (`*name`)', 'write the value out');
  if (hasAnchor(node)) return refuse('an anchor (`&name`)', 'remove it');
  if (node.tag !== undefined) return refuse(`a tag (\`${node.tag}\`)`, 'remove it');
  if (isScalar(node)) return scalar(node.value, refuse);
  if (path.length >= MAX_DEPTH) return refuse('nested too deeply', `nest at most ${MAX_DEPTH} levels`);
  if (isSeq(node)) {
    return node.items.map((item, index) =>
      plain(item as Node | null, { path: [...path, index], parent: place }, walk),
    );
  }
  if (!isMap(node)) return refuse('not plain data', 'write a map, a list or a value');
  const members: Record<string, JsonValue> = {};
  for (const pair of node.items) {
    const key = pair.key;
    const keyPlace = placeOfNode(key as Node | null, walk.lines) ?? place;
    const fault = keyFault(key);
    if (fault !== undefined) {
      walk.problems.push({ ...keyPlace, path, ...fault });
      continue;
    }
    const name = (key as { value: string }).value;
    const inner: SourcePath = [...path, name];
    walk.places.set(keyOf(inner), keyPlace);
    const value = plain(pair.value as Node | null, { path: inner, parent: keyPlace }, walk);
    // Inherited names such as `toString` are defined, so that no setter is ever called.
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return members;
}

function scalar(value: unknown, refuse: (message: string, fix: string) => null): JsonValue {
  if (typeof value === 'number') {
    const fault = numberFault(value);
    return fault === undefined
      ? value
      : refuse(`${fault}: not a number that can be kept exactly`, 'write another number');
  }
  if (typeof value === 'string') {
    const fault = textFault(value, YAML_MAX_BYTES, true);
    return fault === undefined ? value : refuse(`${fault} in the text`, 'remove the character');
  }
  if (typeof value === 'boolean' || value === null) return value;
  return refuse('not plain data', 'write text, a number, true or false');
}

function keyFault(key: unknown): { readonly message: string; readonly fix: string } | undefined {
  if (!isScalar(key) || typeof key.value !== 'string')
    return { message: 'a key that is not text', fix: 'quote it' };
  if (hasAnchor(key) || key.tag !== undefined)
    return { message: 'an anchor or tag on a key', fix: 'remove it' };
  if (key.value === '<<') return { message: 'a merge key (`<<`)', fix: 'write the fields out' };
  if (isForbiddenKey(key.value)) return { message: `the key \`${key.value}\``, fix: 'use another name' };
  const fault = textFault(key.value, 512, false);
  return fault === undefined ? undefined : { message: `${fault} in a key`, fix: 'correct the key' };
}

function hasAnchor(node: Node): boolean {
  return 'anchor' in node && typeof node.anchor === 'string';
}

function placeOfNode(node: Node | null | undefined, lines: LineCounter): Place | undefined {
  const offset = node?.range?.[0];
  if (offset === undefined) return undefined;
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

const keyOf = (path: SourcePath): string => JSON.stringify(path);

/** The place of the value, or of the nearest thing around it (for what is missing). */
function nearestPlace(places: ReadonlyMap<string, Place>, path: SourcePath): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(keyOf(path.slice(0, length)));
    if (place !== undefined) return place;
  }
  return { line: 1, column: 1 };
}
