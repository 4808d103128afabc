import type { Person, Role } from '../domain/person';
import type { Directory } from '../ports/people';

/** Principals that settings name, by what they name them for. */
export interface NamedPeople {
  readonly approvers: readonly string[];
  readonly administrators: readonly string[];
  readonly emergency: readonly string[];
  readonly escalation: readonly string[];
  readonly delegates: readonly string[];
  readonly viewers?: readonly string[];
  readonly operators?: readonly string[];
  readonly auditors?: readonly string[];
}

/** The people whom the deployment's settings name. They change with a deployment only. */
export function settingsDirectory(named: NamedPeople): Directory {
  const people = new Map<string, Role[]>();
  const name = (subjects: readonly string[], roles: readonly Role[]): void => {
    for (const subject of subjects) people.set(subject, [...(people.get(subject) ?? []), ...roles]);
  };
  name(named.approvers, ['approver']);
  name(named.administrators, ['administrator']);
  name(named.emergency, ['emergency']);
  name(named.viewers ?? [], ['viewer']);
  name(named.operators ?? [], ['operator']);
  name(named.auditors ?? [], ['auditor']);
  // Known, and nothing by that alone: a request's escalation, or a delegation, gives them their part.
  name(named.escalation, []);
  name(named.delegates, []);
  const personOf = (subject: string): Person | undefined => {
    const roles = people.get(subject);
    return roles === undefined ? undefined : { subject, roles: [...new Set(roles)] };
  };
  return {
    withRole: async (role) =>
      [...people.keys()]
        .map(personOf)
        .filter((person): person is Person => person?.roles.includes(role) === true),
    person: async (subject) => personOf(subject),
  };
}

/** Several directories as one: a person is what any of them says. */
export function joinedDirectories(directories: readonly Directory[]): Directory {
  return {
    async withRole(role) {
      const found = await Promise.all(directories.map((directory) => directory.withRole(role)));
      const subjects = [...new Set(found.flat().map(({ subject }) => subject))];
      return subjects.map((subject) => ({ subject, roles: [role] }));
    },
    async person(subject) {
      const found = await Promise.all(directories.map((directory) => directory.person(subject)));
      const known = found.filter((person) => person !== undefined);
      if (known.length === 0) return undefined;
      return { subject, roles: [...new Set(known.flatMap(({ roles }) => roles))] };
    },
  };
}
