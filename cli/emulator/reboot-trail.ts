import * as z from 'zod';
import { EmulatorError } from './emulator-error';
import { assertEmulator, EMULATOR_REGION } from './environment';

const Events = z.object({
  Events: z
    .array(z.object({ EventName: z.string(), EventTime: z.number(), CloudTrailEvent: z.string() }))
    .default([]),
});
const Recorded = z.object({ requestParameters: z.record(z.string(), z.unknown()).nullish() });

/** The call that reboots, the service that it is one of, and the parameter that names what. */
const REBOOTS = {
  'rds:instance': {
    source: 'rds.amazonaws.com',
    call: 'RebootDBInstance',
    parameter: 'DBInstanceIdentifier',
  },
  'ec2:instance': { source: 'ec2.amazonaws.com', call: 'RebootInstances', parameter: 'InstanceId.1' },
} as const;

export interface Reboot {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The newest reboots of a kind, by CloudTrail: on an emulator nothing else shows that there was one, since
 * databases and instances are never seen restarting there. Asked without the SDK, which would be one more
 * client for this one question; emulators do not check signatures.
 *
 * @throws EmulatorError `endpoint_unreachable` when the emulator keeps no trail
 */
export async function recentReboots(
  endpoint: string,
  kind: keyof typeof REBOOTS,
): Promise<readonly Reboot[]> {
  assertEmulator(endpoint);
  const { source, call, parameter } = REBOOTS[kind];
  const scope = `test/19700101/${EMULATOR_REGION}/cloudtrail/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    signal: AbortSignal.timeout(5_000),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: source }] }),
  });
  const events = response.ok ? Events.safeParse(await response.json()) : undefined;
  if (!events?.success) {
    throw new EmulatorError(
      'endpoint_unreachable',
      `${endpoint} tells nothing of reboots (CloudTrail LookupEvents, status ${response.status}). Start the emulator with CloudTrail, or leave reboots out.`,
    );
  }
  return events.data.Events.flatMap(({ EventName, EventTime, CloudTrailEvent }) => {
    const parameters = Recorded.parse(JSON.parse(CloudTrailEvent)).requestParameters ?? {};
    const id = parameters[parameter];
    // The event's name of a form-encoded call may be the bare method; its form tells then.
    const isReboot = EventName === call || parameters['Action'] === call;
    return isReboot && typeof id === 'string' ? [{ id, at: EventTime * 1000 }] : [];
  });
}
