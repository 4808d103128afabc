import { entryText } from '../domain/audit-entry';
import { AuditBody } from './audit-body';

/**
 * Reads the body out of an entry's bytes.
 * @throws SyntaxError or ZodError when it is none of ours; check the chain first.
 */
export function readAuditBody(bytes: Uint8Array): AuditBody {
  return AuditBody.parse(JSON.parse(entryText(bytes)));
}
