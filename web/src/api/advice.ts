import { NoAnswerError, ProblemError } from './errors';

/** A failure as it is shown: what, which code, what to do, and what to quote when asking for help. */
export interface Failure {
  readonly title: string;
  readonly detail: string;
  /** What the reader can do. */
  readonly advice: string;
  readonly code: string;
  readonly correlationId?: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];
}

/** By the code of a problem; for codes that are not here the API's own detail has to do. */
const ADVICE: Readonly<Record<string, string>> = {
  TOKEN_EXPIRED: 'Sign in again. What you see stays on the screen.',
  FORBIDDEN: 'Ask an administrator for the role that this needs.',
  EXCLUDED: 'Somebody else has to decide: whoever proposed, requested or wrote the rule has no vote.',
  NOT_FOUND: 'It may have been there before, or your roles may not include it.',
  PLAN_CHANGED: 'Read the plan again: it is not the one that you saw. Nothing was decided.',
  CLOSED: 'Somebody was faster. Read how it ended; nothing of yours was recorded.',
  EXPIRED: 'The time to decide is over. If the trouble is still there, its alarm opens a new request.',
  ALREADY_VOTED: 'Your vote counts once. Withdraw it first if you have changed your mind.',
  REAUTHENTICATE: 'Sign in afresh, then do it again within five minutes.',
  EPOCH_NOT_OPEN: 'It was closed before. Read who closed it, and why; nothing of yours was recorded.',
  CLOSING_UNDER_WAY: 'Somebody was faster. Look again in a minute; nothing of yours was recorded.',
  BUSY: 'Many decided at once. Try again.',
  REV_CHANGED: 'It has changed since you read it. Look again, then decide.',
  ALREADY_RELEASED: 'Nothing is left to do here.',
  NOTHING_TO_RESTORE: 'A restart, for instance, has no state before it to go back to.',
  RATE_LIMITED: 'Wait a few seconds. The page tries again by itself.',
  UNAVAILABLE: 'Nothing was changed. Try again; if it stays so, run `grace doctor`.',
  INTERNAL: 'Try again. If it stays so, look for the correlation id in the logs.',
};

export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) {
    const { title, detail, code, correlationId, errors = [] } = error.problem;
    return { title, detail, code, correlationId, fields: errors, advice: ADVICE[code] ?? '' };
  }
  if (error instanceof NoAnswerError) {
    return {
      title: 'Grace does not answer',
      detail: error.message,
      advice:
        'Check the network. The page tries again by itself; `grace` on the command line works without it.',
      code: 'NO_ANSWER',
      fields: [],
    };
  }
  return {
    title: 'The console failed',
    detail: error instanceof Error ? error.message : String(error),
    advice: 'Reload the page. Nothing that was not confirmed has happened.',
    code: 'CONSOLE_FAULT',
    fields: [],
  };
}
