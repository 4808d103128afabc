import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ChangeCalendars } from '../../ports/policy';

/**
 * SSM Change Calendar: of several, the service answers CLOSED when one is closed. Without names it is not asked.
 * What cannot be asked is `unknown`, which the constitution takes for a no; why, `onFault` is told.
 */
export function ssmChangeCalendars(input: {
  readonly client: Pick<SSMClient, 'send'>;
  /** Names or ARNs of the calendars. */
  readonly names: readonly string[];
  readonly onFault: (error: unknown) => void;
}): ChangeCalendars {
  const { client, names, onFault } = input;
  return {
    async state() {
      if (names.length === 0) return 'none';
      try {
        const { State } = await client.send(new GetCalendarStateCommand({ CalendarNames: [...names] }));
        if (State === 'OPEN') return 'open';
        return State === 'CLOSED' ? 'closed' : 'unknown';
      } catch (error) {
        onFault(error);
        return 'unknown';
      }
    },
  };
}
