/** What the API reaches beside the stores. */
import type { Command, DecideOutput } from '../contracts/decision';
import type { Proof } from '../contracts/proof';
import type { ErrorEvent } from '../domain/error-event';
import type { Person } from '../domain/person';

/** The deciding function: the one authority for what people tell it. It verifies the proof itself. */
export interface Decider {
  decide(command: Command, proof: Proof): Promise<DecideOutput>;
}

/** The way in of errors that people and applications report: the bus. */
export interface ErrorIntake {
  /** Put on the bus, or thrown. A repeat of the same event is recognised by its id. */
  report(event: ErrorEvent): Promise<void>;
}

/** Answers of writes by idempotency key, so that a repeated request is answered and not done again. */
export interface IdempotencyStore {
  /** `begun`: the caller does it now and calls `finish`; whoever dies meanwhile is followed after a minute. */
  begin(request: IdempotentRequest, now: number): Promise<IdempotentBeginning>;
  finish(request: IdempotentRequest, answer: StoredAnswer, now: number): Promise<void>;
  /** It failed and nothing is kept: the next try begins anew. */
  abandon(request: IdempotentRequest): Promise<void>;
}
export interface IdempotentRequest {
  /** SHA-256 of who asks and their key. */
  readonly id: string;
  /** SHA-256 of method, path and body. */
  readonly digest: string;
}
export interface StoredAnswer {
  readonly status: number;
  readonly etag?: string;
  readonly body: string;
}
export type IdempotentBeginning =
  | { readonly kind: 'begun' | 'in_progress' | 'other_request' }
  | { readonly kind: 'done'; readonly answer: StoredAnswer };

/** How often somebody may call. */
export interface RateLimiter {
  /** 0 = now; else seconds until they may again. */
  waitSeconds(subject: string): number;
}

/** Which actions can be taken here. */
export interface Capabilities {
  of(action: string): Promise<Capability>;
}
export interface Capability {
  /** `unknown`: it could not be asked; `detail` says why. */
  readonly usable: 'yes' | 'no' | 'unknown';
  /** IAM actions that the executor's role lacks. */
  readonly missing: readonly string[];
  readonly detail: string;
}

/** Reads access tokens, and says what is wrong with one that is not believed. */
export interface TokenReader {
  /** @throws when the issuer's keys cannot be had */
  read(token: string): Promise<TokenReading>;
}
export type TokenReading =
  /** `expiresAt`: when the token ends, seconds since 1970. */
  | { readonly ok: true; readonly person: Person; readonly expiresAt: number }
  | { readonly ok: false; readonly code: TokenFault };
export type TokenFault =
  | 'TOKEN_MALFORMED'
  | 'TOKEN_ALGORITHM'
  | 'TOKEN_SIGNATURE'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_NOT_YET_VALID'
  | 'TOKEN_ISSUER'
  | 'TOKEN_AUDIENCE'
  | 'TOKEN_USE';

/** The API's documents, made from the route table when the function was built. */
export interface ApiDocuments {
  /** OpenAPI 3.1 as JSON. */
  readonly openapi: string;
  /** The same for people, HTML. */
  readonly page: string;
  /** Content security policy of the page: by the hash of its style. */
  readonly pagePolicy: string;
}
