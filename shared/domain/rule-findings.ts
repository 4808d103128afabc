/** What is wrong with a playbook beyond the shape of its fields. `path` leads to the field. */
export interface RuleProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

export interface RuleFindings {
  /** Any of these: the playbook is not loaded. */
  readonly problems: readonly RuleProblem[];
  /** It may be meant so. */
  readonly warnings: readonly RuleProblem[];
}
