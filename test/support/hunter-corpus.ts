import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Context } from '../../shared/domain/hunter/rule';

/** One piece of the corpus. `group`: the class of an attack, the kind of a benign look-alike. */
export interface Sample {
  readonly part: 'tuned' | 'held_out';
  readonly group: string;
  readonly context: Context;
  readonly value: unknown;
}

interface Shape {
  readonly nest?: number;
  readonly members?: number;
  readonly characters?: number;
}
type Source = Record<Sample['part'], Record<string, Record<Context | 'value', readonly (string | Shape)[]>>>;

/** `test/fixtures/hunter/attacks.yaml` or `benign.yaml`. */
export function hunterCorpus(name: 'attacks' | 'benign'): readonly Sample[] {
  const source = parse(readFileSync(join(__dirname, `../fixtures/hunter/${name}.yaml`), 'utf8')) as Source;
  return Object.entries(source).flatMap(([part, groups]) =>
    Object.entries(groups).flatMap(([group, contexts]) =>
      Object.entries(contexts).flatMap(([context, samples]) =>
        samples.map((sample) => ({
          part: part as Sample['part'],
          group,
          context: context === 'text' ? ('text' as const) : ('parameter' as const),
          value: typeof sample === 'string' ? sample : built(sample),
        })),
      ),
    ),
  );
}

function built({ nest, members, characters }: Shape): unknown {
  if (members !== undefined) return Array.from({ length: members }, (_, n) => n);
  if (characters !== undefined) return 'x'.repeat(characters);
  let value: unknown = 1;
  for (let depth = 0; depth < (nest ?? 0); depth += 1) value = [value];
  return value;
}
