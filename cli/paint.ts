/** Colours of a terminal, or none. */
export type Paint = Readonly<Record<Colour, (text: string) => string>>;
export type Colour = keyof typeof CODES;

/** Select Graphic Rendition: how it begins and what ends it. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export function paintFor(colours: boolean): Paint {
  return Object.fromEntries(
    Object.entries(CODES).map(([name, [on, off]]) => [
      name,
      (text: string) => (colours && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text),
    ]),
  ) as unknown as Paint;
}

/** No colours: for files, pipes and tests. */
export const PLAIN: Paint = paintFor(false);
