import type { Remembered } from './verify';

/** What this browser verified last of a log, so that it notices when its past is another one. */
export function remembered(log: string): Remembered | undefined {
  const text = localStorage.getItem(keyOf(log));
  if (text === null) return undefined;
  const { size, link } = JSON.parse(text) as Partial<Remembered>;
  return typeof size === 'number' && typeof link === 'string' ? { size, link } : undefined;
}

export function remember(log: string, { size, link }: Remembered): void {
  localStorage.setItem(keyOf(log), JSON.stringify({ size, link }));
}

/** Each deployment and each origin has logs of its own. */
const keyOf = (log: string): string => `grace.verified.${log}`;
