import type { Envelope } from '../../shared/contracts/envelope';
import type { CapturedError } from '../../shared/contracts/error-detected';

/** An application's own error as EventBridge delivers it: the envelope is the detail. */
export function errorEvent(input: {
  readonly error: CapturedError;
  /** Unique; also the correlation id. */
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The person who asks for something by it. */
  readonly requestedBy?: string;
}) {
  const { id, source, account, region, error, requestedBy } = input;
  const time = new Date(input.at).toISOString();
  const envelope: Envelope & { readonly requestedBy?: string } = {
    id,
    type: 'error.detected',
    version: 1,
    time,
    correlationId: id,
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
