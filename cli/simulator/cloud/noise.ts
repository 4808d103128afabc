/** Points to a block, and steps that the recursion runs before a block begins. */
const BLOCK = 64;

/**
 * Stationary AR(1) noise of mean 0 and variance 1, by index: the same number for the same index in whatever
 * order they are asked for. Each block of 64 starts its recursion one block earlier from zero, so that what
 * is left of the start is below autocorrelation^64 (0.1 % at 0.9, the most allowed).
 *
 * `stream` gives an independent source of uniform numbers for each label.
 */
export function autocorrelatedNoise(options: {
  readonly stream: (label: string) => () => number;
  readonly autocorrelation: number;
}): (index: number) => number {
  const { stream, autocorrelation } = options;
  const innovation = Math.sqrt(1 - autocorrelation ** 2);
  const shocks = new Map<number, readonly number[]>();
  const blocks = new Map<number, readonly number[]>();

  function shocksOf(block: number): readonly number[] {
    const known = shocks.get(block);
    if (known) return known;
    const uniform = stream(String(block));
    const made = Array.from({ length: BLOCK }, () => standardNormal(uniform));
    shocks.set(block, made);
    return made;
  }

  function valuesOf(block: number): readonly number[] {
    const known = blocks.get(block);
    if (known) return known;
    let value = 0;
    for (const shock of shocksOf(block - 1)) value = autocorrelation * value + innovation * shock;
    const made = shocksOf(block).map((shock) => {
      value = autocorrelation * value + innovation * shock;
      return value;
    });
    blocks.set(block, made);
    return made;
  }

  return (index) => {
    const block = Math.floor(index / BLOCK);
    return valuesOf(block)[index - block * BLOCK] as number;
  };
}

/** Box & Muller 1958, one of the pair. */
function standardNormal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}
