/** Edit distance with insertions, deletions and substitutions (Levenshtein 1966), in O(a × b). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Names longer than this are no slip of the finger, and not compared. */
const MAX_LENGTH = 64;

/** The known name that `name` was probably meant to be: at most a third of it wrong. Ties: first by name. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const written = name.toLowerCase();
  // One wrong character in one is another name.
  const limit = written.length < 2 ? 0 : Math.max(1, Math.floor(written.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of [...known].sort()) {
    const distance = editDistance(written, candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** A fix sentence: the nearest known name, or all of them. */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
  return known.length === 0 ? 'remove it' : `use one of: ${[...known].sort().join(', ')}`;
}
