import type { AuditEntryView, EntriesView } from '../../shared/contracts/api/audit';
import { FINDING_WORDS } from '../../shared/contracts/audit-finding-words';
import { readAuditBody } from '../../shared/contracts/read-audit-body';
import { entryBytes, type StoredEntry } from '../../shared/domain/audit-entry';
import { canonicalJson } from '../../shared/domain/canonical-json';
import { type Answer, notFound } from './answer';
import type { Asked, Handlers } from './asked';
import { timelineEntry, timeOf } from './contract-view';
import { cursorText, readCursor } from './cursor';
import type { ApiDeps } from './deps';
import { logEpochs } from './log-epochs';
import { invalidCursor } from './page';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

type Names =
  | 'listEntries'
  | 'getProof'
  | 'listCheckpoints'
  | 'listEpochs'
  | 'listFindings'
  | 'closeFinding'
  | 'getActivity';

const HOUR_MS = 3600_000;

export const AUDIT_ROUTES: Handlers<Names> = {
  async listEntries({ query }, deps) {
    const { limit, cursor, from, contractId, missionId } = query;
    const filters = { contractId: contractId ?? null, missionId: missionId ?? null };
    const list = `entries?${canonicalJson(filters)}`;
    const place = cursor === undefined ? undefined : readCursor(list, cursor);
    if (cursor !== undefined && place === undefined) return invalidCursor;
    const head = await deps.audit.head();
    const page = await entriesOf(query, deps, {
      // Without a place to begin: the newest ones.
      first: place === undefined ? from : Number(place.at),
      size: head.size,
      limit,
    });
    return {
      ok: true,
      data: {
        entries: page.entries.map(entryView),
        head: {
          log: head.log,
          size: head.size,
          link: Buffer.from(head.link).toString('hex'),
          sequencedAt: head.size === 0 ? null : timeOf(head.sequencedAt),
        },
      },
      ...(page.next === undefined ? {} : { next: cursorText(list, { at: String(page.next), skip: 0 }) }),
    } satisfies Answer<EntriesView>;
  },

  async getProof({ params: { seq } }, deps) {
    const found = await deps.proofs.proofOf(seq);
    if (found === undefined) return notFound(`entry ${seq} under a checkpoint`);
    const { entry, index, proof, checkpoint } = found;
    return {
      ok: true,
      data: {
        entry: entryView(entry),
        index,
        proof: proof.map(base64),
        checkpoint: { size: checkpoint.size, note: checkpoint.note },
      },
    };
  },

  async listCheckpoints({ query: { limit } }, deps) {
    const found = await deps.checkpoints.list(limit);
    return { ok: true, data: found.map(({ size, note }) => ({ size, note })) };
  },

  async listEpochs({ query: { limit } }, deps) {
    return { ok: true, data: await logEpochs(limit, deps) };
  },

  async listFindings({ query: { limit } }, deps) {
    const found = await deps.findings.list(limit);
    return {
      ok: true,
      data: found.map(({ findingId, status, finding, foundAt, changedAt, changedBy, reason }) => ({
        findingId,
        status,
        kind: finding.kind,
        item: finding.pk === '' ? '' : `${finding.pk}/${finding.sk}`,
        seq: finding.seq ?? null,
        detail: finding.detail,
        ...FINDING_WORDS[finding.kind],
        foundAt: timeOf(foundAt),
        changedAt: timeOf(changedAt),
        changedBy,
        reason: reason ?? null,
      })),
    };
  },

  async closeFinding({ params: { id }, body: { reason }, caller }, { findings, clock }) {
    const why = { actor: caller.person.subject, reason, at: clock.now() };
    const isClosed = await findings.close(id, why);
    return isClosed
      ? { ok: true, data: { findingId: id, status: 'closed' } }
      : notFound(`open finding ${id}`);
  },

  async getActivity({ query: { hours } }, { activity, clock }) {
    const hour = (ms: number) => new Date(ms).toISOString().slice(0, 13);
    const now = clock.now();
    const found = await activity.summaries(hour(now - hours * HOUR_MS), hour(now));
    return { ok: true, data: found.map((one) => ({ ...one })) };
  },
};

interface Slice {
  readonly entries: readonly StoredEntry[];
  /** `seq` at which the next page begins. */
  readonly next: number | undefined;
}

async function entriesOf(
  { contractId, missionId }: Asked<'listEntries'>['query'],
  { audit }: ApiDeps,
  {
    first,
    size,
    limit,
  }: { readonly first: number | undefined; readonly size: number; readonly limit: number },
): Promise<Slice> {
  if (contractId !== undefined || missionId !== undefined) {
    const of = contractId === undefined ? { missionId: missionId as string } : { contractId };
    const all = await audit.entriesOf(of);
    const rest = all.filter(({ seq }) => first === undefined || seq >= first);
    return { entries: rest.slice(0, limit), next: rest[limit]?.seq };
  }
  const begin = first ?? Math.max(0, size - limit);
  const end = Math.min(size, begin + limit);
  const entries: StoredEntry[] = [];
  if (begin < end) for await (const entry of audit.entries(begin, end)) entries.push(entry);
  return { entries, next: end < size ? end : undefined };
}

function entryView(entry: StoredEntry): AuditEntryView {
  const { contractId, missionId, correlationId } = readAuditBody(entry.leaf);
  return {
    ...timelineEntry(entry),
    contractId: contractId ?? null,
    missionId: missionId ?? null,
    correlationId,
    bytes: base64(entryBytes(entry.leaf)),
  };
}
