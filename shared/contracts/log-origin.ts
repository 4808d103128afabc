/** Where a log is: the first line of its checkpoints, and the name of its keys. */
export interface LogPlace {
  readonly deployment: string;
  readonly account: string;
  readonly region: string;
}

/** Closing an epoch, and linking the next one to it, is not there yet; names leave the room for it. */
const EPOCH = 1;

/** `grace/<deployment>/<account>/<region>/<epoch>` */
export function logOrigin({ deployment, account, region }: LogPlace): string {
  return `grace/${deployment}/${account}/${region}/${EPOCH}`;
}

/** What the sealed copies of the epoch lie below, in their bucket. */
export const SEAL_PREFIX = `epoch-${EPOCH}/`;
