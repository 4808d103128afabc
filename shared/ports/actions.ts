import type { LiveTarget, Target } from '../domain/target';

/** The request of one step, fixed in the ledger before it is sent. A replay is the same request. */
export interface StepCall {
  readonly action: string;
  readonly target: Target;
  /** Absolute values to reach (absolute actions), or the fixed arguments of a one-shot. */
  readonly intended: Readonly<Record<string, string | number | boolean>>;
  /** Token that services with idempotency tokens take. */
  readonly clientToken: string;
  /** Milliseconds since 1970 of the INTENT. */
  readonly intentAt: number;
}

/** How the service answered. A thrown error means that it is not known whether the request arrived. */
export type CallAnswer =
  | { readonly kind: 'accepted' }
  /** The service refused it: nothing happened. `code` is the service's error code. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string };

/** One executor's hands: the calls that change something, of one service. */
export interface ActionPort {
  describe(target: Target): Promise<LiveTarget | undefined>;
  /** Sends exactly one request, never retried by the client. */
  send(call: StepCall): Promise<CallAnswer>;
  /**
   * Looks for evidence that a one-shot request sent at `call.intentAt` took effect (an event, a restart
   * time). `yes` only on evidence; `unknown` where the service leaves none.
   */
  evidence(call: StepCall): Promise<'yes' | 'unknown'>;
}
