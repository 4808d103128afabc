import type { Envelope } from '../contracts/envelope';
import type { CapturedError } from '../contracts/error-detected';

/** An application's own error as EventBridge delivers it: the envelope is the detail. */
export function errorEvent(input: {
  readonly error: CapturedError;
  /** Unique; also the correlation id unless one is given. */
  readonly id: string;
  readonly correlationId?: string;
  readonly missionId?: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The person who asks for something by it. */
  readonly requestedBy?: string;
}) {
  const { id, source, account, region, error, correlationId = id, missionId, requestedBy } = input;
  const time = new Date(input.at).toISOString();
  const envelope: Envelope & { readonly requestedBy?: string } = {
    id,
    type: 'error.detected',
    version: 1,
    time,
    correlationId,
    ...(missionId === undefined ? {} : { missionId }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    detail: { ...error },
  };
  return {
    version: '0',
    id,
    'detail-type': 'error.detected',
    source,
    account,
    region,
    time,
    resources: [],
    detail: envelope,
  };
}
export type ErrorEvent = ReturnType<typeof errorEvent>;
