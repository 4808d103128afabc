import type { CloseEpochCommand, EpochAnswer, Refusal } from '../../shared/contracts/decision';
import type { Person } from '../../shared/domain/person';
import { type DecideDeps, refuse } from './request';

/**
 * An administrator closes the epoch of the audit log that is open, by its number, so that a command that is repeated
 * does not close the next one too. The sequencer ends it where it meets this change, and begins the next one with it.
 */
export async function closeEpoch(
  { epoch, reason }: CloseEpochCommand,
  { subject }: Person,
  deps: DecideDeps,
): Promise<EpochAnswer | Refusal> {
  const roles = (await deps.directory.person(subject))?.roles ?? [];
  if (!roles.includes('administrator'))
    return refuse('NOT_ADMINISTRATOR', 'only administrators close an epoch of the audit log');
  const last = await deps.closings.last();
  const answer: EpochAnswer = { ok: true, epoch, by: subject };
  if (last?.epoch === epoch && last.by === subject && last.reason === reason) return answer;
  // A closing whose change the sequencer has not met yet: until then the epoch is open to it.
  const head = await deps.log.head();
  if (last !== undefined && last.epoch >= head.epoch)
    return refuse('CLOSING_UNDER_WAY', `${last.by} has closed epoch ${last.epoch}; its entry is on its way`);
  if (head.epoch !== epoch) return refuse('EPOCH_NOT_OPEN', `epoch ${head.epoch} is the one that is open`);
  if (head.size === head.base) return refuse('EPOCH_EMPTY', 'the audit log has no entry yet');
  const why = { actor: subject, reason, at: deps.clock.now() };
  const isClosed = await deps.closings.close(epoch, last, why);
  return isClosed ? answer : refuse('BUSY', 'another change came first: try again');
}
