import {
  effectCount,
  endOf,
  executionResult,
  isUndone,
  type LedgerLine,
  undoOf,
} from '../../shared/domain/ending';
import { ENDS, isEnd, STATUSES } from '../../shared/domain/transitions';

const line = (
  state: LedgerLine['state'],
  n = 0,
  direction: LedgerLine['direction'] = 'forward',
): LedgerLine => ({
  n,
  direction,
  state,
});
const back = (state: LedgerLine['state'], n = 0) => line(state, n, 'back');
const DONE = line('DONE');

describe('the end of a contract that is closed as it stands', () => {
  test.each([
    ['planned', undefined, [], 'refused FAULT_BEFORE_APPROVAL'],
    ['awaiting_approval', undefined, [], 'cancelled EXECUTION_ENDED'],
    ['approved', undefined, [], 'cancelled FAULT_BEFORE_GATE'],
    ['executing', undefined, [], 'cancelled NOTHING_SENT'],
    ['executing', undefined, [line('NOT_SENT')], 'cancelled NOTHING_SENT'],
    ['executing', undefined, [line('REJECTED')], 'cancelled SERVICE_REFUSED'],
    ['executing', undefined, [line('INTENT')], 'needs_person EFFECT_UNKNOWN'],
    ['executing', undefined, [line('UNKNOWN')], 'needs_person EFFECT_UNKNOWN'],
    ['executing', undefined, [DONE], 'needs_person NOT_VERIFIED'],
    ['executing', undefined, [DONE, line('NOT_SENT', 1)], 'needs_person EFFECT_UNKNOWN'],
    ['verifying', 'met', [DONE], 'resolved EFFECT_MET'],
    ['verifying', undefined, [DONE], 'needs_person NOT_VERIFIED'],
    ['verifying', 'not_met', [DONE], 'needs_person NOT_MET_IRREVERSIBLE'],
    ['verifying', 'inconclusive', [DONE], 'needs_person INCONCLUSIVE_IRREVERSIBLE'],
    ['rolling_back', 'not_met', [DONE, back('DONE')], 'rolled_back EFFECT_NOT_MET'],
    ['rolling_back', 'inconclusive', [DONE, back('DONE')], 'rolled_back EFFECT_NOT_KNOWN'],
    ['rolling_back', undefined, [DONE, back('DONE')], 'rolled_back FAULT_UNDONE'],
    ['rolling_back', 'not_met', [DONE], 'needs_person ROLLBACK_INCOMPLETE'],
    ['rolling_back', 'not_met', [DONE, back('UNKNOWN')], 'needs_person ROLLBACK_INCOMPLETE'],
    ['rolling_back', 'not_met', [DONE, line('DONE', 1), back('DONE', 1)], 'needs_person ROLLBACK_INCOMPLETE'],
  ] as const)('%s with verdict %s and %j is %s', (status, verdict, lines, end) => {
    const { to, reason } = endOf({ status, verdict, lines }) ?? {};
    expect(`${to} ${reason}`).toBe(end);
  });

  test('is none of one that has ended', () => {
    for (const status of ENDS) expect(endOf({ status, lines: [DONE] })).toBeUndefined();
    for (const status of STATUSES.filter((each) => !isEnd(each)))
      expect(isEnd(endOf({ status, lines: [] })?.to ?? 'planned')).toBe(true);
  });
});

describe('what may be undone', () => {
  test('is what was done and can be, nothing of nothing, and else a person’s work', () => {
    expect(undoOf([DONE], 'restore')).toBe('undo');
    expect(undoOf([line('INTENT')], 'restore')).toBe('undo');
    expect(undoOf([], 'restore')).toBe('nothing');
    expect(undoOf([line('NOT_SENT'), line('REJECTED', 1)], 'none')).toBe('nothing');
    expect(undoOf([DONE], 'none')).toBe('person');
    expect(undoOf([DONE, line('UNKNOWN', 1)], 'restore')).toBe('person');
  });
  test('is undone when every step that may have happened is', () => {
    expect(isUndone([DONE, line('REJECTED', 1), back('DONE')])).toBe(true);
    expect(isUndone([DONE, line('DONE', 1), back('DONE', 1)])).toBe(false);
    expect(isUndone([DONE, back('NOT_SENT')])).toBe(false);
  });
});

describe('a result', () => {
  test('counts what went out, or may have, both ways', () => {
    expect(effectCount([DONE, line('NOT_SENT', 1), line('UNKNOWN', 2), back('DONE')])).toBe(3);
  });
  test('is a success only when it is resolved, and partial when some of its steps were done', () => {
    expect(executionResult('resolved', [DONE], 7)).toEqual({
      ok: true,
      status: 'success',
      error_resolved: true,
      metrics: { steps_done: 1, steps_planned: 1, effects: 1, seconds: 7 },
    });
    expect(executionResult('needs_person', [DONE, line('REJECTED', 1)], 7).status).toBe('partial');
    expect(executionResult('rolled_back', [DONE, back('DONE')], 7).status).toBe('failure');
  });
});
