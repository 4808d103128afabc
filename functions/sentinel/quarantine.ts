import type { Quarantined } from '../../shared/contracts/quarantine';
import { cutText } from '../../shared/domain/cut-text';
import { sha256Hex } from '../../shared/domain/digest';
import { type Finding, printable } from '../../shared/domain/hunter/finding';
import type { Clock } from '../../shared/ports/clock';
import type { QuarantineStore } from '../../shared/ports/quarantine';
import type { Decision, IntakeRecord } from './decision';

export interface QuarantineDeps {
  readonly quarantine: QuarantineStore;
  readonly clock: Clock;
}

/** Puts a message away that is no proper event, with what is wrong with it. */
export function putAway(
  record: IntakeRecord,
  code: string,
  message: string,
  deps: QuarantineDeps,
): Promise<Decision> {
  return keep(record, { code, message, findings: [] }, deps);
}

/** Puts a proper event away that looks like an attack; whole, so that a person can let it go. */
export function holdBack(
  record: IntakeRecord,
  findings: readonly [Finding, ...Finding[]],
  deps: QuarantineDeps,
): Promise<Decision> {
  const [{ code, path, why }] = findings;
  const message = `${path}: ${why}`;
  return keep(record, { code, message, findings: findings.slice(0, 20), body: record.body }, deps);
}

async function keep(
  record: IntakeRecord,
  what: Pick<Quarantined, 'code' | 'message' | 'findings' | 'body'>,
  deps: QuarantineDeps,
): Promise<Decision> {
  const at = deps.clock.now();
  const { code, message } = what;
  await deps.quarantine.put(
    {
      ...what,
      id: sha256Hex(`${code}\n${record.body.slice(0, 1_048_576)}`).slice(0, 40),
      message: cutText(message, 1024),
      excerpt: printable(JSON.stringify(record.body.slice(0, 2048)), 12_288),
      receivedAt: at,
    },
    { actor: 'sentinel', reason: code, at },
  );
  return {
    messageId: record.messageId,
    eventId: undefined,
    decision: 'QUARANTINED',
    detail: `${code}: ${message}`,
  };
}
