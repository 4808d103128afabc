import type { AuditBody } from '../../shared/contracts/audit-body';
import { encodeLeaf, GENESIS_LINK, linkedEntry, type StoredEntry } from '../../shared/domain/audit-entry';
import { sha256Hex } from '../../shared/domain/digest';

const DIGESTS = [sha256Hex('before'), sha256Hex('after')] as const;

/** Entries as the sequencer makes them of an executor's changes, about 700 bytes each. */
export function* auditEntries(
  from: number,
  count: number,
  after: Uint8Array = GENESIS_LINK,
): Iterable<StoredEntry> {
  let link = after;
  for (let seq = from; seq < from + count; seq += 1) {
    const entry = linkedEntry(seq, encodeLeaf(link, bodyOf(seq)));
    link = entry.link;
    yield entry;
  }
}

function bodyOf(seq: number): AuditBody {
  const contractId = `01K2Z8WQX3M5N7P9R1T3V5${String(seq % 10_000).padStart(4, '0')}`;
  return {
    v: 1,
    log: 'grace',
    seq,
    sequencedAt: 1_767_614_400_000 + seq,
    item: { pk: `CONTRACT#${contractId}`, sk: 'CONTRACT' },
    rev: 1 + (seq % 9),
    eventId: `e${seq}`,
    event: 'agentic.action_executing',
    actor: 'executor-autoscaling',
    reason: 'GATE_PASSED',
    correlationId: '4c1f2d9e-6a57-4a38-9a8e-0d3c5b7e9f11',
    contractId,
    changed: ['approval', 'startedAt', 'status'],
    before: DIGESTS[0],
    after: DIGESTS[1],
    attributed: true,
  };
}
