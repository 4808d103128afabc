import type { Refusal, ReleaseCommand, ReleasedAnswer } from '../../shared/contracts/decision';
import type { Person } from '../../shared/domain/person';
import { targetKey } from '../../shared/domain/target';
import { type DecideDeps, refuse } from './request';

/** Roles whose people may say that Grace may act on a target again. */
const RELEASERS = ['operator', 'administrator'] as const;

/**
 * A person has looked at what the contract left behind: its targets, or the one that is named, are not frozen any more.
 * Only what this contract froze; each is one conditional write, so that what was released before an interruption stays
 * so. A target that is named is let go also where the contract's plan cannot be read any more.
 */
export async function release(
  { contractId, target, reason }: ReleaseCommand,
  { subject }: Person,
  deps: DecideDeps,
): Promise<ReleasedAnswer | Refusal> {
  const roles = (await deps.directory.person(subject))?.roles ?? [];
  const keys = target === undefined ? await targetsOf(contractId, deps) : [target];
  if (keys === undefined || !RELEASERS.some((role) => roles.includes(role))) {
    return refuse('NOT_FOUND', `there is no contract ${contractId} whose targets ${subject} may let go`);
  }
  const why = { actor: subject, reason, at: deps.clock.now() };
  const released: string[] = [];
  for (const key of keys) {
    if (await deps.reservations.unfreeze({ targetKey: key, frozenBy: contractId }, why)) released.push(key);
  }
  return released.length === 0
    ? refuse('NOT_FROZEN', 'nothing is frozen by it: somebody may have let it go')
    : { ok: true, contractId, released };
}

async function targetsOf(
  contractId: string,
  { contracts }: Pick<DecideDeps, 'contracts'>,
): Promise<readonly string[] | undefined> {
  return (await contracts.planIfReadable(contractId))?.plan.targets.map(targetKey);
}
