import type { Command } from '../contracts/decision';
import { digestOf } from './digest';

/** What a signed proof of identity is made for: this very command, and no other. */
export function identityBinding(command: Command): string {
  // What was left out is not there.
  const given = Object.entries(command).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return digestOf('grace.identity.v2\n', Object.fromEntries(given));
}

/**
 * Who decides, as settings name approvers. Of an assumed role the role, since the session's name is the
 * caller's own choice: `arn:aws:sts::1:assumed-role/Oncall/anna` is `arn:aws:iam::1:role/Oncall`.
 */
export function principalOf(arn: string): string {
  const assumed = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(arn);
  return assumed === null ? arn : `arn:${assumed[1]}:iam::${assumed[2]}:role/${assumed[3]}`;
}
