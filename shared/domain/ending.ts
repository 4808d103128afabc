import type { ExecutionResult } from '../contracts/outcome';
import type { Status } from './transitions';

/** What the ledger says of one step, both ways. */
export interface LedgerLine {
  readonly n: number;
  readonly direction: 'forward' | 'back';
  readonly state: 'INTENT' | 'DONE' | 'NOT_SENT' | 'REJECTED' | 'UNKNOWN';
}

/** Steps that changed something, or may have. */
export function effective(lines: readonly LedgerLine[]): readonly LedgerLine[] {
  return lines.filter(
    (line) => line.direction === 'forward' && line.state !== 'NOT_SENT' && line.state !== 'REJECTED',
  );
}

/** Requests that went out, or may have: forward and back. */
export function effectCount(lines: readonly LedgerLine[]): number {
  return lines.filter((line) => line.state !== 'NOT_SENT' && line.state !== 'REJECTED').length;
}

/** Whether every step that may have changed something has been undone. */
export function isUndone(lines: readonly LedgerLine[]): boolean {
  return effective(lines).every((step) =>
    lines.some((line) => line.direction === 'back' && line.n === step.n && line.state === 'DONE'),
  );
}

/**
 * What rolling back may do: `undo` when everything that may have happened has an inverse and is known
 * well enough to be looked at; `nothing` when nothing was sent; else a person must look.
 */
export function undoOf(
  lines: readonly LedgerLine[],
  undo: 'restore' | 'none',
): 'undo' | 'nothing' | 'person' {
  const steps = effective(lines);
  if (steps.length === 0) return 'nothing';
  if (undo === 'none' || steps.some((step) => step.state === 'UNKNOWN')) return 'person';
  return 'undo';
}

/**
 * The end that a contract comes to when it is closed as it stands: by its status, its verdict and its
 * ledger, never by a hope. `undefined` = it has ended already.
 */
export function endOf(contract: {
  readonly status: Status;
  readonly verdict?: 'met' | 'not_met' | 'inconclusive' | undefined;
  readonly lines: readonly LedgerLine[];
}): { readonly to: Status; readonly reason: string } | undefined {
  const { status, verdict, lines } = contract;
  switch (status) {
    case 'planned':
      return { to: 'refused', reason: 'FAULT_BEFORE_APPROVAL' };
    case 'awaiting_approval':
      return { to: 'cancelled', reason: 'EXECUTION_ENDED' };
    case 'approved':
      return { to: 'cancelled', reason: 'FAULT_BEFORE_GATE' };
    case 'executing':
      return effective(lines).length === 0
        ? {
            to: 'cancelled',
            reason: lines.some((line) => line.state === 'REJECTED') ? 'SERVICE_REFUSED' : 'NOTHING_SENT',
          }
        : {
            to: 'needs_person',
            reason: lines.some((line) => line.state !== 'DONE') ? 'EFFECT_UNKNOWN' : 'NOT_VERIFIED',
          };
    case 'verifying':
      if (verdict === 'met') return { to: 'resolved', reason: 'EFFECT_MET' };
      if (verdict === undefined) return { to: 'needs_person', reason: 'NOT_VERIFIED' };
      return {
        to: 'needs_person',
        reason: verdict === 'not_met' ? 'NOT_MET_IRREVERSIBLE' : 'INCONCLUSIVE_IRREVERSIBLE',
      };
    case 'rolling_back':
      return isUndone(lines)
        ? {
            to: 'rolled_back',
            reason:
              verdict === 'inconclusive'
                ? 'EFFECT_NOT_KNOWN'
                : verdict === 'not_met'
                  ? 'EFFECT_NOT_MET'
                  : 'FAULT_UNDONE',
          }
        : { to: 'needs_person', reason: 'ROLLBACK_INCOMPLETE' };
    default:
      return undefined;
  }
}

/** The one result shape, from how a contract ended. */
export function executionResult(
  status: Status,
  lines: readonly LedgerLine[],
  seconds: number,
): ExecutionResult {
  const forward = lines.filter((line) => line.direction === 'forward');
  const done = forward.filter((line) => line.state === 'DONE').length;
  const ok = status === 'resolved';
  return {
    ok,
    status: ok ? 'success' : done > 0 && done < forward.length ? 'partial' : 'failure',
    error_resolved: ok,
    metrics: { steps_done: done, steps_planned: forward.length, effects: effectCount(lines), seconds },
  };
}
