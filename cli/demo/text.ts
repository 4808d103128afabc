/** Pieces of text. Times are milliseconds. */

/** `09:06:05.310`, UTC. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 21);
}

/** `15 min`, `90 s`, `1 h`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Number((minutes / 60).toFixed(1))} h`;
}

/** `desired_capacity 6, in_service 4`; empty for no facts. */
export function factsText(facts: Readonly<Record<string, unknown>>, before = ''): string {
  const text = Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return text === '' ? '' : `${before}${text}`;
}

/** Words in lines of at most `width` characters; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The label before the first line, the others below that one. `indent`: characters up to the text. */
export function labelled(label: string, indent: number, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `  ${label}  ${line}` : `${' '.repeat(indent)}${line}`));
}
