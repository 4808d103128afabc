import * as z from 'zod/mini';
import { STATUSES } from '../domain/transitions';

const Id = z.string().check(z.minLength(1), z.maxLength(128));
/** ISO 8601, UTC. */
const Time = z.iso.datetime();
const Count = z.int().check(z.nonnegative());

const Told = {
  /** Number of the audit entry that this tells of; also the id of the stream's event. */
  seq: Count,
  /** When the entry was sequenced. */
  at: Time,
  /** What happened, as the audit log names it: `approval.requested`, `contract.verifying` … */
  event: z.string().check(z.minLength(1), z.maxLength(64)),
} as const;

/** A request for approval, to somebody whom it concerns. Counts, never who voted how. */
export const RequestNews = z.strictObject({
  /** `may_decide`: asked to; `excluded`: may see it and not decide; `observer`: sees all requests. */
  you: z.enum(['may_decide', 'excluded', 'observer']),
  generation: z.int().check(z.positive()),
  planHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  quorum: z.int().check(z.positive()),
  approvals: Count,
  denials: Count,
  expiresAt: Time,
});
export type RequestNews = z.infer<typeof RequestNews>;

/**
 * One event of `GET /api/approvals/stream`: that something changed, and how it stands at the moment of telling.
 * No plan, no target, no reason, nobody's name and no token: who may see those asks the API for them.
 */
export const Notice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('contract'),
    ...Told,
    contractId: Id,
    missionId: Id,
    /** The contract's revision that the event made. */
    rev: Count,
    /** As the contract stands when this is told, which may be later than the event. */
    status: z.enum(STATUSES),
    tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    playbook: z.string(),
    request: z.optional(RequestNews),
  }),
  z.strictObject({ kind: z.literal('mission'), ...Told, missionId: Id }),
  z.strictObject({ kind: z.literal('control'), ...Told }),
  z.strictObject({ kind: z.literal('quarantine'), ...Told, quarantineId: Id }),
  /** Somebody may speak for somebody else, or may no more; names are for the API to tell. */
  z.strictObject({
    kind: z.literal('delegation'),
    ...Told,
    /** `delegator`: it is yours; `delegate`: you speak, or spoke, for somebody; `observer`: sees all. */
    you: z.enum(['delegator', 'delegate', 'observer']),
  }),
  /** The glass was broken for this contract, or somebody has looked at what was done then. */
  z.strictObject({ kind: z.literal('review'), ...Told, contractId: Id }),
  /** The check of the audit log found something, or what it found has passed or was closed. */
  z.strictObject({ kind: z.literal('finding'), ...Told, findingId: Id }),
  /** The epoch of the audit log that ends with this entry, which is the first of the next one. */
  z.strictObject({ kind: z.literal('epoch'), ...Told, epoch: z.int().check(z.positive()) }),
]);
export type Notice = z.infer<typeof Notice>;

/**
 * Where a stream goes on: the `Last-Event-ID` of the one before, which is the number of the last audit entry
 * that it had looked at; -1 is the beginning of the log.
 */
export const Position = z.string().check(z.regex(/^(-1|0|[1-9]\d{0,14})$/));
