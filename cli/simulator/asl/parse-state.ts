/** Reads one state of a definition; fields that the interpreter does not implement are refused by name. */

import { parseChoiceRule } from './choice';
import type { JsonObject, State, TaskState } from './definition';
import { asArray, asObject, asString, type Fields, inside, type Place, readFields, refuse } from './fields';
import { mentions, parseReferencePath, parseResultPath, parseTemplate } from './paths';
import { parseCatchers, parseRetriers } from './retry';
import { parseWait } from './wait';

const TOKEN_PATH = '$$.Task.Token';
const MAX_TIMEOUT_SECONDS = 99_999_999;
const COMMON = ['Type', 'QueryLanguage', 'InputPath', 'OutputPath'];

export function parseState(object: JsonObject, stateName: string): State {
  const place: Place = { stateName, field: '' };
  const type = asString(object.Type, inside(place, 'Type'));
  const read = (...own: string[]): Fields => {
    const fields = readFields(object, place, [...COMMON, ...own]);
    if (fields.has('QueryLanguage') && fields.value('QueryLanguage') !== 'JSONPath')
      refuse(fields.at('QueryLanguage'), 'only JSONPath is supported');
    for (const name of ['InputPath', 'OutputPath'])
      if (fields.has(name) && fields.value(name) !== '$') refuse(fields.at(name), 'only "$" is supported');
    return fields;
  };
  switch (type) {
    case 'Task':
      return parseTask(
        read(
          'Resource',
          'Parameters',
          'ResultSelector',
          'ResultPath',
          'TimeoutSeconds',
          'Retry',
          'Catch',
          'Next',
          'End',
        ),
      );
    case 'Choice':
      return parseChoice(read('Choices', 'Default'));
    case 'Wait': {
      const fields = read('Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath', 'Next', 'End');
      return { type, wait: parseWait(fields), next: parseNext(fields) };
    }
    case 'Pass':
      return { type, next: parseNext(read('Next', 'End')) };
    case 'Succeed':
      read();
      return { type };
    case 'Fail': {
      const fields = readFields(object, place, ['Type', 'QueryLanguage', 'Error', 'Cause']);
      return { type, error: fields.optionalString('Error'), cause: fields.optionalString('Cause') };
    }
    default:
      return refuse(inside(place, 'Type'), `'${type}' is not supported by the simulator`);
  }
}

/** Undefined for `"End": true`. */
function parseNext(fields: Fields): string | undefined {
  if (fields.has('Next') === fields.has('End')) return refuse(fields.place, 'needs exactly one of Next, End');
  if (fields.has('Next')) return fields.string('Next');
  return fields.value('End') === true ? undefined : refuse(fields.at('End'), 'must be true');
}

function parseChoice(fields: Fields): State {
  const at = fields.at('Choices');
  const choices = asArray(fields.value('Choices'), at).map((item, index) => {
    const place = inside(at, `[${index}]`);
    const object = asObject(item, place);
    return {
      rule: parseChoiceRule(object, place, 'top'),
      next: asString(object.Next, inside(place, 'Next')),
    };
  });
  return { type: 'Choice', choices, default: fields.optionalString('Default') };
}

function parseTask(fields: Fields): TaskState {
  const resource = /^arn:(?:aws|aws-cn|aws-us-gov):states:::lambda:invoke(\.waitForTaskToken)?$/.exec(
    fields.string('Resource'),
  );
  if (!resource)
    return refuse(
      fields.at('Resource'),
      'only lambda:invoke and lambda:invoke.waitForTaskToken are supported',
    );
  const waitForToken = resource[1] !== undefined;

  const at = fields.at('Parameters');
  const parameters = readFields(asObject(fields.value('Parameters'), at), at, [
    'FunctionName',
    'FunctionName.$',
    'Payload',
    'Payload.$',
  ]);
  const functionName = oneOf(parameters, 'FunctionName');
  if (functionName.kind === 'literal') asString(functionName.value, parameters.at('FunctionName'));
  else if (functionName.kind !== 'path') refuse(parameters.at('FunctionName'), 'must be a string');
  const payload = oneOf(parameters, 'Payload');

  const hasToken = mentions(payload, TOKEN_PATH);
  if (waitForToken && !hasToken) refuse(parameters.at('Payload'), `must hand over ${TOKEN_PATH}`);
  if (mentions(functionName, TOKEN_PATH) || (hasToken && !waitForToken))
    refuse(at, `${TOKEN_PATH} exists only in the Payload of a .waitForTaskToken task`);

  const selector = fields.value('ResultSelector');
  const resultSelector =
    selector === undefined
      ? undefined
      : parseTemplate(asObject(selector, fields.at('ResultSelector')), fields.at('ResultSelector'));
  if (resultSelector && mentions(resultSelector, TOKEN_PATH))
    refuse(fields.at('ResultSelector'), `${TOKEN_PATH} exists only in the Payload`);

  return {
    type: 'Task',
    waitForToken,
    functionName,
    payload,
    resultSelector,
    resultPath: parseResultPath(fields.value('ResultPath'), fields.at('ResultPath')),
    timeoutSeconds: fields.optionalNumber('TimeoutSeconds', {
      from: 1,
      to: MAX_TIMEOUT_SECONDS,
      whole: true,
    }),
    retry: parseRetriers(fields.value('Retry'), fields.at('Retry')),
    catch: parseCatchers(fields.value('Catch'), fields.at('Catch')),
    next: parseNext(fields),
  };
}

/** `Name` as a template, or `Name.$` as a path; exactly one. */
function oneOf(fields: Fields, name: string) {
  const dynamic = `${name}.$`;
  if (fields.has(name) === fields.has(dynamic))
    return refuse(fields.place, `needs exactly one of ${name}, ${dynamic}`);
  const value = fields.value(name);
  if (value !== undefined) return parseTemplate(value, fields.at(name));
  return {
    kind: 'path',
    field: dynamic,
    path: parseReferencePath(fields.value(dynamic), fields.at(dynamic)),
  } as const;
}
