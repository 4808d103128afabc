import { join } from 'node:path';
import type { Check } from '../../cli/audit/check';
import { graceJson } from './memory-io';
import { runPython, VERIFIER } from './python';

export interface Said {
  readonly verified: boolean;
  readonly firstBad: number | null;
  readonly checks: readonly Check[];
}

/** Asks both verifiers about one thing that lies in `cwd`; the argument `kept` is a file there. */
export function bothVerifiers(python: () => string, cwd: string) {
  const absolute = (arg: string): string => (arg === 'kept' ? join(cwd, arg) : arg);
  return async (path: string, ...args: string[]) => {
    const { code, out, err } = runPython(python(), [
      VERIFIER,
      join(cwd, path),
      '--json',
      ...args.map(absolute),
    ]);
    if (out === '') throw new Error(err);
    const ours = await graceJson<Said>(cwd, ['audit', 'verify', path, ...args]);
    return { theirs: { code, said: JSON.parse(out) as Said }, ours: { code: ours.code, said: ours.value } };
  };
}

/** By code, and by epoch where there are several; the state table is not what an outsider has. */
export function statusesOf({ checks }: Said) {
  return Object.fromEntries(
    checks
      .filter(({ code }) => code !== 'STATE_TABLE')
      .map(({ code, status, epoch }) => [epoch === undefined ? code : `${epoch} ${code}`, status]),
  );
}
