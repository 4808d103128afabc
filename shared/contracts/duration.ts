import * as z from 'zod/mini';

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Reads `90s`, `10m`, `1h`, `2d` as whole seconds; `undefined` when it is none of these. */
export function durationSeconds(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** A duration as people write it; bounds in seconds. The parsed value is seconds. */
export const Duration = (minimum: number, maximum: number) =>
  z
    .pipe(
      z
        .string()
        .check(z.regex(/^\d{1,6}[smhd]$/, 'write a duration as a whole number and a unit: 90s, 10m, 1h')),
      z.transform((text: string) => durationSeconds(text) ?? Number.NaN),
    )
    .check(
      z.refine((seconds) => seconds >= minimum && seconds <= maximum, {
        error: `must be between ${minimum} s and ${maximum} s`,
      }),
    );
