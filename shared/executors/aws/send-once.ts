import type { TargetKind } from '../../domain/target';
import type { CallAnswer, StepCall } from '../../ports/actions';
import { refusalIn } from './service-answer';

/** The part of an SDK client that says where and how often it sends. */
export interface ClientConfig {
  readonly config: { readonly region: () => Promise<string>; readonly maxAttempts: () => Promise<number> };
}

export interface OneRequest {
  readonly client: ClientConfig;
  readonly call: StepCall;
  /** The one action and the kind of target that the executor is for. */
  readonly action: string;
  readonly kind: TargetKind;
  /** Sends it; called at most once. */
  readonly send: () => Promise<unknown>;
}

/**
 * Sends one request and says how the service answered. A call that does not fit the executor or its
 * client is rejected before anything is sent (codes `NOT_SENT_…`): that is certain not to have happened,
 * and the other answer, a throw, would freeze the target for a mistake of ours.
 * @throws what the SDK threw when it is not known whether the request took effect
 */
export async function sendOnce({ client, call, action, kind, send }: OneRequest): Promise<CallAnswer> {
  if (call.action !== action) return notSent('ACTION', `${call.action} is not ${action}`);
  if (call.target.kind !== kind) return notSent('TARGET', `${call.target.kind} is not ${kind}`);
  const region = await client.config.region();
  if (region !== call.target.region) {
    return notSent('REGION', `the target is in ${call.target.region}, the client in ${region}`);
  }
  if ((await client.config.maxAttempts()) !== 1) return notSent('RETRIES', 'the client would send again');
  try {
    await send();
    return { kind: 'accepted' };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return { kind: 'rejected', ...refusal };
  }
}

export function notSent(what: string, message: string): CallAnswer {
  return { kind: 'rejected', code: `NOT_SENT_${what}`, message };
}
