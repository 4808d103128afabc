import fc from 'fast-check';
import { waitBefore } from '../../web/src/live/backoff';
import { keepOpen, type LiveState, type StreamDeps } from '../../web/src/live/stream';

interface Opening {
  readonly status?: number;
  readonly text?: string;
  /** The network fails instead. */
  readonly fails?: true;
}

/** Runs the loop over these openings, one after the other, until there are none left. */
async function run(openings: readonly Opening[], change: Partial<StreamDeps> = {}) {
  const over = new AbortController();
  const asked: (string | undefined)[] = [];
  const seen: string[] = [];
  const states: LiveState['status'][] = [];
  const pauses: number[] = [];
  await keepOpen(
    {
      open: async (lastEventId) => {
        asked.push(lastEventId);
        const opening = openings[asked.length - 1];
        if (asked.length >= openings.length) over.abort();
        if (opening === undefined || opening.fails) throw new TypeError('network');
        return new Response(opening.text ?? '', { status: opening.status ?? 200 });
      },
      onEvent: ({ data }) => seen.push(data),
      onState: ({ status }) => states.push(status),
      chance: () => 1,
      wait: async (ms) => void pauses.push(ms),
      ...change,
    },
    over.signal,
  );
  return { asked, seen, states, pauses };
}

describe('keeping the stream open', () => {
  test('after a break it asks for what came after the last event that it saw', async () => {
    const { asked, seen } = await run([
      { text: 'id: 4\ndata: a\n\nid: 5\ndata: b\n\n' },
      { fails: true },
      { text: 'id: 6\ndata: c\n\n' },
      { text: '' },
    ]);
    expect(asked).toEqual([undefined, '5', '5', '6']);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test('an event that was cut off in the middle is asked for again', async () => {
    const { asked, seen } = await run([{ text: 'id: 4\ndata: a\n\nid: 5\ndata: cut' }, { text: '' }]);
    expect(asked).toEqual([undefined, '4']);
    expect(seen).toEqual(['a']);
  });

  test('a heartbeat moves it on past what it is not shown', async () => {
    const { asked, seen } = await run([{ text: 'id: 4\ndata: a\n\nid: 9\n: heartbeat\n\n' }, { text: '' }]);
    expect(asked).toEqual([undefined, '9']);
    expect(seen).toEqual(['a']);
  });

  test('a stream that the server ends by itself is not said to be lost; one that breaks is', async () => {
    const ended = await run([{ text: 'data: a\n\n' }, {}]);
    expect(ended.states.slice(0, 3)).toEqual(['connecting', 'live', 'connecting']);
    const broken = await run([{ fails: true }, {}]);
    expect(broken.states.slice(0, 2)).toEqual(['connecting', 'lost']);
  });

  test('it waits longer after each failure, and is patient again after an event', async () => {
    const { pauses } = await run([
      { fails: true },
      { fails: true },
      { text: 'data: a\n\n' },
      { fails: true },
      {},
    ]);
    expect(pauses).toEqual([1000, 2000, 1000, 2000]);
  });

  test('it waits at least as long as the server asks for', async () => {
    const { pauses } = await run([{ text: 'retry: 9000\ndata: a\n\n' }, {}]);
    expect(pauses).toEqual([9000]);
  });

  test.each([401, 403])('a token that is not taken (%i) ends it, and it says so', async (status) => {
    const { asked, states } = await run([{ status }, {}, {}]);
    expect(asked).toHaveLength(1);
    expect(states.at(-1)).toBe('off');
  });

  test('a server that has trouble (503) is asked again', async () => {
    const { asked, states } = await run([{ status: 503 }, { text: 'data: a\n\n' }]);
    expect(asked).toHaveLength(2);
    expect(states.slice(0, 3)).toEqual(['connecting', 'lost', 'connecting']);
  });

  test('a mistake of the console itself is not taken for a lost connection', async () => {
    const open = () => Promise.reject(new RangeError('a mistake'));
    await expect(run([{}], { open })).rejects.toThrow('a mistake');
  });
});

test('the wait is never more than half a minute, nor less than the server asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(60_000),
      (attempt, chance, floor) => {
        const wait = waitBefore(attempt, chance, floor);
        expect(wait).toBeGreaterThanOrEqual(floor);
        expect(wait).toBeLessThanOrEqual(Math.max(floor, 30_000));
      },
    ),
  );
});
