import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  type CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ROLES, type Role, subjectOf } from '../../domain/person';
import type { Directory } from '../../ports/people';

/** Pages of 60 people that are read of one group: more approvers than a request for approval can name. */
const MOST_PAGES = 5;

/**
 * The people of a user pool: groups named like the roles. Whoever is disabled or gone is nobody, whatever their
 * token says. The pool's user names are the `sub` of its tokens, since people sign in by their e-mail address.
 */
export function cognitoDirectory({
  client,
  userPoolId,
  issuer,
}: {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly issuer: string;
}): Directory {
  const prefix = subjectOf(issuer, '');
  return {
    async person(subject) {
      if (!subject.startsWith(prefix)) return undefined;
      const user = { UserPoolId: userPoolId, Username: subject.slice(prefix.length) };
      try {
        const [known, groups] = await Promise.all([
          client.send(new AdminGetUserCommand(user)),
          client.send(new AdminListGroupsForUserCommand({ ...user, Limit: 60 })),
        ]);
        if (known.Enabled === false) return undefined;
        const names = (groups.Groups ?? []).map(({ GroupName }) => GroupName);
        return { subject, roles: ROLES.filter((role) => names.includes(role)) };
      } catch (error) {
        if (isNamed(error, 'UserNotFoundException')) return undefined;
        throw error;
      }
    },

    async withRole(role: Role) {
      const subjects: string[] = [];
      let next: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const group = { UserPoolId: userPoolId, GroupName: role, Limit: 60 };
        try {
          const answer = await client.send(
            new ListUsersInGroupCommand({ ...group, ...(next === undefined ? {} : { NextToken: next }) }),
          );
          for (const { Enabled, Attributes } of answer.Users ?? []) {
            const sub = Attributes?.find(({ Name }) => Name === 'sub')?.Value;
            if (Enabled !== false && sub !== undefined) subjects.push(subjectOf(issuer, sub));
          }
          next = answer.NextToken;
        } catch (error) {
          // A pool without the group has nobody in it.
          if (isNamed(error, 'ResourceNotFoundException')) return [];
          throw error;
        }
        if (next === undefined) break;
      }
      return subjects.map((subject) => ({ subject, roles: [role] }));
    },
  };
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
