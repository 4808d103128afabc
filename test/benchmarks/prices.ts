/**
 * Public on-demand list prices of us-east-1 in US dollars, without free tiers, discounts and taxes. Typed in by
 * hand from the services' price pages as they were known on the date below, and checked by nothing: look them
 * up again before a decision hangs on them. Of a hand-typed table only the arithmetic is tested.
 */
export const PRICES_AS_OF = '2025-11-30';

/** Dollars for one of each. */
export const PRICES = {
  /** Lambda, arm64: one GB-second, and one request. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  /** Step Functions, Standard: one state transition. */
  stepFunctionsTransition: 25 / 1e6,
  /** DynamoDB, on demand, standard class. */
  dynamoWriteUnit: 0.625 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  /** EventBridge, one custom event of at most 64 KB. */
  eventBridgeEvent: 1 / 1e6,
  /** SQS, standard queue, one request. */
  sqsRequest: 0.4 / 1e6,
  /** KMS, symmetric key, one request. */
  kmsRequest: 0.03 / 1e4,
  /** S3 standard, one PUT. */
  s3Put: 0.005 / 1e3,
} as const;
export type Priced = keyof typeof PRICES;

/** How many of each one action needs. */
export type Usage = Readonly<Record<Priced, number>>;

/** Dollars of one action by what they are paid for, and together. */
export function dollarsOf(usage: Usage): {
  readonly total: number;
  readonly parts: Readonly<Record<Priced, number>>;
} {
  const parts = Object.fromEntries(
    Object.entries(PRICES).map(([name, price]) => [name, usage[name as Priced] * price]),
  ) as Record<Priced, number>;
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts };
}
