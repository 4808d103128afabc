import { MESH_DETAILS, ReasonCode } from '../../shared/contracts/mesh-events';
import type { EventType } from '../../shared/domain/event-types';
import { canaryKey, epochKey } from '../../shared/domain/keys';
import { EPOCH_CLOSED } from '../../shared/domain/log-epochs';
import type { Item } from '../../shared/ports/table';

/** Kinds of events that items of the state table tell of, and the one kind of item that tells them. */
type Kind = 'contract' | 'approval' | 'job' | 'metric' | 'quarantine' | 'finding' | 'song' | 'epoch';

/**
 * One transaction changes several items for one event, and a mission repeats what happened to its contracts:
 * an event is published from its own item only, so once, and never in a circle.
 */
function kindOf(type: EventType, item: Item): Kind | undefined {
  const isContract = item.pk.startsWith('CONTRACT#') && item.sk === 'CONTRACT';
  if (type.startsWith('agentic.')) return isContract ? 'contract' : undefined;
  if (type.startsWith('approval.')) return isContract ? 'approval' : undefined;
  if (type.startsWith('job.')) return item.pk.startsWith('JOB#') ? 'job' : undefined;
  if (type === 'quarantine.released') return item.pk.startsWith('QUARANTINE#') ? 'quarantine' : undefined;
  if (type === 'metric.published') return item.sk.startsWith('BENCHMARK#') ? 'metric' : undefined;
  if (type === 'audit.anomaly_detected') return item.pk.startsWith('FINDING#') ? 'finding' : undefined;
  if (type === 'audit.canary')
    return item.pk === canaryKey.pk && item.sk === canaryKey.sk ? 'song' : undefined;
  if (type === EPOCH_CLOSED) return item.pk === epochKey.pk && item.sk === epochKey.sk ? 'epoch' : undefined;
  // error.* is never sent.
  return undefined;
}

const CONTRACT_FIELDS = [
  'contractId',
  'missionId',
  'status',
  'rev',
  'mode',
  'tier',
  'playbook',
  'verdict',
  'confidence',
];
const APPROVAL_FIELDS = ['generation', 'quorum', 'expiresAt'];
const JOB_FIELDS = ['type', 'status', 'attempts'];
const METRIC_FIELDS = ['phase', 'n', 'measuredAt', 'endsAt'];

export type Detail =
  | { readonly kind: 'detail'; readonly detail: Record<string, unknown> }
  /** This item does not tell of that event. */
  | { readonly kind: 'not_its_event' }
  /** The item is not what it should be: made by hand. `fields` that are wrong; no values. */
  | { readonly kind: 'invalid'; readonly fields: readonly string[] };

/** What an event may show of its item: fields by name, checked by the event's schema. Everything else stays here. */
export function eventDetail(type: EventType, item: Item): Detail {
  const kind = kindOf(type, item);
  if (kind === undefined) return { kind: 'not_its_event' };
  const checked = MESH_DETAILS[type].safeParse(allowed(kind, type, item));
  if (checked.success) return { kind: 'detail', detail: checked.data };
  return { kind: 'invalid', fields: checked.error.issues.map((issue) => issue.path.join('.')) };
}

function allowed(kind: Kind, type: EventType, item: Item): Record<string, unknown> {
  switch (kind) {
    case 'contract':
      return { ...some(item, CONTRACT_FIELDS), ...reasonOf(item) };
    case 'approval':
      // Without the reason: it may be in a voter's words.
      return { ...some(item, CONTRACT_FIELDS), ...approvalOf(type, item['approval']) };
    case 'job':
      return { jobId: item.pk.slice('JOB#'.length), ...some(item, JOB_FIELDS), ...reasonOf(item) };
    case 'finding': {
      const { kind, pk, sk, seq = 0, rev = 0 } = isMap(item['finding']) ? item['finding'] : {};
      return { kind, pk, sk, seq, rev, eventId: item.pk };
    }
    case 'epoch':
      return some(item, ['epoch', 'rev']);
    case 'song':
      return some(item, ['rev']);
    case 'quarantine':
      return { quarantineId: item.pk.slice('QUARANTINE#'.length), ...some(item, ['rev']) };
    case 'metric': {
      const contractId = item.pk.startsWith('CONTRACT#')
        ? { contractId: item.pk.slice('CONTRACT#'.length) }
        : {};
      return { ...contractId, ...some(item, METRIC_FIELDS) };
    }
  }
}

function approvalOf(type: EventType, approval: unknown): Record<string, unknown> {
  if (!isMap(approval)) return {};
  const votes = isMap(approval['votes']) ? Object.values(approval['votes']) : [];
  const decided = (decision: string): number =>
    votes.filter((vote) => isMap(vote) && vote['decision'] === decision).length;
  const { escalation, brokenBy } = approval;
  return {
    ...some(approval, APPROVAL_FIELDS),
    approvals: decided('approve'),
    denials: decided('deny'),
    ...(brokenBy === undefined ? {} : { brokenGlass: true }),
    // Names only where they are to be called.
    ...(type === 'approval.escalated' && escalation !== undefined ? { escalatedTo: escalation } : {}),
  };
}

/** Codes only: a reason in words may be anybody's words. */
function reasonOf(item: Item): { reason?: string } {
  const code = ReasonCode.safeParse(item['reason']);
  return code.success ? { reason: code.data } : {};
}

function some(map: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => map[name] !== undefined).map((name) => [name, map[name]]));
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
