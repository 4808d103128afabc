import { canonicalJson, type JsonValue } from './canonical-json';
import { sha256Hex } from './digest';

/** An item as the change stream shows it. */
export type Image = Readonly<Record<string, unknown>>;

/**
 * SHA-256 over the RFC 8785 text of an item, 64 hex digits: binds an audit entry to what was stored without
 * repeating it. Sets count as sorted arrays, bytes as base64; `undefined` fields are not there.
 *
 * Total: whatever a person can write by hand in the console has a digest, since an item without one would
 * stop the sequencer. So numbers beyond JSON and lone surrogates are replaced, not refused.
 */
export function imageDigest(image: Image): string {
  return sha256Hex(imageText(image));
}

/** The text that the digest is of: what an item is exported as. */
export function imageText(image: Image): string {
  return canonicalJson(plain(image));
}

/** Sorted names of the top-level fields that differ; the key is not among them. Values are not looked into. */
export function changedFields(before: Image, after: Image): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  names.delete('pk');
  names.delete('sk');
  return [...names].filter((name) => textOf(before[name]) !== textOf(after[name])).sort();
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : canonicalJson(plain(value));

const LONE_SURROGATES = /\p{Surrogate}/gu;

function plain(value: unknown): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.replace(LONE_SURROGATES, '\uFFFD');
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((member) => (member === undefined ? null : plain(member)));
  // By tag, not by instanceof: sets and bytes of another realm (jest, vm) are sets and bytes too.
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Set]') return sortedMembers(value as ReadonlySet<unknown>);
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  const members: [string, JsonValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push([name.replace(LONE_SURROGATES, '\uFFFD'), plain(member)]);
  }
  return Object.fromEntries(members);
}

function sortedMembers(set: ReadonlySet<unknown>): JsonValue {
  const members = [...set].map((member) => {
    const value = plain(member);
    return { value, text: canonicalJson(value) };
  });
  return members
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map((member) => member.value);
}
