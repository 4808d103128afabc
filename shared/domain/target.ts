/** What Grace can act on. One string names it everywhere: `autoscaling:group:us-east-1:123456789012:web`. */
export const TARGET_KINDS = ['autoscaling:group', 'ec2:instance', 'rds:instance'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export interface Target {
  readonly kind: TargetKind;
  readonly region: string;
  readonly account: string;
  /** The name or id that the service's API takes. */
  readonly id: string;
}

export function targetKey(target: Target): string {
  return `${target.kind}:${target.region}:${target.account}:${target.id}`;
}

/** What a look at a live target found. `facts` are flat and typed; units are in the field names. */
export interface LiveTarget {
  readonly target: Target;
  readonly managed: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Tags that people set. Those that AWS sets by itself may change under a plan, and say nothing that anyone decided. */
export function ownTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));
}
