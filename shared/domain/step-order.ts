export interface OrderedStep {
  readonly id: string;
  readonly after: readonly string[];
}

/**
 * The order in which steps run: each after those that it names, otherwise as written. A cycle is named
 * by its step ids, first one repeated at the end (`a`, `b`, `a`). Names of unknown steps are passed over.
 */
export type StepOrder<S extends OrderedStep> =
  | { readonly ok: true; readonly steps: readonly S[] }
  | { readonly ok: false; readonly cycle: readonly string[] };

export function orderSteps<S extends OrderedStep>(steps: readonly S[]): StepOrder<S> {
  const known = new Set(steps.map((step) => step.id));
  const done = new Set<string>();
  const ordered: S[] = [];
  let waiting = [...steps];
  const isBlocked = (step: S) => step.after.some((id) => known.has(id) && !done.has(id));
  while (waiting.length > 0) {
    const next = waiting.find((step) => !isBlocked(step));
    if (next === undefined) return { ok: false, cycle: nameCycle(waiting, done) };
    ordered.push(next);
    done.add(next.id);
    waiting = waiting.filter((step) => step !== next);
  }
  return { ok: true, steps: ordered };
}

/** Every waiting step waits for another waiting one, so following them must come round. */
function nameCycle(waiting: readonly OrderedStep[], done: ReadonlySet<string>): string[] {
  const byId = new Map(waiting.map((step) => [step.id, step]));
  const walked: string[] = [];
  for (let step = waiting[0]; step !== undefined; ) {
    const start = walked.indexOf(step.id);
    walked.push(step.id);
    if (start >= 0) return walked.slice(start);
    step = byId.get(step.after.find((id) => byId.has(id) && !done.has(id)) ?? '');
  }
  return walked;
}
