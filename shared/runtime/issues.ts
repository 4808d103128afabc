/** The part of zod's issues that is shown. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What zod found, one line each: where and why, without the values (they may be secret). */
export function issueLines(issues: readonly Issue[]): string[] {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || '(root)'}: ${message}`);
}
