import type { Role } from '../../shared/domain/person';

/** Somebody whom anybody may be, on this machine: by the development issuer, or in an emulator's user pool. */
export interface DevPerson {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** People to try the console and the API as. */
export const DEV_PEOPLE: readonly DevPerson[] = [
  { name: 'anna', roles: ['approver', 'operator'] },
  { name: 'ben', roles: ['approver'] },
  { name: 'carla', roles: ['approver', 'administrator'] },
  { name: 'emma', roles: ['emergency'] },
  { name: 'olga', roles: ['operator'] },
  { name: 'paul', roles: ['auditor'] },
  { name: 'vera', roles: ['viewer'] },
];
