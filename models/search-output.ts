/** What one search of spin's verifier came to. */
export type Search =
  /** Every reachable state was looked at, and the property holds in all of them. */
  | { readonly result: 'holds'; readonly states: number }
  | { readonly result: 'violated' }
  /** It says nothing: cut off by depth, memory or time, or not begun. `why` is the verifier's own line. */
  | { readonly result: 'unfinished'; readonly why: string };

const CUT_OFF = /max search depth too small|out of memory|memory limit|Search not completed|truncated/i;

/** Reads what the verifier printed. Only a search that was finished and found nothing counts as `holds`. */
export function readSearch(output: string): Search {
  const errors = /errors: (\d+)/.exec(output)?.[1];
  const lines = output.split('\n');
  if (errors !== undefined && errors !== '0') {
    // A violation is one also where the rest was not searched; that it was cut off is then no matter.
    return /assertion violated|acceptance cycle|invalid end state/.test(output)
      ? { result: 'violated' }
      : { result: 'unfinished', why: `${errors} errors of another kind` };
  }
  const cut = lines.find((line) => CUT_OFF.test(line));
  const states = /(\d+) states, stored/.exec(output)?.[1];
  if (cut !== undefined) return { result: 'unfinished', why: cut.trim() };
  if (errors === undefined || states === undefined) {
    return { result: 'unfinished', why: lines.find((line) => line.trim() !== '')?.trim() ?? 'no output' };
  }
  return { result: 'holds', states: Number(states) };
}
