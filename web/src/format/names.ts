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

/** 0 to 1 as a percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The end of a long id, which is the part that differs between ids of one time. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `…${id.slice(-8)}`;
}

/** Keys of targets in a sentence, by their ids alone. */
export function shortKeys(text: string): string {
  return text.replace(/\b[a-z0-9]+:[a-z]+:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:/g, '');
}
