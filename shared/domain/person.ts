/** What people may be in a deployment; each includes only what it says. `emergency` may break the glass. */
export const ROLES = ['viewer', 'operator', 'approver', 'auditor', 'administrator', 'emergency'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks for something, as somebody vouched for it. */
export interface Person {
  /**
   * Tells one person from another, whatever session or credential they use: `issuer#subject` of a token, the
   * ARN of an IAM user or role. Never a session's name, an e-mail address or a display name.
   */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** When they last proved who they are (`auth_time` of a token), milliseconds since 1970. */
  readonly authenticatedAt?: number;
}

/** The key of a token's subject: two issuers may both have a `1234`. */
export function subjectOf(issuer: string, subject: string): string {
  return `${issuer}#${subject}`;
}
