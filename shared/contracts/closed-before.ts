import { BODY_AT, type Leaf } from '../domain/audit-entry';
import type { ClosedEpoch } from './audit-body';
import { readableBody } from './read-audit-body';

const CLOSES = Buffer.from(',"closes":{"base":');

/**
 * The epoch that ends with this entry, which is the next one's first; `undefined` = it is an ordinary entry, or none that can be
 * read. Nearly all are told apart without parsing: in the canonical text inside a string the quotes would be escaped.
 */
export function closedBefore(leaf: Leaf): ClosedEpoch | undefined {
  const { buffer, byteOffset, length } = leaf;
  if (Buffer.from(buffer, byteOffset, length).indexOf(CLOSES, BODY_AT) < 0) return undefined;
  return readableBody(leaf)?.closes;
}
