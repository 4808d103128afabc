/** Where a log is. */
export interface LogPlace {
  readonly deployment: string;
  readonly account: string;
  readonly region: string;
}

/** `grace/<deployment>/<account>/<region>`: the log, over all its epochs. */
export function logName({ deployment, account, region }: LogPlace): string {
  return `grace/${deployment}/${account}/${region}`;
}

/** `<name of the log>/<epoch>`: the first line of the epoch's checkpoints, and the name of the keys that sign them. */
export function epochOrigin(name: string, epoch: number): string {
  return `${name}/${epoch}`;
}

/** The log and the epoch that an origin, or a key, is named for; `undefined` = it names no epoch. */
export function readOrigin(origin: string): { readonly name: string; readonly epoch: number } | undefined {
  const [, name, epoch] = /^(.+)\/([1-9]\d{0,14})$/s.exec(origin) ?? [];
  return name === undefined ? undefined : { name, epoch: Number(epoch) };
}

/** What the sealed copies of an epoch lie below, in their bucket and in a copy of it. */
export function sealPrefix(epoch: number): string {
  return `epoch-${epoch}/`;
}
