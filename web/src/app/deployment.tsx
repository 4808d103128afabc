import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { MeView, SwitchView } from '../../../shared/contracts/api/governance';
import type { StatusView } from '../../../shared/contracts/api/status';
import { PATHS } from '../api/paths';
import { clockIs } from './use-now';
import { type Resource, useResource } from './use-resource';

/** What every page knows of the deployment and of the reader. */
export interface Deployment {
  readonly me: Resource<MeView>;
  readonly status: Resource<StatusView>;
  readonly killSwitch: Resource<SwitchView>;
}

const DeploymentContext = createContext<Deployment | undefined>(undefined);

export function DeploymentProvider({ children }: { readonly children: ReactNode }) {
  const me = useResource<MeView>(PATHS.me);
  const status = useResource<StatusView>(PATHS.status);
  const killSwitch = useResource<SwitchView>(PATHS.switch);
  const now = status.data?.now;
  useEffect(() => {
    if (now !== undefined) clockIs(Date.parse(now));
  }, [now]);
  return <DeploymentContext value={{ me, status, killSwitch }}>{children}</DeploymentContext>;
}

export function useDeployment(): Deployment {
  const deployment = useContext(DeploymentContext);
  if (deployment === undefined) throw new Error('nobody is signed in here');
  return deployment;
}

export function useMe(): MeView | undefined {
  return useDeployment().me.data;
}

/** Whether the reader has one of the roles: what they have not is not offered; the API decides anyway. */
export function useRole(...roles: readonly MeView['roles'][number][]): boolean {
  const me = useMe();
  return me?.roles.some((role) => roles.includes(role)) ?? false;
}
