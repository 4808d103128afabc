import type { Refusal, ReleaseCommand, ReleasedAnswer } from '../../shared/contracts/decision';
import type { Person } from '../../shared/domain/person';
import { targetKey } from '../../shared/domain/target';
import { type DecideDeps, notFound, refuse } from './request';

/** Roles whose people may say that Grace may act on a target again. */
const RELEASERS = ['operator', 'administrator'] as const;

/**
 * A person has looked at what the contract left behind: its targets are not frozen any more. Only those that this
 * contract froze; each is one conditional write, so that what was released before an interruption stays so.
 */
export async function release(
  { contractId, reason }: ReleaseCommand,
  person: Person,
  deps: DecideDeps,
): Promise<ReleasedAnswer | Refusal> {
  const roles = (await deps.directory.person(person.subject))?.roles ?? [];
  const stored = await deps.contracts.planIfReadable(contractId);
  if (stored === undefined || !RELEASERS.some((role) => roles.includes(role))) {
    return notFound(contractId, person);
  }
  const why = { actor: person.subject, reason, at: deps.clock.now() };
  const released: string[] = [];
  for (const key of stored.plan.targets.map(targetKey)) {
    if (await deps.reservations.unfreeze({ targetKey: key, frozenBy: contractId }, why)) released.push(key);
  }
  return released.length === 0
    ? refuse('NOT_FROZEN', 'none of its targets is frozen by it: somebody may have released them')
    : { ok: true, contractId, released };
}
