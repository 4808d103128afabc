/** Where a log is, and which of its epochs: the first line of its checkpoints, and the name of its keys. */
export interface LogPlace {
  readonly deployment: string;
  readonly account: string;
  readonly region: string;
  readonly epoch: number;
}

export function logOrigin({ deployment, account, region, epoch }: LogPlace): string {
  return `grace/${deployment}/${account}/${region}/${epoch}`;
}

/** What the sealed copies of one epoch lie below, in their bucket. */
export const epochPrefix = (epoch: number): string => `epoch-${epoch}/`;
