import type { ProblemCode } from '../../shared/contracts/api/problems';

/** What a route answers: its data, or what went wrong. */
export type Answer<T> =
  | {
      readonly ok: true;
      readonly data: T;
      /** Revision of what is shown; the `ETag`. */
      readonly rev?: number;
      /** Where the next page of a list begins. */
      readonly next?: string;
    }
  | Refused;

export interface Refused {
  readonly ok: false;
  readonly code: ProblemCode;
  /** What to do about it, for the caller. */
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export const refused = (code: ProblemCode, detail: string, errors?: Refused['errors']): Refused => ({
  ok: false,
  code,
  detail,
  ...(errors === undefined ? {} : { errors }),
});

/** The same words for what is not there and for what is not the caller's to see. */
export const notFound = (what: string): Refused => refused('NOT_FOUND', `there is no ${what}`);
