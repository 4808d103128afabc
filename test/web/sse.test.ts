import fc from 'fast-check';
import { type ServerEvent, sseReader } from '../../web/src/live/sse';

/** All events of a stream that comes in these pieces. */
function read(...pieces: readonly string[]): ServerEvent[] {
  const reader = sseReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

describe('reading an event stream', () => {
  test('an event has its id, its type and its data', () => {
    expect(read('id: 7\nevent: approval.requested\ndata: {"a":1}\n\n')).toEqual([
      { id: '7', type: 'approval.requested', data: '{"a":1}' },
    ]);
  });

  test('data of several lines is joined; a first space is left out, a second is not', () => {
    expect(read('data:one\ndata:  two\n\n')).toEqual([{ id: undefined, type: 'message', data: 'one\n two' }]);
  });

  test('heartbeats and unknown fields are nothing; an event that is not ended yet is not one', () => {
    expect(read(': heartbeat\n\n', 'what: x\n\n', 'data: unfinished\n')).toEqual([]);
  });

  test('an id stays until there is another, also for events that have none', () => {
    expect(read('id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n').map(({ id }) => id)).toEqual([
      '1',
      '1',
      '2',
    ]);
  });

  test('what the server asks to wait is kept; nonsense is not', () => {
    const reader = sseReader();
    reader.push('retry: 2500\n\n');
    expect(reader.retry()).toBe(2500);
    reader.push('retry: soon\n\n');
    expect(reader.retry()).toBe(2500);
  });

  test('wherever the network cuts it, and whatever ends its lines, it reads the same', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'ü', ':', ' ', '{', '"'), maxLength: 8 });
    const event = fc.record({
      id: value,
      type: fc.constantFrom('ready', 'changed'),
      data: fc.array(value, { minLength: 1, maxLength: 3 }),
    });
    const ending = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        ending,
        fc.array(fc.nat(200), { maxLength: 20 }),
        (events, eol, cuts) => {
          const lines = events.flatMap(({ id, type, data }) => [
            `id: ${id}`,
            `event: ${type}`,
            ...data.map((one) => `data: ${one}`),
            '',
          ]);
          // A comment after the last event: a lone CR at the very end still waits for what follows.
          const text = [...lines, ': end', ''].join(eol);
          const places = [
            0,
            ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b),
            text.length,
          ];
          const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
          expect(read(...pieces)).toEqual(
            events.map(({ id, type, data }) => ({ id, type, data: data.join('\n') })),
          );
        },
      ),
    );
  });
});
