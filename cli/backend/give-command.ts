import type { Command, DecideOutput } from '../../shared/contracts/decision';
import { identityBinding } from '../../shared/domain/caller';
import { FUNCTIONS } from '../../shared/names';
import type { Backend, Identity } from './backend';

/** Gives one command to the deciding function, with the caller's proof; in the simulator with their word. */
export async function giveCommand(
  backend: Backend,
  command: Command,
): Promise<{ readonly output: DecideOutput; readonly identity: Identity }> {
  const identity = await backend.identity();
  const proof = await backend.proof(identityBinding(command));
  const who = proof === undefined ? { principal: identity.principal } : { proof };
  const output = (await backend.invoke(FUNCTIONS.decide, { ...command, ...who })) as DecideOutput;
  await backend.settle();
  return { output, identity };
}
