import { entryText, type Leaf } from '../domain/audit-entry';
import { AuditBody } from './audit-body';

/**
 * Reads the body out of an entry.
 * @throws SyntaxError or ZodError when it is none of ours; check the chain first.
 */
export function readAuditBody(leaf: Leaf): AuditBody {
  return AuditBody.parse(JSON.parse(entryText(leaf)));
}

/** The same; `undefined` = it is none of ours. */
export function readableBody(leaf: Leaf): AuditBody | undefined {
  try {
    return readAuditBody(leaf);
  } catch {
    return undefined;
  }
}
