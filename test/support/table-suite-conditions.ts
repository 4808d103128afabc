import type { Condition, Write } from '../../shared/ports/table';
import type { TableBench } from './table-bench';

export function describeConditions(bench: TableBench): void {
  const { it, table, key, put, update, check } = bench;
  describe(`${bench.name}: conditions`, () => {
    const absent: Condition = { op: 'absent', path: ['pk'] };

    it('writes when the condition holds and tells the old item when it does not', async () => {
      const create: Write = { kind: 'put', item: { ...key(), a: 1 }, condition: absent };
      expect(await table().write([create])).toEqual({ ok: true });
      const again = await table().write([{ ...create, item: { ...key(), a: 2 } }]);
      expect(again).toEqual({ ok: false, failed: [{ index: 0, item: { ...key(), a: 1 } }] });
      expect(await table().get(key())).toEqual({ ...key(), a: 1 });
    });

    it('tells no item when a condition fails because the item is not there', async () => {
      const result = await update({
        update: { set: [[['a'], 1]] },
        condition: { op: 'exists', path: ['pk'] },
      });
      expect(result).toEqual({ ok: false, failed: [{ index: 0, item: undefined }] });
      expect(await table().get(key())).toBeUndefined();
    });

    it('guards deletes and single checks alike', async () => {
      await put({ a: 1 });
      const condition: Condition = { op: '=', path: ['a'], value: 2 };
      const failed = [{ index: 0, item: { ...key(), a: 1 } }];
      expect(await table().write([{ kind: 'delete', key: key(), condition }])).toEqual({ ok: false, failed });
      expect(await check(condition)).toEqual({ ok: false, failed });
      expect(await check({ op: '=', path: ['a'], value: 1 })).toEqual({ ok: true });
    });

    const item = {
      n: 5,
      text: 'abc',
      yes: true,
      nothing: null,
      set: new Set(['x', 'y']),
      list: ['x', 1],
      map: { inner: { n: 1 }, empty: {} },
    };
    const cases: readonly (readonly [string, Condition, boolean])[] = [
      ['= is false on an absent attribute', { op: '=', path: ['gone'], value: 1 }, false],
      ['<> is true on an absent attribute', { op: '<>', path: ['gone'], value: 1 }, true],
      ['< is false on an absent attribute', { op: '<', path: ['gone'], value: 1 }, false],
      ['<= is false on an absent attribute', { op: '<=', path: ['gone'], value: 1 }, false],
      ['> is false on an absent attribute', { op: '>', path: ['gone'], value: 1 }, false],
      ['>= is false on an absent attribute', { op: '>=', path: ['gone'], value: 1 }, false],
      ['in is false on an absent attribute', { op: 'in', path: ['gone'], values: [1, 2] }, false],
      ['contains is false on an absent attribute', { op: 'contains', path: ['gone'], value: 'x' }, false],
      ['size is false on an absent attribute', { op: 'size<', path: ['gone'], value: 9 }, false],
      [
        'not turns an absent comparison into true',
        { op: 'not', of: { op: '<', path: ['gone'], value: 1 } },
        true,
      ],
      [
        'not turns an absent contains into true',
        { op: 'not', of: { op: 'contains', path: ['gone'], value: 'x' } },
        true,
      ],
      ['a path through an absent map is absent', { op: 'absent', path: ['gone', 'inner'] }, true],
      ['a path through a text is absent', { op: 'absent', path: ['text', 'inner'] }, true],
      ['a path goes into maps', { op: '=', path: ['map', 'inner', 'n'], value: 1 }, true],
      ['exists is true for null', { op: 'exists', path: ['nothing'] }, true],
      ['null equals null', { op: '=', path: ['nothing'], value: null }, true],
      ['true equals true', { op: '=', path: ['yes'], value: true }, true],
      ['numbers are equal by value', { op: '=', path: ['n'], value: 5 }, true],
      ['a number is no text', { op: '=', path: ['n'], value: '5' }, false],
      ['other types are <>', { op: '<>', path: ['n'], value: '5' }, true],
      ['other types have no order (<)', { op: '<', path: ['n'], value: 'x' }, false],
      ['other types have no order (>)', { op: '>', path: ['n'], value: 'x' }, false],
      ['a map has no order', { op: '>', path: ['map'], value: 0 }, false],
      ['5 < 6', { op: '<', path: ['n'], value: 6 }, true],
      ['5 < 5 is false', { op: '<', path: ['n'], value: 5 }, false],
      ['5 <= 5', { op: '<=', path: ['n'], value: 5 }, true],
      ['5 >= 5', { op: '>=', path: ['n'], value: 5 }, true],
      ['5 > 5 is false', { op: '>', path: ['n'], value: 5 }, false],
      ['5 > 10 is false: numbers, not texts', { op: '>', path: ['n'], value: 10 }, false],
      ['texts are ordered', { op: '<', path: ['text'], value: 'abd' }, true],
      ['capitals come before small letters', { op: '>', path: ['text'], value: 'Z' }, true],
      ['in finds a value', { op: 'in', path: ['text'], values: ['x', 'abc'] }, true],
      ['in of one value', { op: 'in', path: ['text'], values: ['abc'] }, true],
      ['in looks at types', { op: 'in', path: ['n'], values: ['5', 6] }, false],
      ['contains finds a member of a set', { op: 'contains', path: ['set'], value: 'y' }, true],
      ['contains finds no other member', { op: 'contains', path: ['set'], value: 'z' }, false],
      ['contains finds a part of a text', { op: 'contains', path: ['text'], value: 'bc' }, true],
      ['contains finds a text in a list', { op: 'contains', path: ['list'], value: 'x' }, true],
      ['contains is false for a number', { op: 'contains', path: ['n'], value: '5' }, false],
      ['size of a set', { op: 'size<', path: ['set'], value: 3 }, true],
      ['size of a set, not smaller', { op: 'size<', path: ['set'], value: 2 }, false],
      ['size of a text', { op: 'size<', path: ['text'], value: 4 }, true],
      ['size of a list', { op: 'size<', path: ['list'], value: 2 }, false],
      ['size of an empty map', { op: 'size<', path: ['map', 'empty'], value: 1 }, true],
      ['a number has no size', { op: 'size<', path: ['n'], value: 99 }, false],
      [
        'and needs all',
        {
          op: 'and',
          of: [
            { op: 'exists', path: ['n'] },
            { op: 'exists', path: ['gone'] },
          ],
        },
        false,
      ],
      [
        'or needs one',
        {
          op: 'or',
          of: [
            { op: 'exists', path: ['gone'] },
            { op: 'exists', path: ['n'] },
          ],
        },
        true,
      ],
      ['and of one', { op: 'and', of: [{ op: 'exists', path: ['n'] }] }, true],
      [
        'nested and, or, not keep their places',
        {
          op: 'and',
          of: [
            {
              op: 'not',
              of: {
                op: 'or',
                of: [
                  { op: 'exists', path: ['gone'] },
                  { op: '=', path: ['n'], value: 6 },
                ],
              },
            },
            {
              op: 'or',
              of: [
                { op: '=', path: ['n'], value: 6 },
                { op: '=', path: ['n'], value: 5 },
              ],
            },
          ],
        },
        true,
      ],
    ];
    for (const [sentence, condition, expected] of cases) {
      it(sentence, async () => {
        await put(item);
        expect((await check(condition)).ok).toBe(expected);
      });
    }

    it('orders texts by their UTF-8 bytes', async () => {
      await put({ text: '\u{1F600}' });
      expect((await check({ op: '>', path: ['text'], value: '\uFFFD' })).ok).toBe(true);
    });

    it('takes every attribute name: reserved words, dots, blanks, names of Object', async () => {
      const names = ['status', 'size', 'a.b', 'with blank', '#x', ':y', 'constructor', 'toString'];
      await put({});
      for (const attribute of names) {
        expect((await check({ op: 'absent', path: [attribute] })).ok).toBe(true);
        await update({ update: { set: [[[attribute], 1]] } });
        expect((await check({ op: '=', path: [attribute], value: 1 })).ok).toBe(true);
      }
      expect(await table().get(key())).toEqual({ ...key(), ...Object.fromEntries(names.map((n) => [n, 1])) });
    });

    it('counts exactly the increments that succeeded, of 50 at once', async () => {
      await put({ n: 0 });
      const results = await Promise.all(
        Array.from({ length: 50 }, () =>
          update({ update: { add: [['n', 1]] }, condition: { op: '<', path: ['n'], value: 30 } }),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(30);
      expect(await table().get(key())).toEqual({ ...key(), n: 30 });
    });
  });
}
