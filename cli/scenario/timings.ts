import type { Contract } from '../../shared/contracts/contract';
import type { Execution } from '../simulator/asl/execution';

/**
 * Grace's own time of one contract, milliseconds, by stage. Not in it: what people, the effect window and a
 * turn at a busy target take (`total` and stages), so that it is the time that Grace can be blamed for.
 */
export interface Timing {
  readonly total: number;
  /** The same with all waits. */
  readonly elapsed: number;
  readonly intakeToPlanned: number;
  readonly plannedToExecuting: number | undefined;
  readonly executingToVerifying: number | undefined;
  readonly verifyingToEnd: number | undefined;
}

export const STAGES = [
  'intakeToPlanned',
  'plannedToExecuting',
  'executingToVerifying',
  'verifyingToEnd',
] as const;
export type Stage = (typeof STAGES)[number];

interface Span {
  readonly from: number;
  readonly to: number;
}

/** `receivedAt`: when the event came to the intake queue. A skewed clock can make a stage look negative: 0 then. */
export function timingOf(
  contract: Contract,
  execution: Execution | undefined,
  receivedAt: number,
): Timing | undefined {
  const { createdAt, startedAt, endedAt } = contract;
  if (endedAt === undefined) return undefined;
  const history = execution?.history ?? [];
  const waits = [...waitSpans(history, endedAt), ...humanSpans(contract, endedAt)];
  const verifyingAt = history.find(
    (event) => event.type === 'WaitStateEntered' && event.stateName === 'Wait For Effect',
  )?.at;
  const own = (from: number, to: number) => Math.max(0, to - from - waited(waits, { from, to }));
  return {
    total: own(receivedAt, endedAt),
    elapsed: Math.max(0, endedAt - receivedAt),
    intakeToPlanned: own(receivedAt, createdAt),
    plannedToExecuting: startedAt === undefined ? undefined : own(createdAt, startedAt),
    executingToVerifying:
      startedAt === undefined || verifyingAt === undefined ? undefined : own(startedAt, verifyingAt),
    verifyingToEnd: verifyingAt === undefined ? undefined : own(verifyingAt, endedAt),
  };
}

function waitSpans(history: Execution['history'], end: number): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const event of history) {
    if (event.type === 'WaitStateEntered') from = event.at;
    if (event.type === 'WaitStateExited' && from !== undefined) {
      spans.push({ from, to: event.at });
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, { from, to: end }];
}

/** From the request until the last vote, or until its expiry. */
function humanSpans({ approval }: Contract, end: number): Span[] {
  if (approval === undefined) return [];
  const votes = Object.values(approval.votes).map((vote) => vote.at);
  const to = votes.length > 0 ? Math.max(...votes) : Math.min(approval.expiresAt, end);
  return [{ from: approval.requestedAt, to }];
}

function waited(spans: readonly Span[], { from, to }: Span): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);
}
