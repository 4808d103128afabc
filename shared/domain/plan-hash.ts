import type { Plan } from '../contracts/plan';
import { canonicalJson } from './canonical-json';
import { sha256Hex } from './digest';

/** Hash of the expected effect: SHA-256 over the RFC 8785 form of its expectations and times. */
export function effectHash(effect: Omit<Plan['effect'], 'hash'>): string {
  const { expectations, settleSeconds, windowSeconds } = effect;
  return sha256Hex(`grace.effect.v1\n${canonicalJson({ expectations, settleSeconds, windowSeconds })}`);
}

/** The bytes that are stored, hashed, shown to approvers and executed: one text, RFC 8785. */
export function planText(plan: Plan): string {
  return canonicalJson(plan);
}

/** SHA-256 of the plan's stored text. Whole: a flip of any byte of it is another plan. */
export function planTextHash(text: string): string {
  return sha256Hex(`grace.plan.v1\n${text}`);
}
