import type { Problem } from '../../../shared/contracts/api/problems';

/** The API said no, with a problem of RFC 9457. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** No answer that can be used: the network, a time-out, a proxy's page instead of the API's. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Nobody is signed in, or not any more: what is on the screen stays, and asks to sign in. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}
