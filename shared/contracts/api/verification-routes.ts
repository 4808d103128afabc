import * as z from 'zod/mini';
import {
  BenchmarkRow,
  ContractDetail,
  ContractRow,
  ContractsQuery,
  RestoreAnswer,
  SnapshotDetail,
  SnapshotRow,
  TargetsReleased,
} from './contracts';
import { ReasonRequest } from './governance';
import { MissionDetail, MissionView } from './missions';
import { list, OneContract, OPERATORS, one, Page, type Route, whole } from './route';
import { HealthView, StatusView } from './status';
import { ContractId, Count, MissionId } from './values';

const OneSnapshot = z.strictObject({ contractId: ContractId, n: Count });

/** Contracts and what belongs to them, missions, and how Grace is. */
export const VERIFICATION_ROUTES = {
  listContracts: {
    ...list,
    path: '/api/verification/contracts',
    tag: 'verification',
    summary: 'Contracts, newest first',
    query: ContractsQuery,
    data: z.array(ContractRow),
  },
  getContract: {
    ...one,
    path: '/api/verification/contracts/{contractId}',
    tag: 'verification',
    summary:
      'One contract: plan and what it changes, evidence, approval, steps, expected against actual, timeline',
    params: OneContract,
    data: ContractDetail,
    etag: true,
  },
  rollbackContract: {
    path: '/api/verification/contracts/{contractId}/rollback',
    method: 'POST',
    tag: 'verification',
    summary:
      'Ask for the targets back as they were before a contract; an action like any other, with its own approval',
    roles: OPERATORS,
    machines: false,
    params: OneContract,
    body: ReasonRequest,
    data: RestoreAnswer,
    status: 202,
    ifMatch: true,
    problems: ['INVALID_PARAMETER', 'NOT_FOUND', 'REV_CHANGED', 'NOTHING_TO_RESTORE'],
  },
  releaseTargets: {
    path: '/api/verification/contracts/{contractId}/release',
    method: 'POST',
    tag: 'verification',
    summary: 'Let go of the targets that were frozen because the contract needed a person',
    roles: OPERATORS,
    machines: false,
    params: OneContract,
    body: ReasonRequest,
    data: TargetsReleased,
    status: 200,
    problems: ['INVALID_PARAMETER', 'NOT_FOUND', 'NOT_FROZEN', 'DECISION_REFUSED', 'REAUTHENTICATE'],
  },
  listSnapshots: {
    ...list,
    path: '/api/verification/snapshots',
    tag: 'verification',
    summary: 'Safe-hold snapshots, of the newest contracts first',
    query: Page,
    data: z.array(SnapshotRow),
  },
  getSnapshot: {
    ...one,
    path: '/api/verification/snapshots/{contractId}/{n}',
    tag: 'verification',
    summary: 'One snapshot with what it holds',
    params: OneSnapshot,
    data: SnapshotDetail,
    problems: ['INVALID_PARAMETER', 'NOT_FOUND', 'SNAPSHOT_UNREADABLE'],
  },
  restoreSnapshot: {
    path: '/api/verification/snapshots/{contractId}/{n}/restore',
    method: 'POST',
    tag: 'verification',
    summary: 'Ask for the state in a snapshot; an action like any other, with its own approval',
    roles: OPERATORS,
    machines: false,
    params: OneSnapshot,
    body: ReasonRequest,
    data: RestoreAnswer,
    status: 202,
    problems: ['INVALID_PARAMETER', 'NOT_FOUND', 'SNAPSHOT_UNREADABLE', 'NOTHING_TO_RESTORE'],
  },
  listBenchmarks: {
    ...list,
    path: '/api/verification/benchmarks',
    tag: 'verification',
    summary: 'Benchmark runs, of the newest contracts first',
    query: Page,
    data: z.array(BenchmarkRow),
  },
  listMissions: {
    ...list,
    path: '/api/verification/missions',
    tag: 'verification',
    summary: 'Missions, by their newest contract',
    query: Page,
    data: z.array(MissionView),
  },
  getMission: {
    ...one,
    path: '/api/verification/missions/{missionId}',
    tag: 'verification',
    summary: 'One mission with its timeline',
    params: z.strictObject({ missionId: MissionId }),
    data: MissionDetail,
  },
  getStatus: {
    ...whole,
    path: '/api/verification/status',
    tag: 'verification',
    summary: 'How the deployment stands',
    data: StatusView,
  },
  getHealth: {
    ...whole,
    path: '/api/verification/health',
    tag: 'verification',
    summary: 'Which parts answer; a part that does not is named, never a crash',
    data: HealthView,
  },
} as const satisfies Readonly<Record<string, Route>>;
