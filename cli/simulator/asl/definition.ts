/** A loaded state machine: the subset of the Amazon States Language (states-language.net) that Grace uses. */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** A reference path: `$.a.b` into the data, or `$$.X.Y` into the context object. */
export type ReferencePath = {
  readonly text: string;
  readonly root: 'data' | 'context';
  readonly segments: readonly string[];
};

/** Where a result goes in the state's input. `null`: nowhere; no segments (`$`): it replaces the input. */
export type ResultPath = null | readonly string[];

/** A payload template: literals, and fields named `x.$` whose value is read at run time. */
export type Template =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'path'; readonly field: string; readonly path: ReferencePath }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Template])[] }
  | { readonly kind: 'array'; readonly items: readonly Template[] };

export type ChoiceRule =
  | { readonly kind: 'StringEquals'; readonly variable: ReferencePath; readonly value: string }
  | { readonly kind: 'BooleanEquals'; readonly variable: ReferencePath; readonly value: boolean }
  | { readonly kind: 'IsPresent'; readonly variable: ReferencePath; readonly value: boolean }
  | { readonly kind: 'And' | 'Or'; readonly rules: readonly ChoiceRule[] }
  | { readonly kind: 'Not'; readonly rule: ChoiceRule };

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'FULL' | 'NONE';
};

export type Catcher = {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly resultPath: ResultPath;
};

/** `next` undefined means `"End": true`. */
export type TaskState = {
  readonly type: 'Task';
  readonly waitForToken: boolean;
  readonly functionName: Template;
  readonly payload: Template;
  readonly resultSelector: Template | undefined;
  readonly resultPath: ResultPath;
  readonly timeoutSeconds: number | undefined;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  readonly next: string | undefined;
};

export type ChoiceState = {
  readonly type: 'Choice';
  readonly choices: readonly { readonly rule: ChoiceRule; readonly next: string }[];
  readonly default: string | undefined;
};

export type WaitState = {
  readonly type: 'Wait';
  readonly wait:
    | { readonly kind: 'Seconds'; readonly seconds: number }
    | { readonly kind: 'Timestamp'; readonly atMs: number }
    | { readonly kind: 'SecondsPath' | 'TimestampPath'; readonly path: ReferencePath };
  readonly next: string | undefined;
};

export type PassState = { readonly type: 'Pass'; readonly next: string | undefined };
export type SucceedState = { readonly type: 'Succeed' };
export type FailState = {
  readonly type: 'Fail';
  readonly error: string | undefined;
  readonly cause: string | undefined;
};

export type State = TaskState | ChoiceState | WaitState | PassState | SucceedState | FailState;

export type StateMachine = {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
};
