/** Faults of the audit log. */

/** Others appended first at every try. Nothing of this batch was written; repeat it. */
export class AuditContentionError extends Error {
  override readonly name = 'AuditContentionError';
  constructor(readonly tries: number) {
    super(`the audit log's head moved at each of ${tries} tries`);
  }
}

/** Rows of the audit table contradict one another or are not ours: it was changed by hand. */
export class AuditLogBrokenError extends Error {
  override readonly name = 'AuditLogBrokenError';
}
