import type { Command, DecideOutput } from '../../shared/contracts/decision';
import { identityBinding } from '../../shared/domain/caller';
import { FUNCTIONS } from '../../shared/names';
import type { Backend, Identity } from './backend';

interface Given {
  readonly output: DecideOutput;
  readonly identity: Identity;
}

/** Gives one command to the deciding function, with the caller's proof; in the simulator with their word. */
export async function giveCommand(backend: Backend, command: Command): Promise<Given> {
  const { payload, identity } = await vouchedFor(backend, command);
  const output = (await backend.invoke(FUNCTIONS.decide, payload)) as DecideOutput;
  await backend.settle();
  return { output, identity };
}

/** The same of a command from which nothing follows. */
export async function askDecider(backend: Backend, command: Command): Promise<DecideOutput> {
  const { payload } = await vouchedFor(backend, command);
  return (await backend.ask(FUNCTIONS.decide, payload)) as DecideOutput;
}

async function vouchedFor(backend: Backend, command: Command) {
  const identity = await backend.identity();
  const proof = await backend.proof(identityBinding(command));
  const who = proof === undefined ? { principal: identity.principal } : { proof };
  return { identity, payload: { ...command, ...who } };
}
