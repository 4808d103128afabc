import type { Delivery } from '../contracts/webhook';
import type { UrlFault } from '../domain/outbound-url';
import type { Reason } from './contract-store';

/** A request to a host that somebody else runs. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why nothing was sent, or no answer came. All but the last two: not one connection was made. */
export type OutboundFault =
  | UrlFault
  | 'ADDRESS_NOT_PUBLIC'
  | 'NAME_NOT_RESOLVED'
  | 'NOT_CONNECTED'
  | 'TIMED_OUT';

export type OutboundResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs?: number }
  | { readonly kind: 'failed'; readonly code: OutboundFault };

/** Sends a POST to the outside, to public addresses only, once; never follows a redirect. Never throws. */
export interface Outbound {
  post(request: OutboundRequest): Promise<OutboundResult>;
}

/** Secrets by the names of their parameters. Values are never logged, stored or thrown. */
export interface Secrets {
  /** @throws when there is none of that name, or it cannot be had */
  get(name: string): Promise<string>;
}

/** What became of an attempt, as it is kept. */
export type Attempted = Pick<
  Delivery,
  'deliveryId' | 'webhookId' | 'status' | 'type' | 'event' | 'attempts' | 'firstAt' | 'lastAt' | 'outcome'
> & {
  readonly nextAt?: number;
  /** Whom the event belongs to. */
  readonly correlationId: string;
  readonly contractId?: string;
  readonly missionId?: string;
};

export interface DeliveryStore {
  get(deliveryId: string): Promise<Delivery | undefined>;
  /** `overtaken`: somebody else recorded an attempt since `seen` was read (absent = there was none). */
  record(attempted: Attempted, seen: Delivery | undefined, why: Reason): Promise<'recorded' | 'overtaken'>;
  /** Newest first. */
  list(limit: number): Promise<readonly Delivery[]>;
}

/** Where is put what was given up, so that somebody is told. */
export interface DeadLetters {
  bury(letter: Readonly<Record<string, string>>): Promise<void>;
}
