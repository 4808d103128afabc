import { createHash } from 'node:crypto';
import type { Outbound, OutboundRequest, Secrets } from '../../shared/ports/outbound';

/** What a webhook would have been sent. */
export interface RecordedRequest extends OutboundRequest {
  readonly at: number;
}

/** Takes every request as received and keeps it: the simulator talks to nobody. */
export function recordingOutbound(
  now: () => number,
): Outbound & { readonly recorded: readonly RecordedRequest[] } {
  const recorded: RecordedRequest[] = [];
  return {
    recorded,
    async post(request) {
      recorded.push({ ...request, at: now() });
      return { kind: 'answered', status: 204 };
    },
  };
}

/** Every parameter exists: its secret is made of its name, for nobody has to keep it. As a URL it leads nowhere. */
export const simulatedSecrets: Secrets = {
  async get(name) {
    return `whsec_${createHash('sha256').update(`simulator ${name}`).digest('base64')}`;
  },
};
