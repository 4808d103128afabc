import { Contract, LedgerStep } from '../../shared/contracts/contract';
import { Plan } from '../../shared/contracts/plan';
import type { ChangeRecord, Item } from '../../shared/ports/table';
import type { StoryEvent } from './story';

/** Changes of the state table, told as a story: one record after the other, of one contract. */
export function storyOf(record: ChangeRecord): readonly StoryEvent[] {
  const { after, before, at } = record;
  if (after === undefined) return [];
  const { sk } = record.keys;
  if (sk === 'CONTRACT') return contractEvents(Contract.parse(after), before && Contract.parse(before), at);
  if (sk.startsWith('STEP#')) return [stepEvent(after, at)];
  if (sk.startsWith('SNAPSHOT#')) return [{ kind: 'snapshot', at, hash: String(after['hash']) }];
  if (sk.startsWith('BENCHMARK#after')) return [{ kind: 'measured', at, again: after['n'] !== 0 }];
  return [];
}

/** The plan out of a record of the table, where it is one. */
export function planOf(record: ChangeRecord): Plan | undefined {
  const text = record.keys.sk === 'PLAN' ? record.after?.['text'] : undefined;
  return typeof text === 'string' ? Plan.parse(JSON.parse(text)) : undefined;
}

function contractEvents(now: Contract, before: Contract | undefined, at: number): StoryEvent[] {
  const events: StoryEvent[] = [];
  if (now.status !== before?.status) {
    events.push({
      kind: 'moved',
      at,
      from: before?.status,
      to: now.status,
      by: now.change.actor,
      reason: now.change.reason,
      ...(now.status === 'verifying' && now.lookAt !== undefined ? { lookAt: now.lookAt } : {}),
    });
    if (now.status === 'awaiting_approval' && now.approval !== undefined) {
      const { quorum, eligible, expiresAt } = now.approval;
      events.push({ kind: 'approval', at, quorum, eligible, expiresAt });
    }
  }
  if (now.extended && !before?.extended) events.push({ kind: 'extended', at, lookAt: now.lookAt ?? at });
  if (now.verdict !== undefined && before?.verdict === undefined) {
    events.push({ kind: 'verdict', at, verdict: now.verdict, confidence: now.confidence ?? 0 });
  }
  return events;
}

function stepEvent(item: Item, at: number): StoryEvent {
  const { direction, action, intended, state, outcome } = LedgerStep.parse(item);
  return { kind: 'step', at, direction, action, intended, state, outcome };
}
