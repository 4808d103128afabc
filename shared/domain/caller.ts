import { digestOf } from './digest';

/** What a proof of identity is made for: this decision on this plan, and no other. */
export function identityBinding(decision: {
  readonly contractId: string;
  readonly decision: string;
  readonly planHash: string;
  readonly reason: string;
}): string {
  const { contractId, planHash, reason } = decision;
  return digestOf('grace.identity.v1\n', [contractId, decision.decision, planHash, reason]);
}

/**
 * Who decides, as settings name approvers. Of an assumed role the role, since the session's name is the
 * caller's own choice: `arn:aws:sts::1:assumed-role/Oncall/anna` is `arn:aws:iam::1:role/Oncall`.
 */
export function principalOf(arn: string): string {
  const assumed = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(arn);
  return assumed === null ? arn : `arn:${assumed[1]}:iam::${assumed[2]}:role/${assumed[3]}`;
}
