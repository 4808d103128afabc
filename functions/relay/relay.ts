import type { SongNotice } from '../../shared/contracts/song-notice';
import type { Canaries } from '../../shared/ports/canaries';
import type { Clock } from '../../shared/ports/clock';
import type { ContractStore } from '../../shared/ports/contract-store';
import type { Callbacks } from '../../shared/ports/executions';
import type { TokenCipher } from '../../shared/ports/outside';
import type { TokenStore } from '../../shared/ports/stores';

export interface RelayDeps {
  readonly contracts: ContractStore;
  readonly canaries: Pick<Canaries, 'answer'>;
  readonly tokens: TokenStore;
  readonly cipher: TokenCipher;
  readonly callbacks: Callbacks;
  readonly clock: Clock;
}

export type RelayInput = { readonly contractId: string } | SongNotice;
export type RelayOutput =
  | 'nothing_due'
  | 'delivered'
  | 'past_wait'
  | 'no_token'
  | 'song_answered'
  | 'no_song';

/**
 * Delivers a decision to the waiting execution, at least once. The callback is a wake-up only: the gate in
 * front of the executor is the authority. Throws when it could not be delivered and the wait goes on.
 * A song of the canary is answered.
 */
export async function relay(input: RelayInput, deps: RelayDeps): Promise<RelayOutput> {
  if ('song' in input) {
    const song = await deps.canaries.answer('relay', { rev: input.song, at: deps.clock.now() });
    return song === undefined ? 'no_song' : 'song_answered';
  }
  const contract = await deps.contracts.get(input.contractId);
  const approval = contract?.approval;
  if (contract === undefined || approval === undefined) return 'nothing_due';
  if (!approval.callback.due || approval.callback.deliveredAt !== undefined) return 'nothing_due';

  const decision =
    contract.status === 'denied' || contract.status === 'expired' || contract.status === 'cancelled'
      ? contract.status
      : 'approved';
  const delivered = await deliver(contract.contractId, approval.generation, decision, deps);
  if (delivered === 'no_token') return 'no_token';
  const marked = await deps.contracts.amend(
    contract,
    'approval.delivered',
    { actor: 'relay', reason: delivered.toUpperCase(), at: deps.clock.now() },
    { approval: { ...approval, callback: { due: true, deliveredAt: deps.clock.now() } } },
  );
  // The contract has moved on meanwhile; the next sweep marks it, and a repeated send does no harm.
  if (!marked.ok) return delivered;
  return delivered;
}

async function deliver(
  contractId: string,
  generation: number,
  decision: string,
  deps: RelayDeps,
): Promise<'delivered' | 'past_wait' | 'no_token'> {
  const tokens = await deps.tokens.of(contractId, generation);
  for (const stored of tokens) {
    const token = await deps.cipher.decrypt(stored.ciphertext, {
      contractId,
      generation: String(generation),
    });
    const answer = await deps.callbacks.succeed(token, { decision });
    if (answer === 'accepted') return 'delivered';
    if (await deps.callbacks.isPastWait(contractId)) return 'past_wait';
  }
  if (await deps.callbacks.isPastWait(contractId)) return 'past_wait';
  if (tokens.length === 0) return 'no_token';
  throw new CallbackUndeliveredError(`no token of ${contractId} was accepted and its execution still waits`);
}

/** The decision stands, but the execution could not be woken. Alarmed on; the reaper tries again. */
export class CallbackUndeliveredError extends Error {
  override readonly name = 'CallbackUndeliveredError';
}
