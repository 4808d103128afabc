/** Where things are in the API. Ids are put into paths as one segment, whatever they hold. */
const one = encodeURIComponent;

export const PATHS = {
  me: '/api/me',
  status: '/api/verification/status',
  contracts: '/api/verification/contracts',
  contract: (id: string) => `/api/verification/contracts/${one(id)}`,
  rollback: (id: string) => `/api/verification/contracts/${one(id)}/rollback`,
  missions: '/api/verification/missions',
  mission: (id: string) => `/api/verification/missions/${one(id)}`,
  approvals: '/api/governance/approvals',
  approval: (id: string) => `/api/governance/approvals/${one(id)}`,
  decide: (id: string, verb: string) => `/api/governance/approvals/${one(id)}/${verb}`,
  stream: '/api/approvals/stream',
  switch: '/api/governance/switch',
  quarantine: '/api/governance/quarantine',
  quarantined: (id: string) => `/api/governance/quarantine/${one(id)}`,
  release: (id: string) => `/api/governance/quarantine/${one(id)}/release`,
  parliament: '/api/governance/parliament',
  policies: '/api/governance/policies',
  entries: '/api/audit/entries',
  checkpoints: '/api/audit/checkpoints',
  stats: '/api/learning/stats',
  recommendations: '/api/learning/recommendations',
} as const;
