/** What each setting means, for `docs/configuration.md`. A test holds that these are the schema's settings. */
export interface SettingMeaning {
  readonly field: string;
  /** As written when it is left out. */
  readonly preset: string;
  /** Least and most, where there are any; a test tries both, and one beyond. */
  readonly range?: readonly [least: string | number, most: string | number];
  readonly values?: string;
  readonly meaning: string;
}

export const SETTING_MEANINGS: readonly SettingMeaning[] = [
  {
    field: 'deployment',
    preset: '"grace"',
    values: 'lower case letters, digits and `-`, 2 to 21 characters',
    meaning: 'Name of the stack and of all that is in it. Several can stand in one account.',
  },
  {
    field: 'ephemeral',
    preset: 'false',
    values: '`true`, `false`',
    meaning:
      'Data may be deleted with the stack: no deletion protection, no point-in-time recovery. Only for trials; `--chaos` needs it.',
  },
  {
    field: 'mode',
    preset: '"observe" ("act" when ephemeral)',
    values: '`observe`, `act`',
    meaning: '`observe` writes what Grace would have done and what it expected; `act` does it.',
  },
  {
    field: 'executors',
    preset: 'all three',
    values: '`aws.scale_instances`, `aws.restart_ec2`, `aws.rds_reboot`',
    meaning: 'Actions that may be performed. A plan with any other one is refused.',
  },
  {
    field: 'approvals.approvers',
    preset: '[]',
    values: 'at most 100 principals of 1 to 256 characters',
    meaning:
      'IAM principals that may approve, as STS reports them. Empty means that nobody can, never that everybody may.',
  },
  {
    field: 'approvals.administrators',
    preset: '[]',
    values: 'as approvers',
    meaning: 'May also cancel a request that somebody else asked for.',
  },
  {
    field: 'approvals.emergency',
    preset: '[]',
    values: 'as approvers',
    meaning:
      'May break the glass: agree alone, in an emergency, once in 24 hours, freshly authenticated by a token. They are not approvers by that.',
  },
  {
    field: 'approvals.escalation',
    preset: '[]',
    values: 'as approvers',
    meaning: 'Become eligible for a request when half of its time has passed.',
  },
  {
    field: 'approvals.delegates',
    preset: '[]',
    values: 'as approvers',
    meaning: 'May be delegated to, without being anything else. Everybody named above may, too.',
  },
  {
    field: 'approvals.longestDelegation',
    preset: '"1d"',
    range: ['1h', '7d'],
    meaning: 'How far ahead a delegation may end.',
  },
  {
    field: 'approvals.tier2Quorum',
    preset: '1',
    range: [1, 10],
    meaning: 'People who must approve an action of tier 2.',
  },
  {
    field: 'approvals.tier3Quorum',
    preset: '2',
    range: [2, 10],
    meaning: 'People who must approve an action of tier 3. Not less than for tier 2.',
  },
  {
    field: 'approvals.expires',
    preset: '"1h"',
    range: ['60s', '1d'],
    meaning: 'How long a request for approval is open, where the playbook says nothing else.',
  },
  {
    field: 'approvals.executeWithin',
    preset: '"15m"',
    range: ['60s', '1d'],
    meaning: 'After this an action that has not begun is stale, even when it was approved.',
  },
  {
    field: 'policy.changeCalendars',
    preset: '[]',
    values: 'up to 10 names or ARNs',
    meaning:
      'SSM change calendars. While one is closed nothing is done but in an emergency; while one cannot be asked, nothing at all. See [policies](policies.md).',
  },
  {
    field: 'api.origins',
    preset: '[]',
    values: 'at most 20 origins, https (or this machine, for trials)',
    meaning: "Whose pages may call the API from a browser, such as the console's.",
  },
  {
    field: 'api.requestsPerSecond',
    preset: '20',
    range: [1, 1000],
    meaning: 'Of each caller, in the long run; counted in each running instance of the function.',
  },
  {
    field: 'api.burst',
    preset: '100',
    range: [1, 5000],
    meaning: 'Of each caller, at once.',
  },
  {
    field: 'api.machines',
    preset: '[]',
    values: 'at most 50 of `{principal, roles}`',
    meaning:
      'IAM principals that may call the API signed with SigV4, and as what. No machine decides, pauses or restores, whatever its roles.',
  },
  {
    field: 'signIn.issuer',
    preset: 'none',
    values: 'an https URL with a public host name',
    meaning:
      'OpenID issuer whose access tokens are believed. Without one the stack has a user pool of its own.',
  },
  {
    field: 'signIn.audience',
    preset: 'none',
    values: '1 to 256 characters',
    meaning: 'What tokens of that issuer must be made for (`aud` or `client_id`).',
  },
  {
    field: 'signIn.keys',
    preset: 'none',
    values: 'as the issuer',
    meaning: 'Where that issuer publishes its keys; default: `/.well-known/jwks.json` below it.',
  },
  {
    field: 'signIn.rolesClaim',
    preset: '"groups"',
    values: 'the name of a claim',
    meaning: "Holds the roles in that issuer's tokens; in the user pool's it is `cognito:groups`.",
  },
  {
    field: 'signIn.mfa',
    preset: '"required"',
    values: '`required`, `optional`',
    meaning: "Second factor in the stack's own user pool.",
  },
  {
    field: 'signIn.callbacks',
    preset: '[]',
    values: 'at most 20 URLs',
    meaning: "Where the stack's own user pool may send people back to: the console's address.",
  },
  {
    field: 'signIn.viewers',
    preset: '[]',
    values: 'as approvers',
    meaning: "May read, beside those in the user pool's group `viewer`.",
  },
  {
    field: 'signIn.operators',
    preset: '[]',
    values: 'as approvers',
    meaning: 'May report errors, pause and resume, ask for a restore, and release from quarantine.',
  },
  {
    field: 'signIn.auditors',
    preset: '[]',
    values: 'as approvers',
    meaning: 'May read the audit log and its proofs.',
  },
  {
    field: 'limits.concurrentActions',
    preset: '6',
    range: [1, 1000],
    meaning: 'Actions under way at once, over all targets; the others wait for their turn.',
  },
  {
    field: 'limits.fingerprintWindow',
    preset: '"5m"',
    range: ['10s', '1d'],
    meaning: 'How long a repeat of an error joins what its first event began.',
  },
  {
    field: 'limits.executorTimeout',
    preset: '"60s"',
    range: ['5s', '10m'],
    meaning:
      'An executor’s own step: the call and the service’s acceptance, not the effect. More than 10 s, and less than the state machine waits (75 s).',
  },
  {
    field: 'limits.maximumEventAge',
    preset: '"1h"',
    range: ['60s', '1d'],
    meaning: 'Older events are recorded (`EVENT_TOO_OLD`) and not acted on.',
  },
  {
    field: 'alarms.topicArn',
    preset: 'none',
    values: 'the ARN of an SNS topic',
    meaning:
      'Hears when something is wrong with Grace itself (the alarm `…-self-unwell`, AWS only), and when it is over; and, by alarms of their own, of actions that fail, and of each epoch of the audit log that somebody closes. CloudWatch must be allowed to publish there.',
  },
  {
    field: 'audit.signingKeys',
    preset: '["a"]',
    values: '1 to 4 names of lower case letters and digits',
    meaning:
      'Keys that sign the log’s checkpoints, one in KMS for each name. Two while one takes over (`docs/operations.md#rotating-the-signing-key`).',
  },
  {
    field: 'audit.witnesses',
    preset: '[]',
    values: 'at most 20 verifier keys, `name+id+base64`',
    meaning: 'Witnesses whose signatures are kept beside the sealed log (`grace audit cosigned`).',
  },
  {
    field: 'audit.lock',
    preset: '"governance"',
    values: '`governance`, `compliance`',
    meaning:
      'Object Lock of the sealed copies. `compliance`: nobody can delete them before their time, the account’s owner neither. None in a trial.',
  },
  {
    field: 'audit.lockDays',
    preset: '365',
    range: [1, 36_500],
    meaning: 'How long each sealed copy is locked.',
  },
  {
    field: 'retention.logDays',
    preset: '90',
    range: [1, 3653],
    meaning: 'Days that the functions’ logs are kept; rounded up to what CloudWatch Logs offers.',
  },
  {
    field: 'retention.archiveDays',
    preset: '365',
    range: [1, 3650],
    meaning: 'Days that events are kept in the bus’s archive (AWS only).',
  },
  {
    field: 'consoleUrl',
    preset: 'none',
    values: 'an https URL',
    meaning: 'Where the web console is, for the links in webhooks. Opening a link decides nothing.',
  },
  {
    field: 'webhooks',
    preset: '[]',
    values: 'at most 10; see [live notices](notices.md)',
    meaning:
      'Who is told of requests for approval, of what needs a person, and of epochs of the audit log that are closed. Secrets are named by SSM parameter, never written here.',
  },
];

/** The table of `docs/configuration.md`. */
export function settingsTable(meanings: readonly SettingMeaning[] = SETTING_MEANINGS): string {
  const rows = meanings.map(({ field, preset, range, values, meaning }) => {
    const allowed = range === undefined ? (values ?? '') : `${range[0]} to ${range[1]}`;
    return `| \`${field}\` | \`${preset}\` | ${allowed} | ${meaning} |`;
  });
  return ['| setting | default | allowed | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
