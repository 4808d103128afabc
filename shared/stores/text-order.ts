/**
 * Compares strings as DynamoDB does, by their UTF-8 bytes: negative, 0 or positive. It differs from `<` of
 * JavaScript (UTF-16 units) only where characters beyond U+FFFF meet U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** A surrogate is part of a character beyond U+FFFF, whose UTF-8 is greater than that of all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
