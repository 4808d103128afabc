import * as z from 'zod/mini';
import {
  ActivityQuery,
  ActivityView,
  CheckpointView,
  EntriesQuery,
  EntriesView,
  FindingClosed,
  FindingView,
  ProofView,
} from './audit';
import { ReasonRequest } from './governance';
import { AUDITORS, list, one, type Route, whole } from './route';
import { Count, Id, PageQuery } from './values';

/** The audit log, its proofs, and what its check found. */
export const AUDIT_ROUTES = {
  listEntries: {
    ...list,
    roles: AUDITORS,
    path: '/api/audit/entries',
    tag: 'audit',
    summary: 'Entries of the audit log with their bytes, in order',
    query: EntriesQuery,
    data: EntriesView,
  },
  getProof: {
    ...one,
    roles: AUDITORS,
    path: '/api/audit/proofs/{seq}',
    tag: 'audit',
    summary: 'That an entry is in the log; 404 while no checkpoint covers it',
    params: z.strictObject({ seq: Count }),
    data: ProofView,
  },
  listCheckpoints: {
    ...whole,
    roles: AUDITORS,
    path: '/api/audit/checkpoints',
    tag: 'audit',
    summary: 'Signed checkpoints, newest first',
    query: z.strictObject({ limit: PageQuery.limit }),
    data: z.array(CheckpointView),
  },
  listFindings: {
    ...whole,
    roles: AUDITORS,
    path: '/api/audit/findings',
    tag: 'audit',
    summary: 'What the check of the log has found, newest first',
    query: z.strictObject({ limit: PageQuery.limit }),
    data: z.array(FindingView),
  },
  closeFinding: {
    path: '/api/audit/findings/{id}/close',
    method: 'POST',
    tag: 'audit',
    summary: 'Say what came of it; both stay in the log',
    roles: AUDITORS,
    machines: false,
    params: z.strictObject({ id: Id }),
    body: ReasonRequest,
    data: FindingClosed,
    status: 200,
    problems: ['INVALID_PARAMETER', 'NOT_FOUND'],
  },
  getActivity: {
    ...whole,
    roles: AUDITORS,
    path: '/api/audit/activity',
    tag: 'audit',
    summary: 'What each part of Grace did in the last hours, and what of it failed, oldest first',
    query: ActivityQuery,
    data: z.array(ActivityView),
  },
} as const satisfies Readonly<Record<string, Route>>;
