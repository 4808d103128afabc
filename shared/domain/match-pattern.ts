import type { AlarmEvidence, CapturedError, ErrorDetected } from '../contracts/error-detected';
import type { Playbook } from '../contracts/playbook';
import { compileGlob, type Glob } from './pattern';

type Pattern = Playbook['match'][number];
type AlarmFields = Extract<Pattern, { alarm: unknown }>['alarm'];
type ErrorFields = Extract<Pattern, { error: unknown }>['error'];

export interface Match {
  /** One sentence a field; made only when asked for, since most matches are not chosen. */
  evidence(): readonly string[];
}

/** One pattern of one playbook, ready to be asked. */
export interface CompiledPattern {
  /** Fields in the order of the schema, dimensions and attributes by name. */
  readonly text: string;
  readonly fields: number;
  /** Characters of all its fields that are no wildcards. */
  readonly literalLength: number;
  /** An event can match only if it has this key (`diagnosis.ts` lists the keys of an event). */
  readonly indexKey: string;
  match(event: ErrorDetected): Match | undefined;
}

interface Field {
  readonly name: string;
  readonly glob: Glob;
}

export function compilePattern(pattern: Pattern): CompiledPattern {
  return 'alarm' in pattern ? compileAlarm(pattern.alarm) : compileError(pattern.error);
}

function compileAlarm(source: AlarmFields): CompiledPattern {
  const onAlarm = fieldsOf({ name: source.name, kind: source.kind, band: source.band });
  // The namespace is compared as it is; `compileGlob` would read wildcards into it.
  const namespace = source.namespace;
  const onMetric = fieldsOf({ metric: source.metric });
  const dimensions = fieldsOf(source.dimensions ?? {}, 'dimensions.');
  const literal = (name: string) =>
    [...onAlarm, ...onMetric].find((field) => field.name === name && field.glob.literal);
  const metric = literal('metric')?.glob.text;
  const all: readonly Field[] = [
    ...onAlarm,
    ...(namespace === undefined ? [] : [{ name: 'namespace', glob: exactly(namespace) }]),
    ...onMetric,
    ...dimensions,
  ];
  const metricFields = all.filter((field) => !onAlarm.includes(field));
  return {
    ...specificity('alarm', all),
    indexKey: alarmIndexKey({ namespace, metric, alarm: literal('name')?.glob.text }),
    match({ alarm }) {
      if (alarm === undefined) return undefined;
      const ofAlarm = (name: string) => alarmField(alarm, name);
      if (!allMatch(onAlarm, ofAlarm)) return undefined;
      const found = () => evidenceOf(onAlarm, 'alarm.', ofAlarm);
      if (metricFields.length === 0) return { evidence: found };
      // All of them on one and the same metric: two halves of two metrics are no match.
      for (const [index, one] of alarm.metrics.entries()) {
        const ofMetric = (name: string) => metricField(one, name);
        if (!allMatch(metricFields, ofMetric)) continue;
        const where = `alarm.metrics[${index}].`;
        return { evidence: () => [...found(), ...evidenceOf(metricFields, where, ofMetric)] };
      }
      return undefined;
    },
  };
}

function compileError(source: ErrorFields): CompiledPattern {
  const fields = [
    ...fieldsOf({ service: source.service, name: source.name, message: source.message }),
    ...fieldsOf(source.attributes ?? {}, 'attributes.'),
  ];
  const literal = (name: string) =>
    fields.find((field) => field.name === name && field.glob.literal)?.glob.text;
  const [service, name] = [literal('service'), literal('name')];
  let indexKey = 'error';
  if (service !== undefined) indexKey = `service ${service}`;
  if (name !== undefined) indexKey = `error-name ${name}`;
  return {
    ...specificity('error', fields),
    indexKey,
    match({ error }) {
      if (error === undefined) return undefined;
      const ofError = (field: string) => errorField(error, field);
      return allMatch(fields, ofError)
        ? { evidence: () => evidenceOf(fields, 'error.', ofError) }
        : undefined;
    },
  };
}

function fieldsOf(source: Readonly<Record<string, string | undefined>>, prefix = ''): readonly Field[] {
  const names = prefix === '' ? Object.keys(source) : Object.keys(source).sort();
  return names.flatMap((name) => {
    const text = source[name];
    return text === undefined ? [] : [{ name: `${prefix}${name}`, glob: compileGlob(text) }];
  });
}

function exactly(text: string): Glob {
  return { text, literal: true, literalLength: text.length, matches: (value) => value === text };
}

function alarmIndexKey(literal: {
  readonly namespace: string | undefined;
  readonly metric: string | undefined;
  readonly alarm: string | undefined;
}): string {
  if (literal.namespace !== undefined && literal.metric !== undefined) {
    return `namespace ${literal.namespace} ${literal.metric}`;
  }
  if (literal.namespace !== undefined) return `namespace ${literal.namespace}`;
  if (literal.metric !== undefined) return `metric ${literal.metric}`;
  return literal.alarm === undefined ? 'alarm' : `alarm-name ${literal.alarm}`;
}

function specificity(kind: 'alarm' | 'error', fields: readonly Field[]) {
  return {
    text: `${kind}(${fields.map(({ name, glob }) => `${name}=${glob.text}`).join(', ')})`,
    fields: fields.length,
    literalLength: fields.reduce((sum, { glob }) => sum + glob.literalLength, 0),
  };
}

type LookUp = (name: string) => string | undefined;

function allMatch(fields: readonly Field[], lookUp: LookUp): boolean {
  for (const { name, glob } of fields) {
    const value = lookUp(name);
    if (value === undefined || !glob.matches(value)) return false;
  }
  return true;
}

function evidenceOf(fields: readonly Field[], where: string, lookUp: LookUp): readonly string[] {
  return fields.map(
    ({ name, glob }) => `${where}${name} is ${shorten(lookUp(name) ?? '')} (pattern ${glob.text})`,
  );
}

const MAX_QUOTED = 120;

function shorten(value: string): string {
  return JSON.stringify(value.length <= MAX_QUOTED ? value : `${value.slice(0, MAX_QUOTED)}…`);
}

function alarmField(alarm: AlarmEvidence, name: string): string | undefined {
  if (name === 'name') return alarm.name;
  return name === 'kind' ? alarm.kind : alarm.band;
}

function metricField(metric: AlarmEvidence['metrics'][number], name: string): string | undefined {
  if (name === 'namespace') return metric.namespace;
  if (name === 'metric') return metric.metric;
  return own(metric.dimensions, name.slice('dimensions.'.length));
}

function errorField(error: CapturedError, name: string): string | undefined {
  if (name === 'service') return error.service;
  if (name === 'name') return error.name;
  if (name === 'message') return error.message;
  return own(error.attributes, name.slice('attributes.'.length));
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
