import type { Condition, Path, Scalar } from '../ports/table';

/** Short forms for conditions, so that a protocol's condition reads like its sentence. */
const path = (name: string): Path => name.split('.') as unknown as Path;

export const exists = (name: string): Condition => ({ op: 'exists', path: path(name) });
export const absent = (name: string): Condition => ({ op: 'absent', path: path(name) });
export const equals = (name: string, value: Scalar): Condition => ({ op: '=', path: path(name), value });
export const before = (name: string, value: number): Condition => ({ op: '<', path: path(name), value });
export const atMost = (name: string, value: number): Condition => ({ op: '<=', path: path(name), value });
export const after = (name: string, value: number): Condition => ({ op: '>', path: path(name), value });
export const isOneOf = (name: string, values: readonly Scalar[]): Condition => ({
  op: 'in',
  path: path(name),
  values,
});
export const contains = (name: string, value: string): Condition => ({
  op: 'contains',
  path: path(name),
  value,
});
export const smaller = (name: string, value: number): Condition => ({ op: 'size<', path: path(name), value });
export const all = (...of: Condition[]): Condition => ({ op: 'and', of });
export const any = (...of: Condition[]): Condition => ({ op: 'or', of });
export const not = (of: Condition): Condition => ({ op: 'not', of });
