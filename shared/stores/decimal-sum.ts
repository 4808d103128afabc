import { storableNumber } from './attribute-rules';

/**
 * Adds as DynamoDB does, in decimal: 0.1 + 0.2 = 0.3. The sum is the nearest double of the exact decimal sum.
 * @throws StoreRequestError when the sum is not kept exactly (an integer beyond 2^53)
 */
export function addDecimals(a: number, b: number): number {
  if (Number.isInteger(a) && Number.isInteger(b)) return storableNumber(a + b);
  const [x, y] = [parts(a), parts(b)];
  const scale = Math.max(x.scale, y.scale);
  const sum = x.digits * 10n ** BigInt(scale - x.scale) + y.digits * 10n ** BigInt(scale - y.scale);
  return storableNumber(Number(`${sum}e-${scale}`));
}

/** The shortest numeral of a double as digits × 10^-scale. */
function parts(value: number): { digits: bigint; scale: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}
