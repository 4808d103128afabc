import type { Settings } from './settings';
import { webhookFindings } from './webhook-rules';

/** One thing that is wrong with settings, or may not be meant so. `field`: `approvals.tier2Quorum`. */
export interface SettingFinding {
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

export interface SettingFindings {
  /** Any of these: the settings are refused. */
  readonly problems: readonly SettingFinding[];
  /** It is safe, and probably not what was meant. */
  readonly warnings: readonly SettingFinding[];
}

/** One request of the SDK may take so long; an executor must have more time than that. */
const ONE_REQUEST_SECONDS = 10;
const PRODUCTION = /(^|-)(prod|production|live)(-|$)/;

/**
 * What settings say against each other; the shape of each field is the schema's. Run by `grace config check`,
 * at synth, and by bootstrap after each deploy.
 */
export function checkSettings(settings: Settings): SettingFindings {
  const webhooks = webhookFindings(settings);
  return {
    problems: [
      ...deploymentProblems(settings),
      ...approvalProblems(settings),
      ...signInProblems(settings),
      ...timeProblems(settings),
      ...webhooks.problems,
    ],
    warnings: [
      ...modeWarnings(settings),
      ...alarmWarnings(settings),
      ...approvalWarnings(settings),
      ...timeWarnings(settings),
      ...webhooks.warnings,
    ],
  };
}

function deploymentProblems({ deployment, ephemeral, executors }: Settings): SettingFinding[] {
  const problems: SettingFinding[] = [];
  if (ephemeral && PRODUCTION.test(deployment))
    problems.push({
      field: 'ephemeral',
      message: `the deployment is called ${deployment}, and ephemeral lets its audit log be deleted with it`,
      fix: 'remove ephemeral, or give the deployment the name of a trial',
    });
  const twice = repeated(executors);
  if (twice !== undefined)
    problems.push({ field: 'executors', message: `${twice} is named twice`, fix: 'name it once' });
  return problems;
}

function signInProblems({ signIn: { issuer, audience } }: Settings): SettingFinding[] {
  if (issuer !== undefined && audience === undefined)
    return [
      {
        field: 'signIn.audience',
        message: 'tokens that the issuer made for any other application would be believed',
        fix: "give the audience or client id that Grace's tokens have",
      },
    ];
  if (issuer === undefined && audience !== undefined)
    return [
      {
        field: 'signIn.issuer',
        message: "an audience is named and no issuer; the stack's own user pool has its own",
        fix: 'name the issuer, or remove the audience',
      },
    ];
  return [];
}

/** Settings that name people. */
const PEOPLE = ['approvers', 'administrators', 'emergency', 'escalation', 'delegates'] as const;

function approvalProblems({ approvals }: Settings): SettingFinding[] {
  const { tier2Quorum, tier3Quorum } = approvals;
  const problems: SettingFinding[] = [];
  for (const list of PEOPLE) {
    const field = `approvals.${list}`;
    const twice = repeated(approvals[list]);
    if (twice !== undefined)
      problems.push({
        field,
        message: `${twice} is named twice; one person has one voice`,
        fix: 'name it once',
      });
    const wild = approvals[list].find((principal) => /[*?]/.test(principal));
    if (wild !== undefined)
      problems.push({
        field,
        message: `${wild} has a wildcard; names are compared letter by letter, so it is nobody`,
        fix: 'name each principal, or one role that several people may assume',
      });
  }
  if (tier3Quorum < tier2Quorum)
    problems.push({
      field: 'approvals.tier3Quorum',
      message: `tier 3 asks ${tier3Quorum} people and tier 2 asks ${tier2Quorum}: the higher tier is the weaker one`,
      fix: `set it to ${tier2Quorum} or more`,
    });
  return problems;
}

function timeProblems({ approvals, limits }: Settings): SettingFinding[] {
  const problems: SettingFinding[] = [];
  if (limits.executorTimeout <= ONE_REQUEST_SECONDS)
    problems.push({
      field: 'limits.executorTimeout',
      message: `one request may take ${ONE_REQUEST_SECONDS} s, so ${limits.executorTimeout} s leave no time to record it`,
      fix: 'write "60s"',
    });
  if (approvals.executeWithin < limits.executorTimeout)
    problems.push({
      field: 'approvals.executeWithin',
      message: `an approved action may wait ${approvals.executeWithin} s, and its executor may take ${limits.executorTimeout} s: it can be too late before it begins`,
      fix: 'give it more than limits.executorTimeout, such as "15m"',
    });
  return problems;
}

function modeWarnings({ mode, ephemeral, executors, approvals }: Settings): SettingFinding[] {
  const warnings: SettingFinding[] = [];
  if (mode !== 'act') return warnings;
  if (executors.length === 0)
    warnings.push({
      field: 'executors',
      message: 'mode is act and no action is allowed: every plan is refused with EXECUTOR_DISABLED',
      fix: 'name the actions, or set mode to observe',
    });
  if (executors.length > 0 && approvals.approvers.length === 0)
    warnings.push({
      field: 'approvals.approvers',
      message: 'mode is act and nobody may approve: every action above tier 1 is refused',
      fix: 'name the IAM principals that may approve',
    });
  if (!ephemeral && approvals.approvers.some((approver) => !approver.startsWith('arn:')))
    warnings.push({
      field: 'approvals.approvers',
      message: 'a name that is no ARN: on AWS approvers are compared with what STS says of the caller',
      fix: 'write ARNs, as `aws sts get-caller-identity` shows them; other names are for trials',
    });
  return warnings;
}

function alarmWarnings({ mode, ephemeral, alarms }: Settings): SettingFinding[] {
  if (mode !== 'act' || ephemeral || alarms.topicArn !== undefined) return [];
  return [
    {
      field: 'alarms.topicArn',
      message: 'mode is act and nobody is told when Grace itself is in trouble',
      fix: 'name an SNS topic that somebody is subscribed to',
    },
  ];
}

function approvalWarnings({ approvals }: Settings): SettingFinding[] {
  const { approvers, tier2Quorum, tier3Quorum } = approvals;
  const named = approvers.length;
  if (named === 0 || named >= tier3Quorum) return [];
  const [field, asked] =
    named < tier2Quorum ? ['approvals.tier2Quorum', tier2Quorum] : ['approvals.tier3Quorum', tier3Quorum];
  return [
    {
      field,
      message: `${asked} must approve and ${named} named here may: without more in the user pool's group approver such a request is refused as it is opened`,
      fix: 'name more approvers, put them into that group, or leave it so if nothing of that tier should ever run',
    },
  ];
}

function timeWarnings({ limits, approvals }: Settings): SettingFinding[] {
  const warnings: SettingFinding[] = [];
  if (limits.maximumEventAge < limits.fingerprintWindow)
    warnings.push({
      field: 'limits.maximumEventAge',
      message: `events older than ${limits.maximumEventAge} s are not acted on, while their repeats join for ${limits.fingerprintWindow} s`,
      fix: 'give it at least limits.fingerprintWindow',
    });
  if (approvals.expires < 300)
    warnings.push({
      field: 'approvals.expires',
      message: `a request is open for ${approvals.expires} s: hardly anybody sees it in time`,
      fix: 'give people at least "5m"',
    });
  return warnings;
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
