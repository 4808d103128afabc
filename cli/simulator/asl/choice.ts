/**
 * Data-test expressions of Choice states. Source: states-language.net, "Choice State"; that a value of another
 * type is simply not equal, and that `null` is present, is as LocalStack's tests recorded it on AWS.
 */
import type { ChoiceRule, JsonObject, JsonValue } from './definition';
import { terminal } from './failure';
import { asArray, asBoolean, asObject, asString, inside, type Place, readFields, refuse } from './fields';
import { lookUp, parseDataPath } from './paths';

const COMPARISONS = ['StringEquals', 'BooleanEquals', 'IsPresent'] as const;
const OPERATORS = [...COMPARISONS, 'And', 'Or', 'Not'] as const;

/** `Next` belongs to the rules at the top only, and is read by the caller. */
export function parseChoiceRule(object: JsonObject, place: Place, level: 'top' | 'nested'): ChoiceRule {
  const known = ['Variable', ...OPERATORS, ...(level === 'top' ? ['Next'] : [])];
  const fields = readFields(object, place, known);
  const given = OPERATORS.filter((operator) => fields.has(operator));
  const [operator] = given;
  if (operator === undefined || given.length > 1)
    return refuse(place, `needs exactly one of ${OPERATORS.join(', ')}`);

  const nested = (value: JsonValue | undefined, at: Place) =>
    parseChoiceRule(asObject(value, at), at, 'nested');
  const at = fields.at(operator);
  const value = fields.value(operator);
  if (operator === 'And' || operator === 'Or' || operator === 'Not') {
    if (fields.has('Variable')) refuse(fields.at('Variable'), `does not belong beside ${operator}`);
    if (operator === 'Not') return { kind: 'Not', rule: nested(value, at) };
    return {
      kind: operator,
      rules: asArray(value, at).map((rule, index) => nested(rule, inside(at, `[${index}]`))),
    };
  }
  const variable = parseDataPath(fields.value('Variable'), fields.at('Variable'));
  if (operator === 'StringEquals') return { kind: operator, variable, value: asString(value, at) };
  return { kind: operator, variable, value: asBoolean(value, at) };
}

/**
 * And and Or stop at the first rule that decides. Throws the terminal failure States.Runtime when the variable
 * of a comparison other than IsPresent does not exist.
 */
export function holds(rule: ChoiceRule, data: JsonValue): boolean {
  switch (rule.kind) {
    case 'And':
      return rule.rules.every((each) => holds(each, data));
    case 'Or':
      return rule.rules.some((each) => holds(each, data));
    case 'Not':
      return !holds(rule.rule, data);
    case 'IsPresent':
      return (lookUp(rule.variable, data, undefined) !== undefined) === rule.value;
    case 'StringEquals':
    case 'BooleanEquals': {
      const found = lookUp(rule.variable, data, undefined);
      if (found !== undefined) return found === rule.value;
      throw terminal(
        'States.Runtime',
        `Invalid path '${rule.variable.text}': The choice state's condition path references an invalid value.`,
      );
    }
  }
}
