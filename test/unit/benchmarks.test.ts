import { type Figure, figuresJson, isMet, median, missed } from '../benchmarks/figure';
import { dollarsOf, PRICES, type Priced, type Usage } from '../benchmarks/prices';
import { reportLines, reportMarkdown } from '../benchmarks/report';

const figure = (changes: Partial<Figure> = {}): Figure => ({ name: 'f', value: 3, unit: 'ms', ...changes });

describe('a figure', () => {
  test.each([
    [{ atMost: 3 }, 3, true],
    [{ atMost: 3 }, 3.0001, false],
    [{ atLeast: 80 }, 80, true],
    [{ atLeast: 80 }, 79.99, false],
    [{ atMost: 3 }, Number.NaN, false],
  ])('with goal %j and value %d is met: %s', (goal, value, met) => {
    expect(isMet(figure({ goal, value }))).toBe(met);
  });

  it('without a goal is neither met nor missed', () => {
    expect(isMet(figure())).toBeNull();
    expect(missed([figure()])).toEqual([]);
  });

  it('is judged before it is rounded', () => {
    expect(figuresJson([figure({ value: 1.50004, goal: { atMost: 1.5 } })])['f']).toMatchObject({
      value: 1.5,
      goal: 1.5,
      met: false,
    });
  });
});

describe('the JSON of the bench', () => {
  it('is an object by name, each with value, unit, goal, reference and met', () => {
    const reference = { value: 20, what: 'another solution' };
    const json = figuresJson([
      figure({ name: 'transitions', value: 10, unit: 'states', goal: { atMost: 10 }, reference }),
      figure({ name: 'plain', value: 1 / 3 }),
    ]);
    expect(json).toEqual({
      transitions: {
        value: 10,
        unit: 'states',
        goal: 10,
        reference: 20,
        met: true,
        bound: 'at_most',
        referenceIs: 'another solution',
      },
      plain: { value: 0.3333, unit: 'ms', goal: null, reference: null, met: null },
    });
  });

  it('refuses two figures of one name', () => {
    expect(() => figuresJson([figure(), figure()])).toThrow('two figures are named f');
  });
});

describe('the median', () => {
  it('is the middle one, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

describe('dollars of an action', () => {
  const none = Object.fromEntries(Object.keys(PRICES).map((name) => [name, 0])) as Usage;

  it('are counts times prices, added up', () => {
    const { total, parts } = dollarsOf({ ...none, stepFunctionsTransition: 10, dynamoWriteUnit: 100 });
    expect(parts.stepFunctionsTransition).toBeCloseTo(0.00025, 12);
    expect(parts.dynamoWriteUnit).toBeCloseTo(0.0000625, 12);
    expect(total).toBeCloseTo(0.0003125, 12);
  });

  it('of nothing are nothing, and grow with each count', () => {
    expect(dollarsOf(none).total).toBe(0);
    for (const name of Object.keys(PRICES) as Priced[]) {
      expect(dollarsOf({ ...none, [name]: 1 }).total).toBe(PRICES[name]);
      expect(PRICES[name]).toBeGreaterThan(0);
    }
  });
});

describe('the report', () => {
  const figures = [
    figure({ name: 'good', goal: { atMost: 5 } }),
    figure({ name: 'bad', goal: { atLeast: 5 }, note: 'why | how' }),
  ];
  const machine = { processor: 'P', cores: 2, memoryGb: 8, node: 'v20', system: 'linux x64', load: 0.5 };
  const report = {
    figures,
    unmeasured: [],
    machine,
    date: '2026-01-05',
    command: 'npm run bench',
    seconds: 60,
  };

  it('names what is missed, for a terminal and in the document', () => {
    expect(reportLines(report).at(-1)).toBe('Missed: bad 3 (goal ≥ 5)');
    expect(reportMarkdown(report)).toContain('Missed: `bad`.');
  });

  it('says the machine and no host name or path', () => {
    const text = reportMarkdown(report);
    expect(text).toContain('2 cores (P), 8 GB, linux x64, Node v20');
    expect(text).not.toMatch(/\/(home|root|work|tmp)\//);
  });
});
