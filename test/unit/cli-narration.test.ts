import { explainEnd, explainMove } from '../../cli/demo/explain';
import { narrate } from '../../cli/demo/narrate';
import type { IncidentResult } from '../../cli/demo/story';
import { duration, wrapped } from '../../cli/demo/text';
import { PLAIN, paintFor } from '../../cli/paint';
import { endOf } from '../../shared/domain/ending';
import { STATUSES } from '../../shared/domain/transitions';

const STYLE = { paint: PLAIN, width: 100 };
const AT = Date.UTC(2026, 0, 5, 9, 5, 5, 310);

const result: IncidentResult = {
  name: 'an-incident',
  contractId: 'C1',
  playbook: 'a-playbook',
  tier: 2,
  status: 'rolled_back',
  verdict: 'not_met',
  confidence: 1,
  effects: 2,
  transitions: 18,
  reason: 'EFFECT_NOT_MET',
  summary: 'Something is slow',
  expectedStatus: 'rolled_back',
  asExpected: true,
  approval: null,
  planHash: 'a'.repeat(64),
  diagnosis: null,
  expected: [],
  fields: [
    {
      field: 'alarm.slow',
      expected: 'OK, held for 300 s',
      actual: 'ALARM since 2026-01-05T09:05:05.000Z',
      verdict: 'not_met',
      confidence: 1,
      why: 'STILL_IN_ALARM',
    },
  ],
  states: [],
  moves: [],
  audit: [
    {
      seq: 7,
      at: '',
      item: 'CONTRACT',
      rev: 1,
      event: 'agentic.action_planned',
      actor: 'sentinel',
      reason: 'PLANNED',
      link: 'ab'.repeat(32),
    },
  ],
  target: { key: 'kind:r:1:x', before: { desired: 4 }, after: { desired: 4 }, equal: true },
  frozen: false,
};

describe('narration', () => {
  it('tells a move with its time, what it means, and who did it', () => {
    const [first] = narrate(
      { kind: 'moved', at: AT, from: 'planned', to: 'approved', by: 'admit', reason: 'TIER_1' },
      STYLE,
    );
    expect(first).toContain('09:05:05.3');
    expect(first).toContain('approved');
    expect(first).toContain('no person is asked');
  });

  it('tells the end field by field, with verdict, reason, target and audit entries', () => {
    const text = narrate({ kind: 'ended', at: AT, result }, STYLE).join('\n');
    expect(text).toContain('✘ alarm OK, held for 300 s  is ALARM since 09:05:05');
    expect(text).toContain('not_met, confidence 1  →  ↺ rolled_back');
    expect(text).toContain('equal to what it was');
    expect(text).toContain('agentic.action_planned');
    expect(text).toContain('2 requests to the cloud, 18 state transitions');
  });

  it('says when an end is not the true one', () => {
    const wrong = { ...result, asExpected: false, expectedStatus: 'resolved' };
    expect(narrate({ kind: 'ended', at: AT, result: wrong }, STYLE).join('\n')).toContain(
      'its truth is resolved',
    );
  });

  it('says that a script decides where nobody is asked', () => {
    const event = {
      kind: 'decider',
      at: AT,
      principal: 'alice',
      decision: 'approve',
      scripted: true,
      afterSeconds: 60,
    } as const;
    expect(narrate(event, STYLE).join('\n')).toContain('a script decides as alice');
  });

  it('uses colours only where it is told to', () => {
    const event = { kind: 'verdict', at: AT, verdict: 'met', confidence: 1 } as const;
    expect(narrate(event, STYLE).join('')).not.toContain('\u001b');
    expect(narrate(event, { paint: paintFor(true), width: 100 }).join('')).toContain('\u001b[32m');
  });

  it('explains every status', () => {
    for (const status of STATUSES) expect(explainMove(status, 'X')).not.toBe('X');
  });

  it('explains every way in which an action that was judged can end', () => {
    for (const verdict of ['met', 'not_met', 'inconclusive'] as const) {
      for (const status of ['verifying', 'rolling_back'] as const) {
        const lines = [
          { n: 0, direction: 'forward', state: 'DONE' } as const,
          { n: 0, direction: 'back', state: 'DONE' } as const,
        ];
        const end = endOf({ status, verdict, lines });
        if (end === undefined || end.reason === 'FAULT_UNDONE') continue;
        expect(explainEnd(end.reason)).not.toContain('with the code');
      }
    }
  });

  it('writes durations and lines that a person can read', () => {
    expect([duration(90_000), duration(900_000), duration(5_400_000 * 2)]).toEqual(['90 s', '15 min', '3 h']);
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  });
});
