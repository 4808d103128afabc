import { environmentOf } from './environment';

export type Tier = 1 | 2 | 3;

export interface TierInput {
  /** What the playbook asks for at least. */
  readonly floor: Tier;
  readonly reversible: boolean;
  /** Share of the target that the action touches, 0 to 1; several steps add up. */
  readonly blastRadius: number;
  /** Of the live target, never of the event. */
  readonly tags: Readonly<Record<string, string>>;
  /** How the playbook's last actions ended: `1` success, anything else failure; newest last, ten count. */
  readonly lastTen: string;
}

export interface ComputedTier {
  readonly tier: Tier;
  /** One sentence for each thing that asks for a tier above 1, and for the floor. */
  readonly reasons: readonly string[];
}

const RECENT = 10;

/**
 * The highest tier that any reason asks for. There is no input that lowers it: not the event, not the
 * confidence of a diagnosis, not a good record.
 */
export function computeTier(input: TierInput): ComputedTier {
  const asked: { readonly tier: Tier; readonly reason: string }[] = [
    { tier: input.floor, reason: `the playbook asks for tier ${input.floor}` },
  ];
  const ask = (tier: Tier, reason: string) => asked.push({ tier, reason });
  if (!input.reversible) ask(2, 'it cannot be undone');
  if (!input.reversible && environmentOf(input.tags) === 'production')
    ask(2, 'it cannot be undone and the target is tagged production');
  const share = `it touches ${Math.round(input.blastRadius * 100)} % of the target`;
  // NaN compares false with everything, so what is not known to be small counts as large.
  if (!(input.blastRadius <= 0.6)) ask(3, share);
  else if (input.blastRadius > 0.3) ask(2, share);
  const recent = [...input.lastTen.slice(-RECENT)];
  const failures = recent.filter((outcome) => outcome !== '1').length;
  const record = `${failures} of its last ${recent.length} actions failed`;
  if (failures >= 5) ask(3, record);
  else if (failures >= 3) ask(2, record);
  const tier = Math.max(...asked.map((each) => each.tier)) as Tier;
  return { tier, reasons: asked.map(({ reason }) => reason) };
}
