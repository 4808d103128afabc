import { hash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './canonical-json';

/**
 * What a digest is of, ending in a line feed: `grace.plan.v1\n`. No canonical JSON starts with or
 * holds a raw line feed, so two kinds of digest can never be taken over the same bytes.
 */
export type DomainPrefix = `${string}\n`;

/**
 * SHA-256 as 64 lower-case hex digits. A string is hashed as UTF-8, in which a lone surrogate becomes
 * U+FFFD: text from outside is checked (strict-json) or canonicalised before it is hashed.
 * `crypto.hash` (Node 20.12; we require 20.19) is about twice as fast as `createHash` on small inputs.
 */
export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** SHA-256 as 32 bytes; the same input rules as `sha256Hex`. */
export function sha256Bytes(text: string | Uint8Array): Uint8Array {
  return hash('sha256', text, 'buffer');
}

/**
 * SHA-256(prefix ‖ RFC 8785 JSON of value), 64 hex digits. This is the plan hash with the prefix
 * `grace.plan.v1\n`.
 * @throws CanonicalJsonError where the value has no canonical form
 */
export function digestOf(domainPrefix: DomainPrefix, value: JsonValue): string {
  return sha256Hex(domainPrefix + canonicalJson(value));
}
