/** The process is gone: what it was about to do, or to be told, it never is. */
export class CutError extends Error {
  override readonly name = 'CutError';
}

/** One call of a port, and on which side of its effect the process ends. */
export interface Cut {
  /** Counted from 0 in the order in which calls begin. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/**
 * The ports that `names` lists, of which one call is the last: after the cut every other call throws as well, since
 * nobody is there to make it. Without a cut it only counts.
 */
export function cutPorts<Deps extends object>(
  deps: Deps,
  names: readonly (keyof Deps & string)[],
  cut?: Cut,
): { readonly deps: Deps; readonly calls: readonly string[] } {
  const calls: string[] = [];
  let isGone = false;
  const pass = (call: number, when: Cut['when']): void => {
    if (cut?.call === call && cut.when === when) isGone = true;
    if (isGone) throw new CutError(`cut ${when} ${calls[call]}`);
  };
  const wrapped = (name: string, port: object): object =>
    new Proxy(port, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          const call = calls.push(`${name}.${String(property)}`) - 1;
          const run = (): unknown => Reflect.apply(method, target, args);
          return property === 'entries' ? reading(call, run) : asking(call, run);
        };
      },
    });
  async function asking(call: number, run: () => unknown): Promise<unknown> {
    pass(call, 'before');
    const answer = await run();
    pass(call, 'after');
    return answer;
  }
  async function* reading(call: number, run: () => unknown): AsyncGenerator<unknown> {
    pass(call, 'before');
    yield* run() as AsyncIterable<unknown>;
    pass(call, 'after');
  }
  /** Where there is one of each epoch, of each. */
  const each = (name: string, port: unknown): unknown =>
    typeof port === 'function'
      ? (...args: unknown[]) => wrapped(name, Reflect.apply(port, undefined, args) as object)
      : wrapped(name, port as object);
  const ports = names.map((name) => [name, each(name, deps[name])]);
  return { deps: { ...deps, ...Object.fromEntries(ports) }, calls };
}
