import { createKernel, KernelEventLimitError } from '../../cli/simulator/kernel';

const START = Date.UTC(2026, 0, 1);
const newKernel = (seed: number | string = 1) => createKernel({ startMs: START, seed });

describe('virtual time', () => {
  it('stands still between events and jumps to the next one', async () => {
    const kernel = newKernel();
    const seen: [string, number][] = [];
    kernel.schedule(5000, () => seen.push(['late', kernel.now() - START]));
    kernel.schedule(10, () => seen.push(['early', kernel.now() - START]));
    expect(await kernel.run()).toBe('idle');
    expect(seen).toEqual([
      ['early', 10],
      ['late', 5000],
    ]);
    expect(kernel.now()).toBe(START + 5000);
  });

  it('runs events of the same time in the order they were scheduled', async () => {
    const kernel = newKernel();
    const seen: number[] = [];
    for (let index = 0; index < 100; index += 1) kernel.schedule(7, () => seen.push(index));
    await kernel.run();
    expect(seen).toEqual([...Array(100).keys()]);
  });

  it('drains chains of awaits before time advances', async () => {
    const kernel = newKernel();
    let finishedAt = 0;
    kernel.schedule(10, async () => {
      for (let index = 0; index < 1000; index += 1) await Promise.resolve(index);
      await Promise.all([Promise.resolve(), new Promise<void>((resolve) => process.nextTick(resolve))]);
      finishedAt = kernel.now();
    });
    kernel.schedule(11, () => expect(finishedAt).toBe(START + 10));
    await kernel.run();
    expect(finishedAt).toBe(START + 10);
  });

  it('lets many async functions sleep at once', async () => {
    const kernel = newKernel();
    const seen: string[] = [];
    const walker = async (name: string, stepMs: number) => {
      for (let step = 1; step <= 3; step += 1) {
        await kernel.sleep(stepMs);
        seen.push(`${name}${kernel.now() - START}`);
      }
    };
    void walker('a', 10);
    void walker('b', 15);
    await kernel.run();
    expect(seen).toEqual(['a10', 'b15', 'a20', 'b30', 'a30', 'b45']);
  });

  it('rounds a delay up to whole milliseconds, never into the past', async () => {
    const kernel = newKernel();
    const seen: number[] = [];
    for (const delay of [-5, 0.2]) kernel.schedule(delay, () => seen.push(kernel.now() - START));
    expect(() => kernel.schedule(Number.NaN, () => {})).toThrow(RangeError);
    await kernel.run();
    expect(seen).toEqual([0, 1]);
  });
});

describe('run', () => {
  it('stops at untilMs, inclusive, and leaves the clock there', async () => {
    const kernel = newKernel();
    const seen: number[] = [];
    for (const delay of [10, 20, 21]) kernel.schedule(delay, () => seen.push(delay));
    expect(await kernel.run({ untilMs: START + 20 })).toBe('time');
    expect(seen).toEqual([10, 20]);
    expect(await kernel.run({ untilMs: START + 500 })).toBe('idle');
    expect(kernel.now()).toBe(START + 500);
  });

  it('stops when the condition holds', async () => {
    const kernel = newKernel();
    let count = 0;
    for (let index = 0; index < 5; index += 1) kernel.schedule(index, () => (count += 1));
    expect(await kernel.run({ until: () => count === 2 })).toBe('until');
    expect(kernel.pending()).toBe(3);
  });

  it('refuses to run away', async () => {
    const kernel = newKernel();
    const again = () => void kernel.schedule(0, again, 'again');
    again();
    await expect(kernel.run({ maxEvents: 1000 })).rejects.toThrow(KernelEventLimitError);
  });

  it('refuses to run twice at once', async () => {
    const kernel = newKernel();
    kernel.schedule(1, () => kernel.run());
    await expect(kernel.run()).rejects.toThrow('already under way');
  });

  it.each([
    [
      'thrown by a callback',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'rejected by an async callback',
      async () => {
        throw new Error('broken');
      },
    ],
  ])('rejects with an error %s, and can go on afterwards', async (_, callback) => {
    const kernel = newKernel();
    let reached = false;
    kernel.schedule(1, callback);
    kernel.schedule(2, () => (reached = true));
    await expect(kernel.run()).rejects.toThrow('broken');
    expect(reached).toBe(false);
    expect(await kernel.run()).toBe('idle');
    expect(reached).toBe(true);
  });

  it('rejects with an error that an async callback met later', async () => {
    const kernel = newKernel();
    kernel.schedule(1, async () => {
      await kernel.sleep(100);
      throw new Error('late');
    });
    await expect(kernel.run()).rejects.toThrow('late');
    expect(kernel.now()).toBe(START + 101);
  });
});

describe('cancelling', () => {
  it('removes an event, once, and is harmless after it ran', async () => {
    const kernel = newKernel();
    const seen: string[] = [];
    const first = kernel.schedule(1, () => seen.push('first'));
    const second = kernel.schedule(2, () => seen.push('second'));
    second();
    second();
    expect(kernel.pending()).toBe(1);
    await kernel.run();
    first();
    expect(seen).toEqual(['first']);
    expect(kernel.pending()).toBe(0);
  });

  it('keeps the order of the rest when thousands are cancelled', async () => {
    const kernel = newKernel();
    const seen: number[] = [];
    const kept: number[] = [];
    for (let index = 0; index < 10_000; index += 1) {
      const at = Math.floor(kernel.random() * 5000);
      const cancel = kernel.schedule(at, () => seen.push(at));
      if (index % 5 === 0) kept.push(at);
      else cancel();
    }
    expect(kernel.pending()).toBe(kept.length);
    await kernel.run();
    expect(seen).toEqual(kept.sort((a, b) => a - b));
  });
});

describe('randomness', () => {
  const trace = async (seed: number | string) => {
    const kernel = newKernel(seed);
    const events: string[] = [];
    const walker = async (name: string) => {
      for (let step = 0; step < 50; step += 1) {
        await kernel.sleep(kernel.random() * 100);
        events.push(`${kernel.now()} ${name}`);
      }
    };
    for (const name of ['a', 'b', 'c']) void walker(name);
    await kernel.run();
    return events;
  };

  it('gives the same events for the same seed, others for another', async () => {
    expect(await trace('seed')).toEqual(await trace('seed'));
    expect(await trace('seed')).not.toEqual(await trace('other'));
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const kernel = newKernel(7);
    const before = kernel.fork('faults')();
    kernel.random();
    expect(kernel.fork('faults')()).toBe(before);
    expect(kernel.fork('latency')()).not.toBe(before);
  });

  it('is uniform enough: every tenth holds about a tenth', () => {
    const kernel = newKernel(3);
    const counts = Array<number>(10).fill(0);
    for (let index = 0; index < 20_000; index += 1) {
      const tenth = Math.floor(kernel.random() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

describe('real time', () => {
  it('waits between events', async () => {
    const kernel = createKernel({ startMs: START, seed: 1, realTime: true });
    const began = performance.now();
    const seen: number[] = [];
    kernel.schedule(40, () => seen.push(40));
    kernel.schedule(80, () => seen.push(80));
    expect(await kernel.run()).toBe('idle');
    expect(seen).toEqual([40, 80]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(75);
  });

  it('takes what comes from outside while it waits, at the time it comes', async () => {
    const kernel = createKernel({ startMs: START, seed: 1, realTime: true });
    const seen: [string, number][] = [];
    const note = (what: string) => () => seen.push([what, kernel.now() - START]);
    kernel.schedule(200, note('far'));
    setTimeout(() => kernel.schedule(0, note('outside')), 50);
    expect(await kernel.run({ until: () => seen.length === 2 })).toBe('until');
    expect(seen.map(([what]) => what)).toEqual(['outside', 'far']);
    expect(seen[0]?.[1]).toBeGreaterThanOrEqual(40);
    expect(seen[0]?.[1]).toBeLessThan(190);
    expect(seen[1]?.[1]).toBe(200);
  });

  it('waits for the first event when there is none yet', async () => {
    const kernel = createKernel({ startMs: START, seed: 1, realTime: true });
    let done = false;
    setTimeout(() => kernel.schedule(0, () => (done = true)), 20);
    expect(await kernel.run({ until: () => done })).toBe('until');
  });
});

it('runs at least tens of thousands of events a second', async () => {
  const kernel = newKernel();
  let left = 50_000;
  const step = () => {
    left -= 1;
    if (left > 0) kernel.schedule(kernel.random() * 10, step);
  };
  for (let index = 0; index < 10; index += 1) kernel.schedule(index, step);
  const began = performance.now();
  await kernel.run();
  expect(50_000 / ((performance.now() - began) / 1000)).toBeGreaterThan(20_000);
});
