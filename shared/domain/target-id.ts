import type { TargetKind } from './target';

interface Shape {
  readonly pattern: RegExp;
  readonly words: string;
}

/** Shapes of names as the services document them. None holds a colon, so no ARN passes for a name. */
const SHAPES: Readonly<Record<TargetKind, Shape>> = {
  'autoscaling:group': { pattern: /^[^:]{1,255}$/, words: 'up to 255 characters without a colon' },
  'ec2:instance': { pattern: /^i-[0-9a-z]{1,32}$/, words: '`i-` and letters or digits' },
  'rds:instance': { pattern: /^[A-Za-z][A-Za-z0-9-]{0,62}$/, words: 'up to 63 letters, digits and -' },
};

/** Why `id` cannot be the name of a target of that kind, or `undefined`. The id is not quoted. */
export function targetIdFault(kind: TargetKind, id: string): string | undefined {
  const { pattern, words } = SHAPES[kind];
  return pattern.test(id) ? undefined : `the target's name is not one of ${kind}: ${words}`;
}
