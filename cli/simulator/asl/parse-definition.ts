/** Loads the definition file that is deployed. Source of the format: states-language.net. */
import type { JsonValue, State, StateMachine } from './definition';
import { findDuplicateKey } from './duplicate-key';
import { AslNotSupportedError } from './errors';
import { asObject, inside, type Place, readFields, refuse } from './fields';
import { parseState } from './parse-state';

const MACHINE: Place = { stateName: undefined, field: '' };

/**
 * `substitutions` replace `${Name}` in the text, as CloudFormation's DefinitionSubstitutions do.
 * Throws AslNotSupportedError for whatever the interpreter does not implement, a placeholder without a value,
 * a key given twice, or a transition to a state that does not exist; SyntaxError when the text is not JSON.
 */
export function loadStateMachine(
  definitionText: string,
  substitutions: Readonly<Record<string, string>> = {},
): StateMachine {
  const text = definitionText.replace(/\$\{([^}]*)\}/g, (placeholder, name: string) => {
    if (Object.hasOwn(substitutions, name)) return substitutions[name] as string;
    return refuse(inside(MACHINE, placeholder), 'has no substitution');
  });
  const definition = asObject(JSON.parse(text) as JsonValue, MACHINE);
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) refuse(inside(MACHINE, duplicate), 'is given twice in one object');
  const fields = readFields(definition, MACHINE, [
    'StartAt',
    'States',
    'TimeoutSeconds',
    'Version',
    'QueryLanguage',
  ]);
  if (fields.has('QueryLanguage') && fields.value('QueryLanguage') !== 'JSONPath')
    refuse(fields.at('QueryLanguage'), 'only JSONPath is supported');
  if (fields.has('Version') && fields.value('Version') !== '1.0')
    refuse(fields.at('Version'), 'must be "1.0"');

  const states = new Map<string, State>();
  for (const [name, value] of Object.entries(asObject(fields.value('States'), fields.at('States')))) {
    const place = { stateName: name, field: '' };
    if (name.length === 0 || name.length > 80) refuse(place, 'a state name has 1 to 80 characters');
    states.set(name, parseState(asObject(value, place), name));
  }
  const machine: StateMachine = {
    startAt: fields.string('StartAt'),
    timeoutSeconds: fields.optionalNumber('TimeoutSeconds', { from: 1, to: 99_999_999, whole: true }),
    states,
  };
  if (!states.has(machine.startAt)) refuse(fields.at('StartAt'), `there is no state '${machine.startAt}'`);
  for (const { from, to, kind } of stateMachineEdges(machine))
    if (!states.has(to)) throw new AslNotSupportedError(from, kind, `there is no state '${to}'`);
  return machine;
}

/** One way from a state to another; `kind` is the field it comes from. */
export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly kind: 'Next' | 'Choices' | 'Default' | 'Catch';
};

export function stateMachineEdges(machine: StateMachine): readonly Edge[] {
  return [...machine.states].flatMap(([from, state]) =>
    outgoing(state).map(([kind, to]) => ({ from, to, kind })),
  );
}

function outgoing(state: State): readonly (readonly [Edge['kind'], string])[] {
  if (state.type === 'Choice') {
    const choices = state.choices.map(({ next }) => ['Choices', next] as const);
    return state.default === undefined ? choices : [...choices, ['Default', state.default]];
  }
  if (state.type === 'Succeed' || state.type === 'Fail') return [];
  const next = state.next === undefined ? [] : [['Next', state.next] as const];
  return state.type === 'Task'
    ? [...next, ...state.catch.map((each) => ['Catch', each.next] as const)]
    : next;
}
