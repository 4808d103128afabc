/**
 * Task tokens of `.waitForTaskToken` tasks. Sources: API Reference, SendTaskSuccess and SendTaskFailure.
 * TaskTimedOut: "The task token has either expired or the task associated with the token has already been closed".
 */

/** What a send answers; all but 'ok' are the names of the API's errors. */
export type SendReply = 'ok' | 'TaskTimedOut' | 'TaskDoesNotExist' | 'InvalidToken';

export type TaskTokens<Outcome> = {
  /** A new token; `onSend` is called at most once, with what was sent first. */
  open(onSend: (outcome: Outcome) => void): string;
  /** From now on, sends answer TaskTimedOut. */
  close(token: string): void;
  send(token: string, outcome: Outcome): SendReply;
};

const FORM = /^simulated-task-token-[0-9a-f]{32}$/;

export function taskTokens<Outcome>(random: () => number): TaskTokens<Outcome> {
  /** `undefined`: closed. Closed tokens are kept, as a late send must be told from a forged one. */
  const receivers = new Map<string, ((outcome: Outcome) => void) | undefined>();
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return {
    open(onSend) {
      const token = `simulated-task-token-${hex()}${hex()}${hex()}${hex()}`;
      receivers.set(token, onSend);
      return token;
    },
    close(token) {
      receivers.set(token, undefined);
    },
    send(token, outcome) {
      if (!FORM.test(token)) return 'InvalidToken';
      if (!receivers.has(token)) return 'TaskDoesNotExist';
      const receiver = receivers.get(token);
      if (!receiver) return 'TaskTimedOut';
      receivers.set(token, undefined);
      receiver(outcome);
      return 'ok';
    },
  };
}
