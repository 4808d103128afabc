/** `issuer#subject` without the issuer, an ARN's last part: short enough to read; the whole stands in the title. */
export function shortSubject(subject: string): string {
  const fromToken = subject.includes('#') ? subject.slice(subject.lastIndexOf('#') + 1) : undefined;
  const fromArn = subject.startsWith('arn:') ? subject.split(':').slice(5).join(':') : undefined;
  return fromToken || fromArn || subject;
}

/** The first characters of a hash, enough to compare by eye with what a colleague reads out. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** A target's key (`kind:region:account:id`) as `id`, since kind and region stand beside it. */
export function shortTarget(key: string): string {
  const parts = key.split(':');
  return parts.length < 5 ? key : parts.slice(4).join(':');
}

/** `desired_capacity` as `desired capacity`. */
export function plain(name: string): string {
  return name.replaceAll('_', ' ');
}

/** 0 to 1 as a percentage, which no line breaks into two. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}

/** The end of a long id, which is the part that differs between ids of one time. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `…${id.slice(-8)}`;
}

/** Actions as one would say them. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  'aws.scale_instances': 'Scale',
  'aws.restart_ec2': 'Reboot instance',
  'aws.rds_reboot': 'Reboot database',
};

/** The summary of a plan as one would say it: actions in words, targets by their ids. */
export function summaryWords(text: string): string {
  return text
    .replace(/\b[a-z0-9]+:[a-z]+:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:/g, '')
    .replace(/\b([a-z]+\.[a-z0-9_]+) on /g, (whole, action: string) =>
      Object.hasOwn(ACTION_WORDS, action) ? `${ACTION_WORDS[action]} ` : whole,
    )
    .replace(/: ([a-z_]+) from /g, (_, field: string) => `: ${plain(field)} from `);
}

/** A name that somebody types as a subject: of the same issuer as their own, unless it says another. */
export function wholeSubject(name: string, own: string): string {
  const hash = own.lastIndexOf('#');
  const isWhole = name === '' || name.includes('#') || name.startsWith('arn:');
  return isWhole || hash === -1 ? name : `${own.slice(0, hash + 1)}${name}`;
}
