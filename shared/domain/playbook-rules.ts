import type { Playbook } from '../contracts/playbook';
import { ACTIONS, type ActionSpec, actionNamed } from './actions';
import { effectRules } from './effect-rules';
import { suggestName } from './nearest-name';
import type { RuleFindings, RuleProblem } from './rule-findings';
import { orderSteps } from './step-order';

/** Every rule across fields. Expressions (text that starts with `=`) are judged when a plan is bound. */
export function checkPlaybook(playbook: Playbook): RuleFindings {
  const effect = effectRules(playbook);
  return {
    problems: [
      ...matchRules(playbook),
      ...playbook.steps.flatMap((_, index) => stepRules(playbook, index)),
      ...orderRules(playbook),
      ...rollbackRules(playbook),
      ...tierRules(playbook),
      ...effect.problems,
    ],
    warnings: effect.warnings,
  };
}

function matchRules(playbook: Playbook): RuleProblem[] {
  return playbook.match.flatMap((pattern, index): RuleProblem[] => {
    const globs = Object.values('alarm' in pattern ? pattern.alarm : pattern.error).flatMap((field) =>
      typeof field === 'object' ? Object.values(field) : [field ?? '*'],
    );
    if (globs.some((glob) => glob.replace(/[*?]/g, '') !== '')) return [];
    return [
      {
        path: ['match', index],
        message: 'the pattern has no literal character, so it matches everything',
        fix: 'name a metric, a namespace, a service or a part of a name',
      },
    ];
  });
}

function stepRules(playbook: Playbook, index: number): RuleProblem[] {
  const step = playbook.steps[index];
  if (step === undefined) return [];
  const path = ['steps', index] as const;
  const problems: RuleProblem[] = [];
  if (playbook.steps.findIndex((other) => other.id === step.id) !== index) {
    problems.push({
      path: [...path, 'id'],
      message: `the id ${step.id} is taken`,
      fix: 'give each step its own id',
    });
  }
  const action = actionNamed(step.action);
  if (action === undefined) {
    return [
      ...problems,
      {
        path: [...path, 'action'],
        message: `there is no action \`${step.action}\``,
        fix: suggestName(step.action, Object.keys(ACTIONS)),
      },
    ];
  }
  if (action.targetKind !== playbook.target.kind) {
    problems.push({
      path: [...path, 'action'],
      message: `${action.name} acts on ${action.targetKind}, the playbook's target is ${playbook.target.kind}`,
      fix: `set target.kind to ${action.targetKind}, or use an action for ${playbook.target.kind}`,
    });
  }
  return [
    ...problems,
    ...parameterRules(action, { parameters: step.parameters, path: [...path, 'parameters'] }),
  ];
}

function parameterRules(
  action: ActionSpec,
  {
    parameters,
    path,
  }: { readonly parameters: Readonly<Record<string, unknown>>; readonly path: (string | number)[] },
): RuleProblem[] {
  const known = Object.keys(action.parameters);
  const unknown = Object.keys(parameters).filter((name) => !known.includes(name));
  return [
    ...unknown.map((name) => ({
      path: [...path, name],
      message: `${action.name} takes no parameter \`${name}\``,
      fix: suggestName(name, known),
    })),
    ...Object.entries(action.parameters).flatMap(([name, spec]): RuleProblem[] => {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      const range = `a whole number from ${spec.minimum} to ${spec.maximum} (${spec.summary})`;
      if (value === undefined) {
        return [{ path: [...path, name], message: `${action.name} needs \`${name}\``, fix: `add ${range}` }];
      }
      if (typeof value === 'string' && value.startsWith('=')) return [];
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        return [{ path: [...path, name], message: `${name} is no whole number`, fix: `write ${range}` }];
      }
      if (value < spec.minimum || value > spec.maximum) {
        return [{ path: [...path, name], message: `${value} is out of range`, fix: `write ${range}` }];
      }
      return [];
    }),
  ];
}

function orderRules(playbook: Playbook): RuleProblem[] {
  const ids = playbook.steps.map((step) => step.id);
  const problems = playbook.steps.flatMap((step, index) =>
    step.after.flatMap((id, position): RuleProblem[] =>
      ids.includes(id)
        ? []
        : [
            {
              path: ['steps', index, 'after', position],
              message: `there is no step \`${id}\``,
              fix: suggestName(id, ids),
            },
          ],
    ),
  );
  const order = orderSteps(playbook.steps);
  if (order.ok) return problems;
  const first = ids.indexOf(order.cycle[0] ?? '');
  return [
    ...problems,
    {
      path: ['steps', first, 'after'],
      message: `the steps wait for each other: ${order.cycle.join(' after ')}`,
      fix: 'take one `after` out of the circle',
    },
  ];
}

function rollbackRules(playbook: Playbook): RuleProblem[] {
  const actions = playbook.steps
    .map((step) => actionNamed(step.action))
    .filter((action) => action !== undefined);
  const irreversible = actions.filter((action) => !action.reversible).map((action) => action.name);
  if (playbook.rollback === 'restore' && irreversible.length > 0) {
    return [
      {
        path: ['rollback'],
        message: `${irreversible.join(', ')} cannot be undone, so \`restore\` would pretend`,
        fix: 'write `rollback: none`, or take the step out',
      },
    ];
  }
  if (playbook.rollback === 'none' && irreversible.length === 0 && actions.length > 0) {
    return [
      {
        path: ['rollback'],
        message: 'every step can be undone, and the playbook does not',
        fix: 'write `rollback: restore`',
      },
    ];
  }
  return [];
}

/** The lowest tier that the actions alone allow; the live target can only raise it. */
function staticTierFloor(playbook: Playbook): 1 | 2 {
  return playbook.steps.some((step) => actionNamed(step.action)?.reversible === false) ? 2 : 1;
}

function tierRules(playbook: Playbook): RuleProblem[] {
  const floor = staticTierFloor(playbook);
  if (playbook.tier >= floor) return [];
  return [
    {
      path: ['tier'],
      message: `an action that cannot be undone is tier ${floor} at least`,
      fix: `write \`tier: ${floor}\``,
    },
  ];
}
