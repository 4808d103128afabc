import { type DecideOutput, type RequestCommand, readCommand } from '../../shared/contracts/decision';
import { identityBinding } from '../../shared/domain/caller';
import type { Person } from '../../shared/domain/person';
import type { Callers } from '../../shared/ports/outside';
import { breakGlass, cancel, replan } from './closing';
import { closeEpoch } from './epochs';
import { policiesInForce } from './policies-in-force';
import { closeReview, delegate, revoke } from './powers';
import { release } from './release';
import { type Answer, type Asked, type DecideDeps, notFound, refuse } from './request';
import { approve, deny, withdraw } from './votes';

/**
 * The one authority for what people command: they are who their proof says, and what the directory says of them
 * now. Bad input is answered with a code of its own, like every refusal.
 */
export async function decide(
  input: unknown,
  deps: DecideDeps & { readonly callers: Callers },
): Promise<DecideOutput> {
  const reading = readCommand(input);
  if (!reading.ok) return reading;
  const { command, proof } = reading;
  const person =
    proof === undefined ? undefined : await deps.callers.identify(proof, identityBinding(command));
  if (person === undefined) {
    return refuse('UNAUTHENTICATED', 'nobody vouches for who gives this command: sign it, or sign in, again');
  }
  switch (command.decision) {
    case 'delegate':
      return delegate(command, person, deps);
    case 'revoke':
      return revoke(command, person, deps);
    case 'review':
      return closeReview(command, person, deps);
    case 'close_epoch':
      return closeEpoch(command, person, deps);
    case 'policies':
      return policiesInForce(deps.inForce());
    case 'release':
      return release(command, person, deps);
    default:
      return aboutRequest(command, person, deps);
  }
}

const ANSWERS: Readonly<
  Record<RequestCommand['decision'], (asked: Asked, deps: DecideDeps) => Promise<Answer>>
> = { approve, deny, withdraw, cancel, replan, break_glass: breakGlass };

/** Full jitter: a wait between 0 and min(cap, base × 2^tries). Milliseconds; all tries together wait at most 4.5 s. */
const JITTER_BASE = 5;
const JITTER_CAP = 250;

async function aboutRequest(
  command: RequestCommand,
  person: Person,
  deps: DecideDeps,
): Promise<DecideOutput> {
  const most = deps.tries ?? 20;
  for (let tries = 0; tries < most; tries += 1) {
    if (tries > 0)
      await deps.clock.sleep(Math.ceil(deps.random() * Math.min(JITTER_CAP, JITTER_BASE * 2 ** tries)));
    const contract = await deps.contracts.get(command.contractId);
    const approval = contract?.approval;
    if (contract === undefined || approval === undefined) return notFound(command.contractId, person);
    const asked = { command, person, contract, approval, now: deps.clock.now() };
    const answer = await ANSWERS[command.decision](asked, deps);
    if (answer !== 'again') return answer;
  }
  return refuse('BUSY', 'other decisions came first each time: try again');
}
