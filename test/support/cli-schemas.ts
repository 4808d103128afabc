import * as z from 'zod';

/** The keys that scripts rely on; commands may print more. */
const Count = z.number().int().nonnegative();
const Word = z.string().min(1);

export const DemoOutput = z.looseObject({
  incidents: z.array(
    z.looseObject({
      name: Word,
      contractId: Word.nullable(),
      playbook: Word.nullable(),
      tier: z.number().int().nullable(),
      status: Word,
      verdict: z.enum(['met', 'not_met', 'inconclusive']).nullable(),
      confidence: z.number().min(0).max(1).nullable(),
      effects: Count,
      transitions: Count,
    }),
  ),
  audit: z.looseObject({ entries: Count, verified: z.boolean() }),
  orphans: Count,
});

export const SimulateOutput = z.array(
  z.looseObject({
    file: Word,
    decision: z.enum(['act', 'ask', 'observe', 'ignore']),
    reason: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    playbook: Word.nullable(),
    tier: z.number().int().nullable(),
    contract: Word.nullable(),
    expected: z.array(z.looseObject({ kind: Word })),
    status: Word.nullable(),
    verdict: z.enum(['met', 'not_met', 'inconclusive']).nullable(),
    effects: Count,
  }),
);
export type SimulateOutput = z.infer<typeof SimulateOutput>;

export const VerifyOutput = z.looseObject({
  entries: Count,
  verified: z.boolean(),
  firstBad: Count.nullable(),
});
