import type { AuditFinding } from '../../shared/contracts/audit-findings';

/** Nothing may be signed: the log, the sealed copies or the last checkpoint are not what they were. */
export class SealRefusal extends Error {
  override readonly name = 'SealRefusal';
  readonly finding: AuditFinding;

  constructor(
    kind: AuditFinding['kind'],
    about: {
      readonly detail: string;
      /** Entries under the last checkpoint. */
      readonly size: number;
      readonly seq?: number;
    },
  ) {
    super(about.detail);
    const { detail, seq } = about;
    this.finding = { kind, pk: '', sk: '', ...(seq === undefined ? {} : { seq }), detail };
    this.size = about.size;
  }
  readonly size: number;
}
