/** One thing that was looked at. `not_checked`: it could not be, and nothing is claimed about it. */
export interface Check {
  /** Stable and short, such as `state table`. */
  readonly name: string;
  readonly status: 'ok' | 'wrong' | 'warning' | 'not_checked';
  readonly detail: string;
  /** What to do; always there unless all is well. */
  readonly fix?: string;
}

export interface Diagnosis {
  readonly on: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** 0 all is well, 1 something is wrong, 2 there is nothing to look at. */
  readonly exitCode: 0 | 1 | 2;
}

export const well = (name: string, detail: string): Check => ({ name, status: 'ok', detail });
export const wrong = (name: string, detail: string, fix: string): Check => ({
  name,
  status: 'wrong',
  detail,
  fix,
});
export const warning = (name: string, detail: string, fix: string): Check => ({
  name,
  status: 'warning',
  detail,
  fix,
});
export const notChecked = (name: string, detail: string, fix: string): Check => ({
  name,
  status: 'not_checked',
  detail,
  fix,
});

/** `nothing`: the deployment itself, or the saved run, is not there. */
export function diagnosis(on: string, checks: readonly Check[], nothing: boolean): Diagnosis {
  const bad = checks.some((check) => check.status === 'wrong');
  return { on, ok: !bad && !nothing, checks, exitCode: nothing ? 2 : bad ? 1 : 0 };
}

/**
 * Looks, and never throws: what cannot be looked at is wrong for the reason that the look gives, and a
 * missing permission is named.
 */
export async function look(name: string, run: () => Promise<Check | readonly Check[]>): Promise<Check[]> {
  try {
    const found = await run();
    return Array.isArray(found) ? [...found] : [found as Check];
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (/AccessDenied|UnauthorizedOperation|not authorized/i.test(`${kind} ${message}`)) {
      const [, action] = /perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message) ?? [];
      return [
        notChecked(
          name,
          `you may not look: ${message.slice(0, 200)}`,
          `allow ${action ?? 'it'} to your role`,
        ),
      ];
    }
    return [wrong(name, `${kind}: ${message.slice(0, 300)}`, 'see the message; `--json` has all of it')];
  }
}

const MARKS = { ok: '✓', wrong: '✗', warning: '!', not_checked: '–' } as const;

/** One line a check, with its fix below. */
export function checkLines(checks: readonly Check[]): readonly string[] {
  return checks.flatMap(({ name, status, detail, fix }) => [
    `${MARKS[status]} ${name}: ${detail}`,
    ...(fix === undefined || status === 'ok' ? [] : [`    ${fix}`]),
  ]);
}
